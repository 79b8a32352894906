"""What load balancers of the clouds and of bare metal can be told, as data: one file for each provider."""
