"""Reads. `get_` raises, `find_` returns None, `list_` is ordered and bounded."""
