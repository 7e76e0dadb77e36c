"""Regression: a move back to an earlier stage. Information, never a fault."""

from headway.conformance.finding import Rule

RULE = Rule(
    name="regression",
    title="Moved back",
    meaning="The deal went back to an earlier stage. Moving back is honest: it says the earlier claim came too soon.",
    what=lambda f: f"Moved back from {f.other} to {f.stage}.",
    mend=lambda f: f"Nothing to mend on the deal; if many go back from {f.other}, ask what is claimed there too early.",
    needs="claims",
)
