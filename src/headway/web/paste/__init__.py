"""Paste your own stages, no account needed."""
