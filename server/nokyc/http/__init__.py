"""HTTP plumbing: what holds for every endpoint, said once. Knows no resource."""
