"""Overstay: a stay beyond the stage's own limit, else beyond the 90th percentile of stays on deals that were won."""

from headway.conformance.finding import Rule, days_text

RULE = Rule(
    name="overstay",
    title="Stayed too long",
    meaning="The deal stayed in a stage longer than its limit, or longer than nine in ten stays on deals you won.",
    what=lambda f: f"{days_text(f.measure)} in {f.stage}; the limit is {days_text(f.count)}.",
    mend=lambda f: f"Agree the buyer's next act with a date, or close the deal as no decision.{_question(f.ask)}",
    needs="claims",
)


def _question(ask: str) -> str:
    return f" Ask: “{ask}”" if ask else ""
