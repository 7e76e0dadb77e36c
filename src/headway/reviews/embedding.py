"""Whether a process is embedded: four outcomes as figures, frozen at the start and read again after 30, 60, 90 days.

Pure. What a figure is stands in `MEASURES`; where it comes from in the store. Method page: docs/methods/embedding.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

DAYS = (0, 30, 60, 90)
LEAST_CHANGE = 0.1  # ten points: where less changed, it is asked how many cases it would take to tell so much


class Outcome(StrEnum):
    """What shows that a process is embedded."""

    MOVE = "move"
    CLEAR = "clear"
    FORECAST = "forecast"
    KEEP = "keep"


OUTCOME_WORDS = {
    Outcome.MOVE: "Deals move consistently",
    Outcome.CLEAR: "The pipeline is clear",
    Outcome.FORECAST: "The forecast improves",
    Outcome.KEEP: "People keep the discipline",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `words`: its name; `of`: what `n` counts; `up`: more is better; `least`, `most`: its scale."""

    id: str
    outcome: Outcome
    words: str
    of: str
    up: bool
    least: float = 0.0
    most: float = 1.0


MEASURES = (
    Measure("movement", Outcome.MOVE, "Reach a decision within the usual time", "deals", True),
    Measure("between_owners", Outcome.MOVE, "Depends on who owns the deal", "deals", False),
    Measure("observed", Outcome.CLEAR, "Open deals with anything the buyer did", "open deals", True),
    Measure("gap", Outcome.CLEAR, "Claimed without the buyer, of the open money", "past deals", False),
    Measure("skill", Outcome.FORECAST, "Better than always saying the average", "deals forecast", True, least=-1.0),
    Measure("calls", Outcome.FORECAST, "Calls off by, of what came true", "calls", False),
    Measure("on_time", Outcome.KEEP, "Reviews held on time", "reviews", True),
    Measure("kept", Outcome.KEEP, "Promises kept by their day", "promises", True),
    Measure("adherence", Outcome.KEEP, "Of what fell due, done", "expectations", True),
)
BY_ID = {measure.id: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure as it stood, as a share with its 95 % interval. `value` None: unknown, and `reason` says why."""

    id: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    said: str = ""  # in other words, as in "€0.3 M of €6.1 M"
    reason: str = ""

    @property
    def known(self) -> bool:
        """Whether it can be compared."""
        return None not in (self.value, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures on day 0, 30, 60 or 90."""

    day: int
    figures: tuple[Figure, ...]

    def figure(self, measure: str) -> Figure:
        """The figure of this id; unknown where the reading holds none."""
        found = next((one for one in self.figures if one.id == measure), None)
        return found or Figure(measure, None, reason="it was not measured then")


class Verdict(StrEnum):
    """What can be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "cannot tell yet"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of a later day minus that of day 0. `needed`: about so many cases until this change could be told.

    `stays`: the reading before said the same; a verdict that no other confirms is provisional.
    """

    measure: str
    day: int
    verdict: Verdict
    value: float | None = None
    low: float | None = None
    high: float | None = None
    needed: int | None = None
    stays: bool = False
    reason: str = ""

    @property
    def is_small(self) -> bool:
        """Whether a change of ten points, either way, can be ruled out."""
        return self.low is not None and self.high is not None and max(-self.low, self.high) < LEAST_CHANGE


def figures_to_json(figures: Sequence[Figure]) -> dict[str, Any]:
    """As a reading is stored."""
    return {one.id: {key: value for key, value in asdict(one).items() if key != "id"} for one in figures}


def reading_from(day: int, stored: Mapping[str, Any]) -> Reading:
    """The reading that `figures_to_json` wrote; measures of other versions are left out."""
    fields = set(Figure.__dataclass_fields__) - {"id"}
    return Reading(day, tuple(
        Figure(name, **{key: value for key, value in one.items() if key in fields})
        for name, one in stored.items() if name in BY_ID
    ))  # fmt: skip


def changes_of(readings: Sequence[Reading], measure: str) -> tuple[Change, ...]:
    """What changed since day 0, one for each later reading, in order of days; empty without a day 0."""
    ordered = sorted(readings, key=lambda one: one.day)
    if not ordered or ordered[0].day != 0:
        return ()
    found: list[Change] = []
    for reading in ordered[1:]:
        one = change_between(ordered[0].figure(measure), reading.figure(measure), BY_ID[measure], reading.day)
        found.append(_stays(one, found))
    return tuple(found)


def change_between(first: Figure, later: Figure, measure: Measure, day: int) -> Change:
    """Later minus first, with the interval of Zou and Donner (2008): square-and-add of the two intervals.

    As if the readings rested on separate cases. Where they share deals, the figures move together and the true
    interval is narrower: it says `cannot tell yet` too often rather than too seldom.
    """
    if first.value is None or later.value is None:
        which = first if first.value is None else later
        when = "on day 0" if first.value is None else f"on day {day}"
        return Change(measure.id, day, Verdict.UNKNOWN, reason=f"{when}: {which.reason or 'not known'}")
    value = later.value - first.value
    if not (first.known and later.known):
        return Change(measure.id, day, Verdict.UNKNOWN, value, reason="one of the two has no interval")
    down, up = _halves(first, later)
    low, high = value - down, value + up
    if low > 0 or high < 0:
        return Change(measure.id, day, Verdict.BETTER if (low > 0) == measure.up else Verdict.WORSE, value, low, high)
    needed = _needed(value, max(down, up), min(first.n, later.n))
    return Change(measure.id, day, Verdict.UNKNOWN, value, low, high, needed)


def verdict_of(changes: Sequence[Change]) -> Verdict:
    """Of an outcome on one day: better where a figure is and none is worse, and the other way round; else unknown."""
    said = {one.verdict for one in changes}
    if Verdict.BETTER in said and Verdict.WORSE not in said:
        return Verdict.BETTER
    if Verdict.WORSE in said and Verdict.BETTER not in said:
        return Verdict.WORSE
    return Verdict.UNKNOWN


def _halves(first: Figure, later: Figure) -> tuple[float, float]:
    assert first.value is not None and first.low is not None and first.high is not None
    assert later.value is not None and later.low is not None and later.high is not None
    down = math.hypot(later.value - later.low, first.high - first.value)
    up = math.hypot(later.high - later.value, first.value - first.low)
    return down, up


def _needed(value: float, half: float, n: int) -> int | None:
    """Cases until the interval is as narrow as the change seen, or as ten points where less was: width goes as 1/√n."""
    times = (half / max(abs(value), LEAST_CHANGE)) ** 2
    return math.ceil(n * times) if n > 0 and times > 1 else None


def _stays(change: Change, before: Sequence[Change]) -> Change:
    if change.verdict is Verdict.UNKNOWN or not before or before[-1].verdict is not change.verdict:
        return change
    return Change(**{**{name: getattr(change, name) for name in Change.__slots__}, "stays": True})
