"""Speed, side by side with peers in the same run: `make bench`, or `.venv/bin/python -m benchmarks.run --help`."""
