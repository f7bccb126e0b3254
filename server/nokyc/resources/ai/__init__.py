"""What numbers' AI is set to do, and what it makes of calls."""
