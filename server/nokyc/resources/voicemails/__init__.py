"""Messages that callers leave, and the greetings that they hear before."""
