"""Events: facts that happened, frozen, and told to whoever subscribed."""
