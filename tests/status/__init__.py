"""`kubectl svc status`: what it says of Services that were built on a real API server."""
