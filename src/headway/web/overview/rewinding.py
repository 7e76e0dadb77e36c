"""One level of a rewind as the page shows it: the picture, one day of it in words, and every day as a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from headway.diagnosis.rewind_json import from_json
from headway.diagnosis.rewind_value import STANDS, Level, Part, Rewind, RewindDay
from headway.report.rewind_picture import level_name, level_on, rewind_picture, rewind_sentences
from headway.store.queries.analyses import get_rewind
from headway.store.queries.people import WorkspaceRow

ENDS = tuple(zip(STANDS, ("won", "lost", "no decision", "withdrawn", "still open"), strict=True))
JUMP_BACK = timedelta(days=7)  # a quarter is best seen a week before its end


@dataclass(frozen=True, slots=True)
class Piece:
    """One end of some deals: how many, and where its bar begins and how wide it is, in percent."""

    stands: str
    label: str
    deals: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Side:
    """The deals evidenced, or those only claimed: how many, their bar, and the share won so far."""

    name: str
    deals: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A level that can be looked at: `value` stands in the URL."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that the rewind page shows."""

    picture: Markup
    name: str
    day: RewindDay
    index: int
    last: int
    sentences: tuple[str, ...]
    sides: tuple[Side, ...]
    days: list[dict[str, Any]]
    quarters: tuple[tuple[date, str], ...]
    choices: tuple[Choice, ...]
    currency: str | None
    in_money: bool


@lru_cache(maxsize=16)
def told_days(
    workspace: WorkspaceRow, key: str, finished_at: datetime, level: str
) -> tuple[Rewind, list[dict[str, Any]]] | None:
    """The rewind that the newest analysis has stored, and every day of it at a level; None where there is no day.

    The same for everybody until the next analysis ends: that is what `finished_at` is for. `key`: the workspace's; its
    number alone may have been another's, in a database that was put back.
    """
    text = get_rewind(workspace)
    rewind = from_json(text) if text else None
    if rewind is None or not rewind.days:
        return None
    process, rank = _level(rewind, level)
    return rewind, [_row(rewind, one, process, rank) for one in rewind.days]


def shown(rewind: Rewind, days: list[dict[str, Any]], on: date | None, level: str) -> Shown:
    """The day `on` at the level named in the URL (`process.rank`; the last two stages without). `days`: of `told_days`.

    Without a day, a week before the last quarter's end: there claims part most, and most of those deals have ended.
    """
    process, rank = _level(rewind, level)
    quarters = _quarters(rewind)
    day = rewind.day(on or (quarters[-1][0] if quarters else rewind.days[-1].on))
    index = rewind.days.index(day)
    return Shown(
        picture=rewind_picture(rewind, process=process, rank=rank, cursor=day.on, height=300),
        name=level_name(rewind, process, rank),
        day=day,
        index=index,
        last=len(rewind.days) - 1,
        sentences=rewind_sentences(rewind, day.on, process=process, rank=rank),
        sides=sides(level_on(day, process, rank)),
        days=days,
        quarters=quarters,
        choices=_choices(rewind, process, rank),
        currency=rewind.currency,
        in_money=rewind.in_money,
    )


def sides(level: Level) -> tuple[Side, ...]:
    """How the evidenced and the merely claimed deals ended."""
    return (_side("Evidenced", level.evidenced), _side("Only claimed", level.unevidenced))


def _side(name: str, part: Part) -> Side:
    pieces, start = [], 0.0
    for (stands, label), deals in zip(ENDS, part.counts, strict=True):
        width = 100 * deals / part.deals if part.deals else 0.0
        pieces.append(Piece(stands, label, deals, round(start, 2), round(width, 2)))
        start += width
    return Side(name, part.deals, tuple(pieces))


def _row(rewind: Rewind, day: RewindDay, process: int | None, rank: int | None) -> dict[str, Any]:
    """A day for the table twin and for the script that moves the cursor."""
    level = level_on(day, process, rank)
    return {
        "on": day.on.isoformat(),
        "claimed": level.claimed.amount if rewind.in_money else level.claimed.deals,
        "evidenced": level.evidenced.amount if rewind.in_money else level.evidenced.deals,
        "deals": level.claimed.deals,
        "sentences": rewind_sentences(rewind, day.on, process=process, rank=rank),
        "sides": [list(level.evidenced.counts), list(level.unevidenced.counts)],
    }


def _quarters(rewind: Rewind) -> tuple[tuple[date, str], ...]:
    """The day nearest to a week before each quarter's end, with the quarter's name, the last six."""
    days = [day.on for day in rewind.days]
    return tuple(
        (min(days, key=lambda on: abs((on - (end - JUMP_BACK)).days)), f"Q{(end.month + 2) // 3} {end.year}")
        for end in rewind.quarter_ends
        if end - JUMP_BACK >= days[0]
    )[-6:]


def _level(rewind: Rewind, level: str) -> tuple[int | None, int | None]:
    process, _, rank = level.partition(".")
    if not (process.isdigit() and rank.isdigit()):
        return None, None
    known = int(process) < len(rewind.processes) and 1 <= int(rank) <= len(rewind.processes[int(process)].stages)
    return (int(process), int(rank)) if known else (None, None)


def _choices(rewind: Rewind, process: int | None, rank: int | None) -> tuple[Choice, ...]:
    many = len(rewind.processes) > 1
    stages = [
        Choice(
            f"{number}.{place}",
            f"{told.name} {told.version}: {stage} or beyond" if many else f"{stage} or beyond",
            (process, rank) == (number, place),
        )
        for number, told in enumerate(rewind.processes)
        for place, stage in enumerate(told.stages, 1)
    ]
    return (Choice("", "The last two stages", process is None), *stages)
