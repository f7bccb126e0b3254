"""Carriers and routes as the operator configures them."""
