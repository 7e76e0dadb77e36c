"""The closed set of rules. Adding one is adding its module and query here, a test file and a page."""

from headway.conformance.finding import Rule
from headway.conformance.rules import (
    activity_without_movement,
    jump,
    lapsed_evidence,
    late_entry,
    overstay,
    pushed_close_date,
    regression,
    skip,
    unproven_claim,
)

RULES: tuple[Rule, ...] = (
    unproven_claim.RULE,
    activity_without_movement.RULE,
    overstay.RULE,
    pushed_close_date.RULE,
    skip.RULE,
    jump.RULE,
    regression.RULE,
    lapsed_evidence.RULE,
    late_entry.RULE,
)
