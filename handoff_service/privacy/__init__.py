"""What is kept of people, for how long, who looked at it, and how it is handed out or erased."""
