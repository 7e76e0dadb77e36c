"""What the record shows of an install, and what somebody said; of one workspace, or of all that a person leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import F, Min, Q

from headway.deals.events import EventKind
from headway.reviews.install import Course, Said, course_of
from headway.reviews.kinds import Held, Promise
from headway.store.actions.visits import TEN_MINUTES
from headway.store.guards import ALL, entered
from headway.store.models import (
    Baseline,
    BaselineReading,
    Commitment,
    Deal,
    Event,
    InstallStep,
    Membership,
    Person,
    ProcessVersion,
    Review,
    Rhythm,
    Trial,
    Workspace,
)
from headway.store.models.people import Role

LED = (Role.LEADER, Role.OPERATIONS)
MOST = 200
ROW = 4  # reviews on time, one after another, that count as a rhythm
PASS = 5  # deals somebody answered for, before the ten-minute pass counts as done


@dataclass(frozen=True, slots=True)
class Installed:
    """An install of a workspace, as a list over companies shows it."""

    workspace: Workspace
    baseline: Baseline | None
    course: Course | None


def course_in(baseline: Baseline, at: datetime) -> Course:
    """Where the install of one workspace stands."""
    return courses_of([baseline], at)[baseline.pk]


def courses_of(baselines: Sequence[Baseline], at: datetime) -> dict[int, Course]:
    """Baseline -> where its install stands; ten queries for however many, in workspaces that are entered."""
    days = _seen(baselines)
    said = _said(baselines)
    return {
        one.pk: course_of(one.started_on, local_day(one.workspace, at), days[one.pk], said.get(one.pk, {}))
        for one in baselines
    }


def list_installs(person: Person, at: datetime) -> list[Installed]:
    """Every workspace that a person leads or runs, those with an install first; at most 200."""
    memberships = Membership.objects.select_related("workspace").filter(
        person=person, ended_at=None, workspace__removed_at=None, role__in=LED
    )
    workspaces = [one.workspace for one in memberships.order_by("workspace__name", "workspace_id")[:MOST]]
    with entered(ALL):
        running = Baseline.objects.select_related("workspace").filter(
            workspace__in=workspaces, ended_at=None, guided=True
        )
        baselines = {one.workspace_id: one for one in running.order_by("pk")}
        courses = courses_of(list(baselines.values()), at)
    rows = [
        Installed(one, found, courses[found.pk] if found else None)
        for one in workspaces
        for found in (baselines.get(one.pk),)
    ]
    return sorted(rows, key=lambda row: row.course is None)


def local_day(workspace: Workspace, at: datetime) -> date:
    """The day it is where the workspace is."""
    return at.astimezone(ZoneInfo(workspace.zone)).date()


def _seen(baselines: Sequence[Baseline]) -> dict[int, dict[str, date]]:
    """Baseline -> step -> since when the record shows it."""
    within = {"workspace__in": [one.workspace_id for one in baselines]}
    readings = BaselineReading.objects.filter(baseline__in=baselines).values_list("baseline", "day", "at")
    read = {(baseline, day): at for baseline, day, at in readings}
    with_deals = set(
        Deal.objects.filter(is_live=True, **within).order_by().values_list("workspace", flat=True).distinct()
    )
    passed = _passed(baselines)
    published = _dates(ProcessVersion.objects.filter(
        number__isnull=False, withdrawn_at=None, published_at__isnull=False, process__archived_at=None, **within
    ).values_list("workspace", "published_at"))  # fmt: skip
    rhythms = _dates(Rhythm.objects.filter(ended_at=None, **within).values_list("workspace", "created_at"))
    held = _reviews(baselines)
    kept = Commitment.objects.filter(state__in=(Promise.KEPT, Promise.LATE), ended_at__isnull=False, **within)
    ended = kept.order_by("ended_at").values_list("workspace", "ended_at", "person")[: 50 * MOST]
    known = [(workspace, ended_at, person) for workspace, ended_at, person in ended if ended_at is not None]
    leading = set(
        Membership.objects.filter(role=Role.LEADER, ended_at=None, **within).values_list("workspace", "person")
    )
    promises = [(workspace, ended_at) for workspace, ended_at, _ in known]
    led = [(workspace, ended_at) for workspace, ended_at, person in known if (workspace, person) in leading]
    trials = _dates(Trial.objects.filter(**within).values_list("workspace", "started_at"))
    found = {}
    for one in baselines:
        w, start = one.workspace_id, one.at
        firsts = {
            "deals": start if w in with_deals else None, "baseline": read.get((one.pk, 0)),
            "ten_minutes": passed.get(w),
            "process": _since(published.get(w, ()), start, 1), "rhythm": _since(rhythms.get(w, ()), None, 1),
            "review": held.get(w, (None, None))[0], "row": held.get(w, (None, None))[1],
            "promise": _since([at for ws, at in promises if ws == w], start, 1),
            "leader_promise": _since([at for ws, at in led if ws == w], start, 1),
            "first_reading": read.get((one.pk, 30)), "last_reading": read.get((one.pk, 90)),
            "verdict": _acted(published.get(w, ()), trials.get(w, ()), start),
        }  # fmt: skip
        found[one.pk] = {step: local_day(one.workspace, at) for step, at in firsts.items() if at is not None}
    return found


def _dates(rows: Iterable[tuple[int, datetime | None]]) -> dict[int, list[datetime]]:
    """Workspace -> its moments, in order."""
    found: dict[int, list[datetime]] = {}
    for workspace, at in rows:
        if at is not None:
            found.setdefault(workspace, []).append(at)
    return {workspace: sorted(moments) for workspace, moments in found.items()}


def _since(moments: Sequence[datetime], start: datetime | None, n: int) -> datetime | None:
    """The `n`-th moment from `start` on."""
    later = [one for one in moments if start is None or one >= start]
    return later[n - 1] if len(later) >= n else None


def _acted(published: Sequence[datetime], trials: Sequence[datetime], start: datetime) -> datetime | None:
    """A trial begun, or a process published again, within the third of handing over or shortly before it."""
    from_then = start + timedelta(days=45)
    return _since(sorted([*published, *trials]), from_then, 1)


def _passed(baselines: Sequence[Baseline]) -> dict[int, datetime]:
    """Workspace -> when five deals had been answered for, in the pass or with evidence, since its baseline began."""
    kinds = Q(kind=EventKind.EVIDENCE_RECORDED) | Q(kind=EventKind.DEAL_INSPECTED, name=TEN_MINUTES)
    since = Q(pk__in=[])
    for one in baselines:
        since |= Q(workspace=one.workspace_id, recorded_at__gte=one.at)
    rows = Event.objects.filter(kinds & since, by__isnull=False, batch=None, voiding=None)
    firsts = rows.order_by().values("workspace", "deal").annotate(first=Min("recorded_at"))
    answered = _dates(firsts.values_list("workspace", "first"))
    return {workspace: moments[PASS - 1] for workspace, moments in answered.items() if len(moments) >= PASS}


def _reviews(baselines: Sequence[Baseline]) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Workspace -> (when its first review was closed, when the fourth in a row on time of one rhythm was)."""
    starts = {one.workspace_id: one.at for one in baselines}
    rows = Review.objects.filter(
        workspace__in=list(starts), state__in=(Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED)
    ).order_by("workspace", "rhythm", "due_at", "pk")
    found: dict[int, tuple[datetime | None, datetime | None]] = {}
    columns = rows.values_list("workspace", "rhythm", "state", "closed_at", "due_at")[: 200 * MOST]
    for (workspace, _), group in groupby(columns, key=lambda row: row[:2]):
        streak = 0
        for *_, state, closed_at, due_at in group:
            if due_at < starts[workspace]:
                continue
            streak = streak + 1 if state == Held.HELD else 0
            first, row = found.get(workspace, (None, None))
            if state in (Held.HELD, Held.LATE) and closed_at and (first is None or closed_at < first):
                first = closed_at
            if streak >= ROW and closed_at and (row is None or closed_at < row):
                row = closed_at
            found[workspace] = (first, row)
    return found


def _said(baselines: Sequence[Baseline]) -> dict[int, dict[str, Said]]:
    found: dict[int, dict[str, Said]] = {}
    zones = {one.pk: one.workspace for one in baselines}
    rows = InstallStep.objects.filter(baseline__in=baselines).annotate(who=F("by__name"), words=F("note__text"))
    for row in rows:
        word = Said(row.state == "passed", local_day(zones[row.baseline_id], row.at), row.who, row.words or "")
        found.setdefault(row.baseline_id, {})[row.step] = word
    return found
