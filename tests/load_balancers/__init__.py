"""Load balancers of every cloud, as data."""
