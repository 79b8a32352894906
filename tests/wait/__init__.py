"""`--wait`: until a Service is reached, on a real API server."""
