"""The deals: list, one deal, evidence, claims."""
