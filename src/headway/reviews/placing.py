"""Are our stages clear? People place the same blinded deals by their evidence alone; where they differ, what is meant
by a stage is at fault, not the people. Pure. Method page: docs/methods/placing.md.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from headway.conformance.shares import Share, share
from headway.reviews.agreement import LEVEL, Agreement, agreement, one_against_rest, specific_agreement

DEALS = 10
LEAST_DEALS = 6
MOST_PEOPLE = 6
CLEAR = 0.6  # beyond chance: "substantial" in Landis and Koch (1977) begins here
LEAST_MET = 3  # deals that somebody put into a stage, before anything is said of its definition
RARE = 0.10  # a stage judged more seldom than this, or more often than all but this: kappa says little, AC1 does
TOO_MANY = 100  # more deals than this are not asked for
BEFORE = "Before the first stage"


class Word(StrEnum):
    """What is said of a stage's definition, or of all of them."""

    CLEAR = "clear"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"
    NOT_MET = "not met"  # nobody placed a deal there


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deal that could be placed. `rank`: its evidenced stage, 0 before the first; `own`: of somebody who is asked."""

    id: int
    rank: int
    decided: bool
    own: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """One deal: its `number`, where each person put it (in the order of people; None: could not tell, or was not asked)
    and where Headway has it."""

    number: int
    places: tuple[int | None, ...]
    headway: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbours in people's judgement: `first` < `second` (ranks), and the numbers of the deals put in both."""

    first: int
    second: int
    deals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage against all others. `specific`: where one person puts a deal here, how often another does too.

    `beyond`: agreement beyond chance on "here or not"; `deals`: numbers of those that somebody put here and somebody
    else elsewhere; `confused`: the stage they were put in instead most often; `more`: deals needed to know, None where
    it is known or more than 100.
    """

    rank: int
    name: str
    met: int
    specific: float | None
    beyond: Agreement
    word: Word
    more: int | None
    confused: Pair | None
    deals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """All of it. `alike`: deals that everybody put into one stage; `beyond`, `by_distance`: agreement beyond chance,
    the second counting how far apart; `unsure`: judgements "cannot tell"; `pairs`: stages confused, most often first;
    `headway`: judgements that equal Headway's own stage, and `later`: by how many stages people place deals later."""

    n: int
    people: int
    alike: Share
    beyond: Agreement
    by_distance: Agreement
    word: Word
    more: int | None
    unsure: int
    stages: tuple[StageResult, ...]
    pairs: tuple[Pair, ...]
    headway: Share
    later: float | None

    @property
    def convicted(self) -> tuple[StageResult, ...]:
        """Stages whose definition surely does not make people agree."""
        return tuple(stage for stage in self.stages if stage.word is Word.UNCLEAR)


def chosen(candidates: Iterable[Candidate], seed: int, count: int = DEALS) -> tuple[int, ...]:
    """Ids of the deals to place, in the order to show them: spread evenly over stages, decided and open in turn. Deals
    of those who are asked only where there are too few others. The same for the same seed, whatever their order."""
    draw = random.Random(seed)  # noqa: S311  (a choice to be repeated, not a secret)
    left = sorted(candidates, key=lambda one: one.id)
    others = [one for one in left if not one.own]
    left = others if len(others) >= count else left
    draw.shuffle(left)
    by_rank: dict[int, list[Candidate]] = {}
    for one in left:
        by_rank.setdefault(one.rank, []).append(one)
    ranks = sorted(by_rank)
    draw.shuffle(ranks)
    found: list[Candidate] = []
    while len(found) < count and any(by_rank.values()):
        for rank in ranks:
            if by_rank[rank] and len(found) < count:
                decided = 2 * sum(one.decided for one in found) < len(found)  # as many of the one as of the other
                best = min(by_rank[rank], key=lambda one: (one.own, one.decided is not decided))
                by_rank[rank].remove(best)
                found.append(best)
    draw.shuffle(found)
    return tuple(one.id for one in found)


