"""Engines behind an OpenAI-compatible HTTP endpoint: somebody's service, or a server in one's own rack."""
