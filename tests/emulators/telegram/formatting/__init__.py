"""Text with entities, as the Bot API reads and counts it."""
