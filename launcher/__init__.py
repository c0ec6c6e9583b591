"""What stands behind the Makefile: installs, starts, watches and ends the parts. Standard library only."""
