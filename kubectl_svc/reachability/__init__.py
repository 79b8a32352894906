"""Whether a Service is reached, where, and if not, why not: pure, from what a server shows of it and around it."""
