"""Where customers write. An adapter translates, decides nothing, and calls the switchboard's verbs."""
