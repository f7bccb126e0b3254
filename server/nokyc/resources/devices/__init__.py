"""Softphones and SIP phones of a number."""
