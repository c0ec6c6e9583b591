"""What may happen: plain functions over frozen values, with no database, loop or clock of their own."""