@lru_cache(maxsize=256)
def results_of(placed: tuple[Placed, ...], names: tuple[str, ...]) -> Results:
    """What came of it. `names`: of the stages, the first being rank 1. The same for the same arguments."""
    kinds = len(names) + 1
    judged = [one.places for one in placed]
    both = [one for one in placed if _given(one) > 1]
    beyond = agreement(judged, kinds)
    pairs = confused_pairs(both)
    given = [(place, one.headway) for one in placed for place in one.places if place is not None]
    compared = [(place, there) for place, there in given if there is not None]
    return Results(
        n=len(both),
        people=max((len(one.places) for one in placed), default=0),
        alike=share(sum(len(set(_places(one))) == 1 for one in both), len(both), level=LEVEL),
        beyond=beyond,
        by_distance=agreement(judged, kinds, ordered=True),
        word=word_of(beyond),
        more=more_needed(beyond),
        unsure=sum(place is None for one in placed for place in one.places),
        stages=tuple(_stage(both, rank, name, kinds, pairs) for rank, name in enumerate((BEFORE, *names))),
        pairs=pairs,
        headway=share(sum(place == there for place, there in compared), len(compared), level=LEVEL),
        later=sum(place - there for place, there in compared) / len(compared) if compared else None,
    )


def confused_pairs(placed: Iterable[Placed]) -> tuple[Pair, ...]:
    """Two stages for the same deal, by how many deals, then by rank."""
    found: dict[tuple[int, int], list[int]] = {}
    for one in placed:
        ranks = sorted(set(_places(one)))
        for at, first in enumerate(ranks):
            for second in ranks[at + 1 :]:
                found.setdefault((first, second), []).append(one.number)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(Pair(first, second, tuple(deals)) for (first, second), deals in ordered)


def word_of(beyond: Agreement) -> Word:
    """Clear or unclear only where the whole interval lies on that side of 0.6."""
    if beyond.low is not None and beyond.low >= CLEAR:
        return Word.CLEAR
    if beyond.high is not None and beyond.high < CLEAR:
        return Word.UNCLEAR
    return Word.UNKNOWN


def more_needed(beyond: Agreement) -> int | None:
    """About how many more deals until the interval, which narrows by the root of their number, leaves 0.6 outside.

    None where it does already, or where not even 100 would do.
    """
    value, low, high = beyond.value, beyond.low, beyond.high
    if value is None or low is None or high is None or word_of(beyond) is not Word.UNKNOWN:
        return None
    side, away = (value - low, value - CLEAR) if value >= CLEAR else (high - value, CLEAR - value)
    if away <= 0:
        return None
    more = math.ceil(beyond.n * (side / away) ** 2) - beyond.n
    return more if 0 < more <= TOO_MANY else None


def confusion(placed: Sequence[Placed], kinds: int) -> list[list[list[int]]]:
    """[stage one person chose][stage another chose] -> numbers of deals. With two people the first is down, the second
    across; with more, every two of them are counted both ways."""
    cells: list[list[list[int]]] = [[[] for _ in range(kinds)] for _ in range(kinds)]
    for one in placed:
        two = len(one.places) == 2
        for at, down in enumerate(one.places):
            for other, across in enumerate(one.places):
                if at == other or down is None or across is None or (two and at > other):
                    continue
                if one.number not in cells[down][across]:
                    cells[down][across].append(one.number)
    return cells


def _stage(placed: Sequence[Placed], rank: int, name: str, kinds: int, pairs: Sequence[Pair]) -> StageResult:
    judged = [one.places for one in placed]
    here = [one for one in placed if rank in one.places]
    binary = one_against_rest(judged, rank)
    times = Counter(value for row in binary for value in row if value is not None)
    common = times[1] / max(1, times.total())
    beyond = agreement(binary, 2, ac1=not RARE <= common <= 1 - RARE)
    confused = next((pair for pair in pairs if rank in (pair.first, pair.second)), None)
    alike = specific_agreement(judged, rank, kinds)
    word, more = word_of(beyond), more_needed(beyond)
    if word is Word.CLEAR and alike is not None and alike < CLEAR:  # alike on where deals are not, apart on where
        word = Word.UNKNOWN
    if len(here) < LEAST_MET:  # that all agree on where a deal is not says nothing of what the stage means
        word = Word.UNKNOWN if here else Word.NOT_MET
        more = math.ceil(len(placed) * LEAST_MET / len(here)) - len(placed) if here else None
    return StageResult(
        rank, name, len(here), alike, beyond, word, more, confused,
        tuple(one.number for one in here if len(set(_places(one))) > 1),
    )  # fmt: skip


def _places(one: Placed) -> list[int]:
    return [place for place in one.places if place is not None]


def _given(one: Placed) -> int:
    return len(_places(one))
