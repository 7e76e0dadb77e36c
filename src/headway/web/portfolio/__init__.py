"""All companies of who leads several, on one page."""
