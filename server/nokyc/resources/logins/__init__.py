"""Who signs in to the panel, and with what."""
