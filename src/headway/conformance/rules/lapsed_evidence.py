"""Lapsed evidence: on an open deal, the proof of a milestone is older than its shelf life."""

from headway.conformance.finding import Rule, days_text

RULE = Rule(
    name="lapsed_evidence",
    title="Evidence lapsed",
    meaning="What the buyer once did is older than the process lets it count; it may no longer hold.",
    what=lambda f: f"The proof of “{f.other}” is {days_text(f.measure)} old and has lapsed.",
    mend=lambda f: f"Have the buyer confirm it again{f': “{f.ask}”' if f.ask else '.'}",
    needs="evidence",
    other_is="milestone",
)
