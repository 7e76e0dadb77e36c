"""Where an hour would change most: what orders a seller's deals. It is a way to sort, not a chance of winning.

Score = size x uncertainty x what can be done x life. A deal of typical size scores at most 1; a decided one 0.
Method page: docs/methods/attention.md.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date

from headway.basics.figures import counted
from headway.basics.periods import AsOf
from headway.evidence.kinds import Standing, State
from headway.evidence.standing import DealStanding

# How much each doubt weighs by itself, 0 to 1; doubts add up as chances do: 1 - (1 - a)(1 - b) ...
GAP, UNOBSERVED, MIDDLE, NEAR_LIMIT, OVERDUE = 0.6, 0.5, 0.3, 0.4, 0.5
THIN_PROOF = {State.DISPUTED: 0.35, State.LAPSED: 0.25, State.WEAK: 0.25}
# How much each thing that can be done weighs by itself.
ALWAYS, ASKABLE, CALL_IN, BEFORE_CLOSE = 0.1, 0.3, 0.4, 0.5
SMALLEST = 0.2  # of the weight of a typical deal: a deal without money still counts
WAITING = 0.1  # what is left while an agreed act is not yet due: until then there is little to do
ALIVE_UNTIL = 1.5  # silence in limits until which a deal is as alive as any
HALF_LIFE = 0.75  # in limits, after that
NEAR_DAYS, FAR_DAYS = 14, 60  # a close date presses fully within the first, not at all beyond the second
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Attention:
    """`score` from 0 upwards, for sorting only; `reasons` in short words, the weightiest first, at most three."""

    score: float
    reasons: tuple[str, ...]


def attention(
    standing: DealStanding,
    amount: float | None,
    *,
    stages: int,
    typical_amount: float | None,
    close_on: date | None,
    as_of: AsOf,
    silence_limit_days: float,
    agreed_due_on: date | None = None,
) -> Attention:
    """Score and reasons of one deal.

    `stages`: of its process. `typical_amount`: the median of the open deals it is sorted among; an unknown amount
    counts as typical. `agreed_due_on`: of the act the buyer agreed to, where it is still awaited. A limit of 0 days or
    less raises ValueError.
    """
    if silence_limit_days <= 0:
        raise ValueError("the silence limit must be above 0 days")
    if standing.standing is Standing.DECIDED:
        return Attention(0.0, ())
    today = as_of.at.date()
    waiting = standing.standing is Standing.WAITING
    late_days = (today - agreed_due_on).days if agreed_due_on and not waiting else 0
    lacking = [p for p in standing.proofs if not p.holds]
    close_days = (close_on - today).days if close_on else None
    doubt = _doubt(standing, stages, silence_limit_days, late_days)
    doable = _either(
        ALWAYS,
        ASKABLE if any(p.milestone.ask.strip() for p in lacking) else 0.0,
        CALL_IN if late_days > 0 else 0.0,
        BEFORE_CLOSE * _nearness(close_days) if lacking else 0.0,
    )
    life = _life(standing, silence_limit_days, late_days) * (WAITING if waiting else 1.0)
    score = size_of(amount, typical_amount) * doubt * doable * life
    return Attention(score, _reasons(standing, silence_limit_days, late_days, close_days, len(lacking)))


def size_of(amount: float | None, typical: float | None) -> float:
    """1 for a typical amount, growing with the logarithm: four times the money is a little over twice the weight."""
    if amount is None or typical is None or not math.isfinite(amount) or typical <= 0:
        return 1.0
    return SMALLEST + (1 - SMALLEST) * math.log2(1 + max(amount, 0.0) / typical)


def _doubt(standing: DealStanding, stages: int, limit: float, late_days: int) -> float:
    """0 (all is known) to 1. Highest where the claim is far ahead, the buyer about to fall silent, the proof thin."""
    needed = len(standing.proofs)
    share = sum(p.holds for p in standing.proofs) / needed if needed else 0.0
    gap = UNOBSERVED if standing.gap is None else GAP * min(1.0, 2 * max(standing.gap, 0) / max(stages, 1))
    silence = min(1.0, (standing.silence_days or 0.0) / limit)
    thin = [THIN_PROOF[p.state] for p in standing.proofs if p.state in THIN_PROOF and not p.reconfirm]
    late = OVERDUE if late_days > 0 else 0.0
    return _either(gap, MIDDLE * 4 * share * (1 - share), NEAR_LIMIT * silence**2, late, *thin)


def _life(standing: DealStanding, limit: float, late_days: int) -> float:
    """1 for a deal that moves, towards 0 as silence grows. An act that fell due sets the clock back to the limit."""
    silence = standing.silence_days if standing.silence_days is not None else standing.seller_silence_days
    if silence is None or standing.standing is Standing.WAITING:
        return 1.0
    limits = silence / limit
    if late_days > 0:
        limits = min(limits, 1 + late_days / limit)
    return float(0.5 ** (max(0.0, limits - ALIVE_UNTIL) / HALF_LIFE))


def _nearness(close_days: int | None) -> float:
    if close_days is None:
        return 0.0
    return min(1.0, max(0.0, (FAR_DAYS - close_days) / (FAR_DAYS - NEAR_DAYS)))


def _either(*chances: float) -> float:
    """The chance that at least one of independent things is so."""
    return 1 - math.prod(1 - chance for chance in chances)


def _reasons(
    standing: DealStanding, limit: float, late_days: int, close_days: int | None, lacking: int
) -> tuple[str, ...]:
    found = []
    if standing.standing is Standing.WAITING:
        found.append("waiting for what they agreed to do")
    if late_days > 0:
        found.append(f"agreed act {_days(late_days)} overdue")
    if close_days is not None and close_days <= FAR_DAYS and lacking:
        found.append(f"close date {_when(close_days)}, {counted(lacking, 'milestone')} open")
    if standing.standing is Standing.UNSEEN:
        found.append("no buyer act seen yet")
    elif standing.claimed_rank is None:
        found.append("no stage claimed")
    elif standing.gap is not None and standing.gap > 0:
        found.append(f"claimed {counted(standing.gap, 'stage')} ahead of the buyer")
    states = Counter(p.state for p in standing.proofs if not p.reconfirm)
    found += [f"{counted(states[state], 'proof')} {state.value}" for state in THIN_PROOF if states[state]]
    if standing.silence_days is not None and standing.silence_days > limit:
        found.append(f"silent {_days(int(standing.silence_days))}")
    return tuple(found[:MOST_REASONS])


def _when(days: int) -> str:
    return "today" if days == 0 else f"in {_days(days)}" if days > 0 else f"passed {_days(-days)} ago"


def _days(count: int) -> str:
    return counted(count, "day")
