"""The process editor."""
