"""Pushed close date: the expected close date was moved to a later day. Count and days, per deal."""

from headway.conformance.finding import Rule, days_text, times_text

RULE = Rule(
    name="pushed_close_date",
    title="Close date pushed",
    meaning="The expected close date was moved later: the date is the seller's, not one the buyer has agreed to.",
    what=lambda f: f"Close date pushed {times_text(f.count)}, by {days_text(f.measure)} in all.",
    mend=lambda _: "Ask the buyer which date they work towards and who there holds it; set the close date to that.",
    needs="close dates",
)
