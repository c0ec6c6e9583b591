"""The Slack desk: translates between Slack and the switchboard's verbs, and decides nothing."""
