"""The switchboard: every customer message passes here, and a person gets only what needs a person."""
