"""First page, diagnosis, rewind."""
