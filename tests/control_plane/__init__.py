"""A real Kubernetes control plane for the tests, on loopback, without containers.

`build` makes the programs from their Go modules into a cache, `run` starts them, `cluster` is what a test gets to see.
For people: `python -m tests.control_plane run` (see `__main__`).
"""
