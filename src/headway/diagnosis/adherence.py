"""Adherence: is the process used; by stage, step, version, team and week; and whether it fades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from headway.conformance.change_point import ChangePoint
from headway.conformance.estimate import Unknown
from headway.conformance.fade import fade
from headway.conformance.shares import Share as Counted
from headway.diagnosis.study import Study, share_of
from headway.diagnosis.value import Adherence, AdherenceRow, Fade, Share

Row = dict[str, Any]
NOTHING_DUE = "nothing that the process expects has fallen due yet"


def adherence_and_fade(study: Study) -> tuple[Adherence, Fade]:
    """Kept and due of every expectation, and its course over the weeks."""
    rows = study.rows("adherence")
    overall = share_of(sum(row["kept"] for row in rows), sum(row["due"] for row in rows))
    if overall is None:
        return Adherence(None, reason=NOTHING_DUE), _no_fade(0, NOTHING_DUE)
    items = {item.number: item for item in study.items}
    several = len(study.processes) > 1

    def item_label(row: Row) -> tuple[str, str]:
        return items[row["item"]].label, study.processes[row["process"]].name if several else ""

    weeks = _weeks(rows)
    found = Adherence(
        overall=overall,
        stages=_grouped((row for row in rows if row["kind"] == "stage"), item_label),
        claims=_grouped((row for row in rows if row["kind"] == "claim"), item_label),
        steps=_grouped((row for row in rows if row["kind"] == "step"), item_label),
        versions=_grouped(rows, lambda row: (_version(study, row["process"]), "")),
        teams=_grouped((row for row in rows if row["team"]), lambda row: (row["team"], "")),
        weeks=weeks,
    )
    return found, _fade(weeks)


def _version(study: Study, number: int) -> str:
    process = study.processes[number]
    return process.name if process.practised else f"{process.name}, version {process.version}"


def _grouped(rows: Iterable[Row], label: Callable[[Row], tuple[str, str]]) -> tuple[AdherenceRow, ...]:
    """One row per label, in the order in which the labels come."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        count = counts[label(row)]
        count[0] += row["kept"]
        count[1] += row["due"]
    return tuple(
        AdherenceRow(name, kept, due, share, process)
        for (name, process), (kept, due) in counts.items()
        if (share := share_of(kept, due)) is not None
    )


def _weeks(rows: Iterable[Row]) -> tuple[AdherenceRow, ...]:
    """Every week from the first to the last in which something was due; weeks with nothing due are left out."""
    counts: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        counts[row["week"]][0] += row["kept"]
        counts[row["week"]][1] += row["due"]
    return tuple(
        AdherenceRow(f"week of {week.isoformat()}", kept, due, share, "", week)
        for week, (kept, due) in sorted(counts.items())
        if (share := share_of(kept, due)) is not None
    )


def _fade(weeks: tuple[AdherenceRow, ...]) -> Fade:
    first = weeks[0].starts_on
    last = weeks[-1].starts_on
    if first is None or last is None:
        return _no_fade(0, NOTHING_DUE)
    length = (last - first).days // 7 + 1
    kept, due = [0] * length, [0] * length
    for row in weeks:
        if row.starts_on is not None:
            place = (row.starts_on - first).days // 7
            kept[place], due[place] = row.kept, row.due
    found = fade(kept, due)
    if isinstance(found.trend, Unknown):
        return _no_fade(len(weeks), found.trend.reason)
    change = found.change if isinstance(found.change, ChangePoint) else None

    def monday(week: int) -> date:
        return first + timedelta(weeks=week)

    return Fade(
        weeks=len(weeks),
        slope_points_per_quarter=100 * found.trend.per_quarter,
        slope_low=100 * found.trend.low,
        slope_high=100 * found.trend.high,
        change_on=monday(change.week) if change else None,
        change_low=monday(change.low_week) if change else None,
        change_high=monday(change.high_week) if change else None,
        before=_share(change.before) if change else None,
        after=_share(change.after) if change else None,
    )


def _share(counted: Counted) -> Share | None:
    return None if counted.value is None else Share(counted.value, counted.low, counted.high, counted.n)


def _no_fade(weeks: int, reason: str) -> Fade:
    return Fade(weeks, None, None, None, None, None, None, None, None, reason)
