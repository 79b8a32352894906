"""Servers that misbehave on purpose, and the real one behind a gateway that does."""
