"""Promises: one's own first, how they ended, and how often they are kept."""
