"""Workers: thin loops that load, call and record. Every decision is an action's."""
