"""Jump: one transition over two or more stages that are not proven. Its skipped stages are not counted again."""

from headway.conformance.finding import Rule

RULE = Rule(
    name="jump",
    title="Jumped over stages",
    meaning="In one move the deal passed over two or more stages, and nothing shows that the buyer did what they need.",
    what=lambda f: f"Moved from {f.stage} to {f.other} in one step, over {f.count} stages.",
    mend=lambda f: (
        f"Check with the buyer what of the stages between {f.stage} and {f.other} is really done, and record it."
    ),
    needs="claims",
)
