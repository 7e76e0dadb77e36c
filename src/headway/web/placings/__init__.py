"""Clear expectations, tested: people place the same blinded deals by their evidence alone."""
