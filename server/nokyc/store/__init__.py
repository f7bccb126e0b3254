"""PostgreSQL: the one place where state lives, and the only place that commits."""
