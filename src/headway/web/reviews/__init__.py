"""A review from agenda to minutes."""
