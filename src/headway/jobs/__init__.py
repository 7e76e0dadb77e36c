"""Work in the background: imports, analysis, nightly; rows with leases, worked off by one process."""
