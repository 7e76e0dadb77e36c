"""What `tools/mutants.py` is made of: mutants of Python (by mutmut) and of SQL (our own), run and reported alike."""
