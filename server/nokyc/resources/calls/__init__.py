"""Voice calls: placing, receiving, what becomes of them, and what they cost."""
