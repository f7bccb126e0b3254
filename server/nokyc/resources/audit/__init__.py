"""What people did in the panel."""
