"""How well the rhythm is kept, before and after, and the ninety-day install."""
