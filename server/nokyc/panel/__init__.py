"""The web panel: a customer of the same queries as /v1. Today it shows; what it lets people do comes next."""
