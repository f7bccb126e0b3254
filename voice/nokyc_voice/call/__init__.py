"""Calls: what joins signalling and audio, and follows the platform's plans."""
