"""The documentation: guides, reference and catalogues, made from the repository's own files, served or written out."""
