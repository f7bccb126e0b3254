"""Speech as the operator sets it up: endpoints, and voices that were made for accounts."""
