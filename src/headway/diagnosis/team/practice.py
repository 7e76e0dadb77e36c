"""Is the process used: what it asks and how often that was kept, by stage, step, version, team and week."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from headway.conformance.between_owners import MIN_OWNERS
from headway.conformance.pressure import LAST_DAYS, MIN_DEALS
from headway.conformance.trend import MIN_WEEKS
from headway.deals.event_log import sql_text
from headway.diagnosis.spread import item_labels
from headway.diagnosis.study import Study, share_of
from headway.diagnosis.team.value import Apart, Behind, Kept, Owners, Part, Practice, Pressed
from headway.diagnosis.value import Diagnosis

LEAST_OWNERS = 3
"""Below, a figure about a team would be one about a person: it is left out, for leaders too."""

WEEKS = 78
"""Weeks that are drawn, of which the deals are kept as well."""

Row = dict[str, Any]
LEFT_OUT = {
    "all": "Something was left out",
    "stage": "Went beyond it without entering",
    "claim": "Claimed before the buyer was there",
    "step": "Left out, or late",
}


def practice_of(study: Study, found: Diagnosis, behind: dict[str, Behind]) -> Practice:
    """The section, from the same expectations that the diagnosis counts; deals go into `behind`."""
    teams, small = _teams(study)
    since = study.log.as_of.at.date() - timedelta(weeks=WEEKS)
    table = study.log.table(sql_text(__package__, "kept"), {"since": since, "last": LAST_DAYS})
    rows = {row["name"]: row for row in table.to_pylist()}
    items = {item.number: item for item in study.items}
    several = len(study.processes) > 1

    def kept(name: str, label: str, kind: str = "all", process: str = "") -> Kept | None:
        return _kept(rows, name, label, kind, behind, process)

    def of_kind(kind: str) -> tuple[Kept, ...]:
        wanted = [item for item in items.values() if item.kind == kind]
        return _there(
            wanted,
            lambda i: kept(f"item:{i.number}", i.label, kind, study.processes[i.process].name if several else ""),
        )

    return Practice(
        overall=kept("all", "Everything that fell due"),
        stages=of_kind("stage"),
        claims=of_kind("claim"),
        steps=of_kind("step"),
        versions=_there(range(len(study.processes)), lambda n: kept(f"version:{n}", _version(study, n))),
        teams=_there(enumerate(teams), lambda team: kept(f"team:{team[0]}", team[1])),
        small_teams=small,
        weeks=_weeks(rows, behind),
        fade=found.fade,
        fade_more=max(MIN_WEEKS - found.fade.weeks, 1) if found.fade.reason else 0,
        owners=_owners(study, found, rows),
        pressure=_pressure(found, rows, behind),
        reason=found.adherence.reason,
    )


def _teams(study: Study) -> tuple[list[str], int]:
    """Teams of enough owners, numbered in the log for `kept.sql`; and how many have too few."""
    rows = study.log.table(sql_text(__package__, "teams")).to_pylist()
    large = [row["team"] for row in rows if row["owners"] >= LEAST_OWNERS]
    numbers = {"team": pa.array(large, pa.string()), "number": pa.array(range(len(large)), pa.int32())}
    study.log.replace("team_numbers", pa.table(numbers))
    return large, len(rows) - len(large)


def _kept(
    rows: Mapping[str, Row], name: str, label: str, kind: str, behind: dict[str, Behind], process: str = ""
) -> Kept | None:
    row = rows.get(name)
    if row is None or (share := share_of(row["kept"], row["due"])) is None:
        return None
    left = Part(LEFT_OUT[kind], row["deals_left_out"], tuple(row["left_out"] or ()), "newest")
    done = Part("Kept", row["deals_kept"], tuple(row["kept_ids"] or ()), "newest")
    behind[name] = Behind(label, (left, done))
    return Kept(label, row["kept"], row["due"], left.n + done.n, share, process, name)


def _there(wanted: Any, made: Callable[[Any], Kept | None]) -> tuple[Kept, ...]:
    return tuple(one for one in map(made, wanted) if one is not None)


def _weeks(rows: Mapping[str, Row], behind: dict[str, Behind]) -> tuple[Kept, ...]:
    found = []
    for name in sorted(name for name in rows if name.startswith("week:")):
        monday = date.fromisoformat(name.removeprefix("week:"))
        week = _kept(rows, name, f"Week of {monday.day} {monday:%b %Y}", "all", behind)
        if week is not None:
            found.append(
                Kept(week.label, week.kept, week.due, week.deals, week.share, behind=week.behind, starts_on=monday)
            )
    return tuple(found)


def _version(study: Study, number: int) -> str:
    process = study.processes[number]
    return process.name if process.practised else f"{process.name}, version {process.version}"


def _owners(study: Study, found: Diagnosis, rows: Mapping[str, Row]) -> Owners:
    one = found.consistency
    items = [row["item"] for row in study.log.rows(sql_text(__package__, "owned_items"))]
    names = {label: f"item:{item}" for item, label in zip(items, item_labels(study, items), strict=True)}
    return Owners(
        variance_share=one.variance_share, low=one.low, high=one.high, owners=one.owners, deals=one.deals,
        steps=tuple(
            Apart(step.label, step.differs, step.variance_share, step.low, step.high, step.n,
                  names[step.label] if names.get(step.label) in rows else "")
            for step in one.steps
        ),
        more=max(MIN_OWNERS - one.owners, 1) if one.reason else 0,
        reason=one.reason,
    )  # fmt: skip


def _pressure(found: Diagnosis, rows: Mapping[str, Row], behind: dict[str, Behind]) -> tuple[Pressed, ...]:
    made = []
    for row in found.pressure:
        sides = []
        for side, words in (
            ("in", f"the last {LAST_DAYS} days of a {row.period}"),
            ("out", f"other days of a {row.period}"),
        ):
            name = f"{row.period}:{side}"
            kept = _kept(
                rows, name, f"What fell due in {words}" if side == "in" else f"What fell due on {words}", "all", behind
            )
            sides.append((name if kept else "", kept.deals if kept else 0))
        more = max(MIN_DEALS - min(n for _, n in sides), 1) if row.reason else 0
        made.append(Pressed(row, more, sides[0][0], sides[1][0]))
    return tuple(made)
