"""The monthly review of the process itself."""
