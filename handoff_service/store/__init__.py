"""The record: tables, migrations and the one way in, `Store.run`."""
