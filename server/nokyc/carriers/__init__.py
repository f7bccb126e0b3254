"""Carriers: one small port, and one adapter per foreign protocol. Nothing here knows customers or storage."""
