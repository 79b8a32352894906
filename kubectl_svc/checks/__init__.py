"""What may be wrong with a Service: one table of checks, and when each of them is told."""
