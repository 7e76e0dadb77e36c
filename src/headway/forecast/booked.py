"""What was won in a period, as known at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import FloatArray, IntArray
from headway.forecast.known_at import Past
from headway.forecast.snapshots import WON
from headway.forecast.why_pieces import Days


@dataclass(frozen=True, slots=True, eq=False)
class Won:
    """(k,) deals won, when that was known, and for how much: NaN where no amount was known then."""

    deal: IntArray
    day: IntArray
    amount: FloatArray

    @property
    def sum(self) -> float:
        """Of the amounts above 0 that are known."""
        return float(np.sum(np.where(self.amount > 0, self.amount, 0.0)))


def won_by(past: Past, day: int, period: Days) -> Won:
    """Deals known by the end of `day` to have been won within the period; a deal reopened since is left out.

    The amount is the last one known before the decision; at the end of the log also what only its last day knows.
    """
    read, spells = past.read, past.read.spells
    last_life = np.r_[spells.deal[1:] != spells.deal[:-1], np.ones(min(1, spells.deal.size), dtype=np.bool_)]
    again = np.zeros(spells.deal.size, dtype=np.bool_)
    again[:-1] = ~last_life[:-1] & (spells.start[1:] <= day)
    won = (spells.exit == WON) & (spells.end >= period.first) & (spells.end <= min(day, period.last)) & ~again
    rows = np.flatnonzero(won)
    piece = np.searchsorted(read.pieces.spell, rows, side="right") - 1
    amount = read.pieces.amount[piece]
    if day >= past.last_day:
        amount = np.where(np.isnan(amount), read.amount[spells.deal[rows]], amount)
    return Won(spells.deal[rows], spells.end[rows], amount)
