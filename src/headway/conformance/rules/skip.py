"""Skip: a stage that the deal went beyond without ever entering it, and without its milestones being proven."""

from headway.conformance.finding import Rule

RULE = Rule(
    name="skip",
    title="Stage never entered",
    meaning="The deal went past a stage it never entered, and nothing shows that the buyer did what the stage needs.",
    what=lambda f: f"Went past {f.stage} to {f.other} without ever entering it.",
    mend=lambda f: (
        f"Record what the buyer did that makes {f.stage} real, or ask for it now."
        if not f.ask
        else f"Ask the buyer: “{f.ask}”"
    ),
    needs="claims",
)
