"""What the user sees: Services in kubectl's formats, messages, the standard streams."""
