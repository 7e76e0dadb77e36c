"""Groups of columns that are exchanged together, and which cause each of them is on which deal (see `why_pieces`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast.snapshots import Snapshots

CAUSES: dict[str, str] = {
    "new": "new deals",
    "won": "won",
    "lost": "lost",
    "no_decision": "ended without a decision",
    "reopened": "opened again",
    "amount": "amount changed",
    "evidence": "evidence gained",
    "lapsed": "evidence lapsed",
    "doubted": "evidence disputed or retracted",
    "acted": "the buyer acted",
    "silence": "silence went on",
    "claim": "claimed stage moved",
    "date": "close date moved",
    "agreed": "what the buyer agreed to do next",
    "outreach": "what the seller did",
    "time": "time passed",
    "other": "owner, segment or process changed",
    "learned": "what was learned since",
}
"""Why a number changes, in words; the order is that of the causes of one deal."""
KEYS = tuple(CAUSES)
NUMBER = {key: number for number, key in enumerate(KEYS)}
Columns = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Deals of which between the two days it became known that a buyer acted or evidence was recorded (`shown`), and
    that evidence was disputed or retracted (`doubted`)."""

    shown: IntArray
    doubted: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """The deals open on both days, row by row: as they were, as they are, and as far as they were exchanged."""

    was: Snapshots
    now: Snapshots
    rows: Snapshots

    @property
    def days(self) -> IntArray:
        """How many days lie between."""
        return self.now.day - self.was.day

    @property
    def pinned(self) -> BoolArray:
        """Whether each deal is still set against the same process: only then its stages are the same."""
        return np.asarray(self.was.process == self.now.process)

    def claim_moved(self) -> BoolArray:
        """Whether another stage is claimed, or the same one anew."""
        anew = self.now.stage_days < self.was.stage_days + self.days - 0.5
        return np.asarray((self.was.claimed != self.now.claimed) | anew) & self.pinned


def _amount(both: Both) -> Columns:
    return {"amount": both.now.amount}


def _evidence(both: Both) -> Columns:
    # A buyer first seen, or no longer, brings the clock along: no model has met one without the other.
    first = np.isnan(both.was.silence) != np.isnan(both.now.silence)
    return {
        "level": np.where(both.pinned, both.now.level, both.rows.level),
        "silence": np.where(first, both.now.silence, both.rows.silence),
    }


def _acted(both: Both) -> Columns:
    return {"silence": both.rows.silence - _known(both.was.silence - _shortest(both))}


def _silence(both: Both) -> Columns:
    return {"silence": both.rows.silence + _known(both.now.silence - _shortest(both))}


def _known(days: FloatArray) -> FloatArray:
    """Nought where there is no clock on one of the days: then the evidence brings it along, or takes it away."""
    return np.nan_to_num(days)


def _shortest(both: Both) -> FloatArray:
    """The silence on the earlier day had all that the buyer did since been done by then: from there it went on."""
    last_was, last_now = both.was.day - both.was.silence, both.now.day - both.now.silence
    return np.where(last_now > last_was, np.maximum(both.was.day - last_now, 0.0), both.was.silence)


def _claim(both: Both) -> Columns:
    return {
        "claimed": np.where(both.pinned, both.now.claimed, both.rows.claimed),
        "stage_days": np.where(both.claim_moved(), both.now.stage_days, both.rows.stage_days),
    }


def _dates(both: Both) -> Columns:
    return {"pushes": both.now.pushes, "due_days": _as_if_then(both.was.due_days, both.now.due_days, both.days)}


def _agreed(both: Both) -> Columns:
    return {"agreed_days": _as_if_then(both.was.agreed_days, both.now.agreed_days, both.days)}


def _outreach(both: Both) -> Columns:
    return {name: getattr(both.now, name) for name in ("seller_silence", "activities", "recent", "kinds")}


def _other(both: Both) -> Columns:
    found: Columns = {name: getattr(both.now, name) for name in ("owner", "segment", "process", "spell")}
    for name in ("level", "claimed", "stage_days"):  # those of another process change together with it
        found[name] = np.where(both.pinned, getattr(both.rows, name), getattr(both.now, name))
    return found


GROUPS: tuple[tuple[str, Callable[[Both], Columns]], ...] = (
    ("amount", _amount),
    ("evidence", _evidence),
    ("acted", _acted),
    ("silence", _silence),
    ("claim", _claim),
    ("date", _dates),
    ("agreed", _agreed),
    ("outreach", _outreach),
    ("other", _other),
)


def _as_if_then(was: FloatArray, now: FloatArray, days: IntArray) -> FloatArray:
    """Days until a date that is now this far away, counted from the earlier day; as they were where it is the same."""
    moved = now + days
    return np.where(np.isclose(moved, was, equal_nan=True), was, moved)


def causes_of(key: str, both: Both, told: Told) -> IntArray:
    """Which cause it is, deal by deal, that a group of columns changed."""
    found = np.full(len(both.was), NUMBER[key])
    if key == "other":
        return np.where(both.was.spell == both.now.spell, found, NUMBER["reopened"])
    if key == "evidence":
        shown, doubted = np.isin(both.was.deal, told.shown), np.isin(both.was.deal, told.doubted)
        # A stage that asks nothing of the buyer counts as far as it is claimed, so a claim alone may move the level.
        claimed = both.was.claimed != both.now.claimed
        rose = np.where(shown, found, np.where(claimed, NUMBER["claim"], NUMBER["other"]))
        fell = np.where(doubted, NUMBER["doubted"], np.where(claimed, NUMBER["claim"], NUMBER["lapsed"]))
        return np.where(both.now.level > both.was.level, rose, fell)
    return found
