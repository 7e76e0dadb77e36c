"""The table of verdicts: read from the top, the first line that holds. Words and grounds as in `verdict.value.Verdict`.

Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from headway.verdict.value import Interval

MIN_EACH = 20
"""Deals that did it, and that left it out, below which nothing is said of the difference."""
MIN_OUTCOMES = 10
"""Deals won, and not won, below which nothing is said of the difference."""
NEARLY_ALL = 0.10
"""Left out in surely less than this share of deals: the step works."""
SURE_WORSE = 0.97
SURE_NO_WORSE = 0.98
SURE_BETTER = 0.99
LOOKED_AT = 1 / 3
"""Share of the deals that left it out that reviews must have looked at for the rhythm to have run."""
MANY_OWNERS = 1 / 3
"""Share of owners above which leaving it out is not the practice of a few."""
LEAVES_OUT = 0.25
"""Share of an owner's deals from which on that owner leaves it out."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the table reads. Chances are of the difference of shares, without minus with.

    `worse`, `better`: below and above zero under the sceptical prior; `worse_by`, `better_by`: its medians, for what
    is hidden from the evidence taken against each. `no_worse`: above minus the margin under the wide prior. They are
    None where counts are too few for a fit.
    """

    n: int
    left_out: Interval | None
    left_out_deals: int
    won: int
    dated_evidence: bool
    evidence_tells: bool
    at_buyers_request: bool
    reviews: bool
    inspected: Interval | None
    owners: int
    owners_leaving_out: int
    margin: float
    worse: float | None = None
    better: float | None = None
    worse_by: float | None = None
    better_by: float | None = None
    no_worse: float | None = None


def enough(n: int, left_out: int, won: int) -> bool:
    """Whether a difference may be judged at all."""
    return min(left_out, n - left_out) >= MIN_EACH and min(won, n - won) >= MIN_OUTCOMES


def decided(found: Findings) -> tuple[str, str]:
    """The verdict's word and its ground."""
    if found.at_buyers_request:
        return "", "at the buyer's request"
    if not found.dated_evidence:
        return "unknown", "no buyer evidence"
    if _surely(found, found.better, found.better_by, SURE_BETTER) and found.evidence_tells:
        return "helps", "better without"
    if found.left_out is not None and found.left_out.high < NEARLY_ALL:
        return "works", "kept by nearly all"
    if not enough(found.n, found.left_out_deals, found.won):
        return "unknown", "too few"
    if found.no_worse is not None and found.no_worse >= SURE_NO_WORSE:
        return ("process", "harmless") if found.evidence_tells else ("unknown", "evidence tells nothing")
    if _surely(found, found.worse, None if found.worse_by is None else -found.worse_by, SURE_WORSE):
        return at_fault(found.reviews, found.inspected, found.owners_leaving_out, found.owners)
    return "unknown", "too wide"


def _surely(found: Findings, chance: float | None, by: float | None, sure: float) -> bool:
    """Sure of its direction, and by half the margin or more in the middle; only where the counts suffice."""
    if chance is None or by is None or not enough(found.n, found.left_out_deals, found.won):
        return False
    return chance >= sure and by >= found.margin / 2


def at_fault(reviews: bool, inspected: Interval | None, leaving_out: int, owners: int) -> tuple[str, str]:
    """Where it is worse without: whose it is to mend, and on what ground."""
    if not reviews or inspected is None:
        return "costly", "no reviews"
    if inspected.value < LOOKED_AT:
        return "rhythm", "not inspected"
    if leaving_out <= MANY_OWNERS * owners:
        return "practice", "few leave it out"
    return "process", "many leave it out"
