"""Addresses of recordings and voicemails, which prove themselves."""
