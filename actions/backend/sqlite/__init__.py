"""The embedded implementation: the demo operator in one SQLite file."""
