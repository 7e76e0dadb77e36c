"""Unproven claim: an open deal claims a stage that the buyer's acts do not show. Only where the buyer is observed."""

from headway.conformance.finding import Rule

RULE = Rule(
    name="unproven_claim",
    title="Claimed, not evidenced",
    meaning="The CRM claims a stage, but the buyer has not verifiably done what it and the stages before it take.",
    what=lambda f: f"Claims {f.stage}; the buyer's acts show {f.other or 'no stage yet'}.",
    mend=lambda f: (
        f"Ask the buyer: “{f.ask}” Then record what they did, or move the claim back."
        if f.ask
        else "Record what the buyer did that shows it, or move the claim back."
    ),
    needs="evidence",
)
