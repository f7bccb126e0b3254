"""Understanding by rules: under a millisecond, offline, and unable to invent anything."""
