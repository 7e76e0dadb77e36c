"""When a period's number settles: since which week it was as good as what came true, and stayed so.

Method page: docs/methods/forecast-totals.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

from headway.basics.figures import counted, listed
from headway.forecast.period import week_of, weeks_of
from headway.forecast.value import Period, Settled

TOLERANCE = 0.10


def settled_of(
    period: Period, said: Iterable[tuple[date, float | None]], actual: float, *, tolerance: float = TOLERANCE
) -> Settled:
    """After which week of `period` all that was `said` stayed within `tolerance` of what was won in the end.

    `said`: (day, the middle as forecast at its end), in any order; None and NaN are days on which nothing could be
    said, and so not within it. Days from the period's last on are left out: there is nothing left to forecast. Week 0:
    settled before it began; None: never. `actual`: what the period brought, 0 or more; of 0, only 0 is within.
    """
    if not math.isfinite(actual) or actual < 0 or not 0 <= tolerance < 1:
        raise ValueError("settling needs what came true, 0 or more, and a tolerance from 0 to under 1")
    in_time = sorted((on, math.nan if middle is None else middle) for on, middle in said if on < period.ends_on)
    since: date | None = None
    for on, middle in reversed(in_time):
        if not abs(middle - actual) <= tolerance * actual:  # also where the middle is NaN
            break
        since = on
    week = None if since is None else week_of(period, since)
    return Settled(period, week, len(weeks_of(period)), actual)


def sentence_of(settled: Sequence[Settled], tolerance: float = TOLERANCE) -> str:
    """`In 3 of 4 past periods ...`, with the usual week; one sentence. Empty where there is no past period."""
    if not settled:
        return ""
    within = f"within {100 * tolerance:.0f} % of what came true"
    never = [one.period.name for one in settled if one.week is None]
    weeks = sorted(one.week for one in settled if one.week is not None)
    if len(settled) == 1:
        (only,) = settled
        return f"In {only.period.name} the number was {within} {_since(only)}."
    if not weeks:
        return f"In none of {counted(len(settled), 'past period')} was the number {within} before the end."
    spread = f" ({weeks[0]} to {weeks[-1]})" if weeks[0] < weeks[-1] else ""
    of_all = f"In {len(weeks)} of {len(settled)} past periods"
    said = f"{of_all} the number stayed {within} after week {median(weeks):g}{spread}"
    return f"{said}; in {listed(never)} never before the end." if never else f"{said}."


def _since(one: Settled) -> str:
    if one.week is None:
        return "only when it was over"
    return f"from the end of week {one.week} of {one.weeks} on" if one.week else "from before it began"
