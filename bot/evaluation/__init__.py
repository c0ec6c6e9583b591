"""The exam: how well the assistant understands sentences that it has never seen."""
