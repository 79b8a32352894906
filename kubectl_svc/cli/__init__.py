"""The program's edge: argv, streams and exit codes."""
