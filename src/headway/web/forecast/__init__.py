"""The forecast: the number of a period after one's own call, its deals, why it moved, and how good it has been."""
