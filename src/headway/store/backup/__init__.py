"""Backups: every row of every workspace in one form that does not depend on the database it came from."""
