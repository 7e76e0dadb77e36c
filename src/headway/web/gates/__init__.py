"""Gates: which claims warn, ask for a reason or block; what that costs."""
