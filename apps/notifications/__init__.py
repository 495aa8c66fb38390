"""The notifications room."""
