"""API keys: what signs a request."""
