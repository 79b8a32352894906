"""TAB in real shells."""
