"""My deals, the seller's first page, and the ten-minute pass."""
