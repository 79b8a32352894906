"""Several objects in one command."""
