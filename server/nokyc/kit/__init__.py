"""Pure building blocks: no I/O, no clock of their own, no state."""
