"""A platform under load whose processes are killed and whose carrier misbehaves; then everything is counted."""
