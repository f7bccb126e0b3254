"""What we sell: one folder a noun, with the same file names in each."""
