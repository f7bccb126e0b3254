"""SMS: accepted, submitted, reported, received."""
