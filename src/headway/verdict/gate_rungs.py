"""Which rung of the ladder observe, warn, ask, block a gate's past supports.

Each rung rests on the one below it. Why these bounds: docs/how-to/backtest.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from headway.basics.figures import points_text
from headway.verdict.decide import MIN_EACH, MIN_OUTCOMES
from headway.verdict.gate import RUNGS, Difference, Gate, Rung, Side
from headway.verdict.value import Interval

LEVEL = 0.90
MOST_WON = 0.05
"""A gate may block only where surely at most one in twenty of the deals it stops would have been won."""
LEAST_OBSERVED = 0.30
"""Share of the deals whose buyer must have been seen to act by then, before a gate is judged at all."""
POWER = 0.80


@dataclass(frozen=True, slots=True)
class Ladder:
    """The highest rung the data support, whether more data could change that, and the rungs one by one."""

    rung: str
    known: bool
    rungs: tuple[Rung, ...]
    deals_needed: int | None


def ladder(gate: Gate, found: Difference, stopped: Side, *, observed: float, margin: float) -> Ladder:
    """Read from below: each rung needs those under it. `observed`: share of deals whose buyer was seen by then."""
    blind = found.followed > 0 and observed < LEAST_OBSERVED
    checks = [
        (True, "it changes nothing and only counts"),
        (False, _blind(gate, observed)) if blind else _warn(found, margin),
        _ask(found, margin),
        _block(stopped),
    ]
    rungs, holds = [], True
    for name, (supported, why) in zip(RUNGS, checks, strict=True):
        holds = holds and supported
        rungs.append(Rung(name, holds, why))
    rung = max((one for one in rungs if one.supported), key=lambda one: RUNGS.index(one.name)).name
    effect = found.adjusted
    too_few = effect is None
    # Surely not worse by the margin is an answer too: then observing is all that it is good for.
    harmless = effect is not None and effect.low > -margin
    known = rung != "observe" or (not too_few and harmless and not blind)
    return Ladder(rung, known, tuple(rungs), None if known or blind else _needed(found, margin))


def _blind(gate: Gate, observed: float) -> str:
    least, share = _percent(LEAST_OBSERVED), _percent(observed)
    seen = f"by its moment the buyer had been seen to act on {share} of deals, and {least} are needed"
    if gate.about_buyer:
        return f"it would stop deals for want of records, not of buyers: {seen}"
    return f"a gate on what sellers do cannot be judged without dated buyer evidence: {seen}"


def _warn(found: Difference, margin: float) -> tuple[bool, str]:
    if found.adjusted is None or found.sceptical is None:
        return False, _too_few(found)
    if found.adjusted.high < 0 and found.sceptical.high < 0:
        return True, f"deals it stops are surely won less often: {_points(found.adjusted)}"
    if found.adjusted.low > 0:
        return False, f"deals it stops are won more often: {_points(found.adjusted)}"
    if found.adjusted.low > -margin:
        return False, f"deals it stops are not won less often by {_round(margin)} points: {_points(found.adjusted)}"
    return False, f"whether deals it stops are won less often cannot be told: {_points(found.adjusted)}"


def _ask(found: Difference, margin: float) -> tuple[bool, str]:
    least = f"{_round(margin)} points"
    if found.adjusted is None or found.adjusted.high >= 0:
        return False, f"takes all that warning takes, and surely at least {least} less"
    if found.adjusted.high <= -margin:
        return True, f"and by at least {least}, the margin, even at the near end"
    near = points_text(found.adjusted.high)
    return False, f"the near end of that, {near} points, is not beyond the margin of {least}"


def _block(stopped: Side) -> tuple[bool, str]:
    decided = stopped.won + stopped.not_won
    if stopped.share is None:
        return False, "no deal that it would have stopped was decided"
    won = f"{stopped.won:,} of {decided:,} decided deals it stops were won"
    if stopped.share.high < MOST_WON:
        return True, f"and hardly any is won: {won}, surely under {_percent(MOST_WON)}"
    return (
        False,
        f"{won}: that may be up to {_percent(stopped.share.high)}, and a block takes surely under {_percent(MOST_WON)}",
    )


def _too_few(found: Difference) -> str:
    if found.followed >= MIN_EACH and found.stopped in (0, found.followed):
        every = "stops" if found.stopped else "lets through"
        return f"it {every} every deal that could be followed, so there is none to compare them with"
    through, won = found.followed - found.stopped, found.won_stopped + found.won_through
    return (
        f"too few deals could be followed: {found.stopped:,} stopped, {through:,} let through, {won:,} of all won; "
        f"{MIN_EACH} on each side, {MIN_OUTCOMES} won and {MIN_OUTCOMES} not won are needed"
    )


def _needed(found: Difference, margin: float) -> int | None:
    """How many more followed deals until a true difference of the margin is told with 80 % power.

    Where as many have been followed already, the difference seen takes the margin's place. None where it points the
    other way, or where all are on one side: then no number of deals is likely to support a rung.
    """
    if found.followed >= MIN_EACH and found.stopped in (0, found.followed):
        return None
    n, won = found.followed, found.won_stopped + found.won_through
    share_stopped, share_won = (found.stopped + 2) / (n + 4), (won + 2) / (n + 4)
    per_deal = math.sqrt(share_won * (1 - share_won) / (share_stopped * (1 - share_stopped)))
    if found.adjusted is not None:
        width = found.adjusted.high - found.adjusted.low
        per_deal = width / (2 * float(ndtri(0.5 + LEVEL / 2))) * math.sqrt(n)
    reach = float(ndtri(0.5 + LEVEL / 2) + ndtri(POWER))
    fewest = max(MIN_EACH / min(share_stopped, 1 - share_stopped), MIN_OUTCOMES / min(share_won, 1 - share_won))
    wanted = max((reach * per_deal / margin) ** 2, fewest)
    if wanted <= n:
        if found.adjusted is None or found.adjusted.value >= 0:
            return None
        wanted = (reach * per_deal / max(-found.adjusted.value, margin / 4)) ** 2
    more = math.ceil(wanted) - n
    # Two figures are as many as such a forecast is worth.
    return None if more <= 0 else more if more < 100 else math.ceil(more / 10) * 10


def _points(effect: Interval) -> str:
    value, low, high = (points_text(share) for share in (effect.value, effect.low, effect.high))
    return f"{value} points ({low} to {high}, n\u00a0{effect.n:,})"


def _round(share: float) -> str:
    return f"{100 * share:g}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"
