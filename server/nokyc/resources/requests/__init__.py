"""Answered requests, as developers look them up."""
