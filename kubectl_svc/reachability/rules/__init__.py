"""What can be wrong with a Service, one family of causes in each module; `diagnose` says in which order they count."""
