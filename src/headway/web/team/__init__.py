"""Team pages: how the process is followed, by stage, step, version and team; each figure opens its deals."""
