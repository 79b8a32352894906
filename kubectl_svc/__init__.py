"""kubectl svc: kubectl expose that finishes the job. Imports nothing, so that every start is cheap."""

__version__ = "0.1.0"
