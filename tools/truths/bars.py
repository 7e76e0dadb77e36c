"""The bars that are set for the judge, each held against what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tools.truths.tally import FULL, MARGIN, Rate, Seen, rate, rate_of

SIZES = (100, 200, 500)
WRONG, WRONG_AT_MARGIN = 0.03, 0.06
FOUND = {100: 0.25, 200: 0.55, 500: 0.95}
CLEARED = {100: 0.36, 200: 0.55, 500: 0.80}
COVERS = (0.87, 0.93)
THEATRE_FOUND, THEATRE_NAMED = 0.80, 0.03


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `least` and `most`: bounds of the share; `upper`: whether the 95 % upper end must hold `most` too."""

    what: str
    where: str
    rate: Rate
    least: float | None = None
    most: float | None = None
    upper: bool = True

    @property
    def held(self) -> bool:
        """At most: by the upper end of the interval. At least, and between: by the share itself."""
        if not self.rate.n:
            return False
        below = self.most is None or (self.rate.high if self.upper else self.rate.share) <= self.most
        return below and (self.least is None or self.rate.share >= self.least)

    @property
    def word(self) -> str:
        """held, missed, or not shown: below the bar by the share alone, with too few firms for the upper end."""
        if self.held:
            return "held"
        open_ = self.upper and self.most is not None and self.rate.n and self.rate.share <= self.most
        return "*not shown*" if open_ else "**missed**"


def bars_of(seen: Sequence[Seen], few: Callable[[Seen], bool]) -> Iterator[Bar]:
    """The bars on steps whose buyers are recorded, by size; `few`: whether a step is left out by few owners only."""
    for size in SIZES:
        here = [one for one in seen if one.deals == size and one.true != "works"]
        where = f"{size} deals"
        harmless = [one for one in here if one.points == 0]
        full = [one for one in here if one.points == FULL]
        margin = [one for one in here if one.points == MARGIN]
        yield Bar("harmless: wrong word", where, rate(harmless, lambda s: s.wrong), most=WRONG)
        yield Bar("20 points: wrong word", where, rate(full, lambda s: s.wrong), most=WRONG)
        yield Bar("20 points: called harmless", where, rate(full, lambda s: s.wrong_about_cost), most=WRONG)
        if margin:
            said = rate(margin, lambda s: s.said == "harmless")
            yield Bar("10 points: called harmless", where, said, most=WRONG_AT_MARGIN)
        broad = [one for one in full if not few(one)]
        by_few = [one for one in full if few(one)]
        if broad:
            yield Bar("20 points, left out by all: found", where, rate(broad, lambda s: s.found), least=FOUND[size])
        if by_few:
            yield Bar("20 points, left out by few: found", where, rate(by_few, lambda s: s.found), least=FOUND[size])
        cleared = rate(harmless, lambda s: s.said == "harmless")
        yield Bar("harmless: cleared", where, cleared, least=CLEARED[size])
        yield Bar("90 % interval covers", where, rate(here, lambda s: s.covered), *COVERS, upper=False)


def apart(seen: Sequence[Seen], cells: Sequence[str], hidden: Sequence[str]) -> Iterator[Bar]:
    """Causes told apart: `cells` without a rhythm, and those whose buyers are `hidden`."""
    unheld = [one for one in seen if one.cell in cells]
    unseen = [one for one in seen if one.cell in hidden]
    if unheld:
        yield Bar("no rhythm: called practice", "all sizes", rate(unheld, lambda s: s.said == "practice"), most=WRONG)
    if unseen:
        never = rate(unseen, lambda s: s.said in ("harmless", "cannot be met"))
        yield Bar("readiness hidden: called process", ", ".join(hidden), never, most=0.0, upper=False)


def theatre_bars(records: Sequence[dict[str, Any]], playing: str) -> Iterator[Bar]:
    """Whether theatre is found where it is played, and named where it is not."""
    told = [record for record in records if "theatre" in record]
    played = [[bool(record["theatre"])] for record in told if record["cell"].startswith(playing)]
    others = [[bool(record["theatre"])] for record in told if not record["cell"].startswith(playing)]
    yield Bar("theatre: found where it is played", "200 deals", rate_of(played), least=THEATRE_FOUND)
    yield Bar("theatre: named where it is not", "other cells", rate_of(others), most=THEATRE_NAMED)
