"""What can be exposed: each kind read into one small value."""
