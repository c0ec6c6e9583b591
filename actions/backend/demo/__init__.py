"""The fictional operator: its plans, its customers and what happened to them in the last twelve months."""
