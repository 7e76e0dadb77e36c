"""Event logs to the event log (being written)."""
def read_events(*a): raise NotImplementedError
