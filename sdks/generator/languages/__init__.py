"""One module for each SDK; each has a LANGUAGE."""
