"""Keep the figures of the team's pages, in the transaction that keeps their analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headway.diagnosis.json_text import plain
from headway.diagnosis.team.value import TeamFigures
from headway.store.models import Analysis, Owner, TeamFigure

AT_ONCE = 500
PIPELINE, PRACTICE, OWNER, BEHIND = "pipeline", "practice", "owner:", "behind:"


def write_team(*, analysis: Analysis, figures: TeamFigures) -> int:
    """Each part as a row under its name, so that a page reads what it shows and nothing else; how many there are.

    Owners must have their rows already: figures about one are kept under its number, never under a name.
    """
    numbers = dict(Owner.objects.filter(workspace=analysis.workspace).values_list("name", "pk"))
    rows = [
        TeamFigure(workspace=analysis.workspace, analysis=analysis, name=name, value=value)
        for name, value in _named(figures, numbers)
    ]
    TeamFigure.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


def _named(figures: TeamFigures, numbers: dict[str, int]) -> Iterator[tuple[str, Any]]:
    yield PIPELINE, plain(figures.pipeline)
    yield PRACTICE, plain(figures.practice)
    for one in figures.owners:
        if one.owner in numbers:
            told = plain(one)
            del told["owner"]
            yield f"{OWNER}{numbers[one.owner]}", told
    for name, behind in figures.behind.items():
        yield f"{BEHIND}{name}", plain(behind)
