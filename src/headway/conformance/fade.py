"""Fade: is the process used less as weeks go by, and since when?

Method page: docs/methods/fade.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt

from headway.conformance.arrays import code_column
from headway.conformance.change_point import ALPHA, ChangePoint, NoChangePoint, change_point
from headway.conformance.estimate import LEVEL, Unknown
from headway.conformance.shares import Share, share
from headway.conformance.trend import Trend, trend


@dataclass(frozen=True, slots=True)
class Fade:
    """weeks: adherence of each week with its Wilson interval (value None where nothing was due); overall: of all.

    The interval of `overall` takes what was due as independent; `trend` and `change` account for weeks that vary
    more than that.
    """

    weeks: tuple[Share, ...]
    overall: Share
    trend: Trend | Unknown
    change: ChangePoint | NoChangePoint | Unknown


def fade(
    done: npt.ArrayLike,
    possible: npt.ArrayLike,
    *,
    level: float = LEVEL,
    alpha: float = ALPHA,
    seed: int = 0,
) -> Fade:
    """Adherence over consecutive weeks, its slope, and its change point where there is one.

    done, possible: (weeks,) counts, week after week without gaps (0 possible where nothing was due). ValueError
    where done exceeds possible.
    """
    due = code_column("possible", possible)
    kept = code_column("done", done, length=due.size)
    if (kept > due).any():
        raise ValueError("done exceeds possible in some week")
    return Fade(
        weeks=tuple(share(int(y), int(m), level=level) for y, m in zip(kept, due, strict=True)),
        overall=share(int(kept.sum()), int(due.sum()), level=level),
        trend=trend(kept, due, level=level),
        change=change_point(kept, due, alpha=alpha, level=level, seed=seed),
    )
