"""The `anypeople` command."""
