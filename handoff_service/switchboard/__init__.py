"""Who has the conversation, and what may be said in it: rules without I/O, and use-cases of one transaction each."""
