"""The board: deals in columns by evidenced stage, the claim as a marker on the card."""
