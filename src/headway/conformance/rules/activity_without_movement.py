"""Activity without movement: the seller keeps working an open deal on which nothing has moved for longer than usual.

Nothing moved: no buyer act, and no change of stage. Neither the seller's activities nor edits count as movement.
"""

from headway.conformance.finding import Rule, days_text

RULE = Rule(
    name="activity_without_movement",
    title="Activity without movement",
    meaning="The seller is active while the buyer does nothing: effort goes in and the deal does not move.",
    what=lambda f: f"{f.count} activities in {days_text(f.measure)} without a buyer act or a change of stage.",
    mend=lambda f: (
        f"Stop chasing and ask for one act with a date: “{f.ask}”"
        if f.ask
        else "Stop chasing and ask the buyer for one act with a date; without it, close as no decision."
    ),
    needs="activities",
)
