"""Late entry: recorded long after it happened. Only where the source itself stamped the time of recording."""

from headway.conformance.finding import Rule, days_text, times_text

RULE = Rule(
    name="late_entry",
    title="Entered late",
    meaning="Things were recorded long after they happened, so nobody could have acted on them in time.",
    what=lambda f: f"Recorded late {times_text(f.count)}, at worst {days_text(f.measure)} after it happened.",
    mend=lambda _: "Record what the buyer does on the day; if that is hard, ask for an easier way to record it.",
    needs="history",
)
