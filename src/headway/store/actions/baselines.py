"""Freeze the start, read again later, and tick off the steps of an install."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.embedding import DAYS, Figure, figures_to_json
from headway.reviews.install import BY_ID
from headway.store.actions.audit import append_entry
from headway.store.actions.wordings import find_wording
from headway.store.models import Baseline, BaselineReading, InstallStep, Person, Workspace

LONGEST_NOTE = 1_000


@transaction.atomic
def begin_baseline(*, workspace: Workspace, by: Person, at: datetime, guided: bool = False) -> Baseline:
    """Day 0 is today; the job `baselines` reads it. One runs at a time: with `guided` the one that runs is guided.

    UserError where one runs already and no guide is asked for.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    running = Baseline.objects.filter(workspace=workspace, ended_at=None).order_by("-pk").first()
    if running is not None:
        if not guided or running.guided:
            raise UserError("A comparison runs already: end that one first.")
        running.guided = True
        running.save(update_fields=["guided"])
        append_entry(workspace=workspace, by=by, at=at, verb="guide install", target=f"baseline {running.key}")
        return running
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    made = Baseline.objects.create(workspace=workspace, started_on=today, guided=guided, by=by, at=at)
    append_entry(
        workspace=workspace, by=by, at=at, verb="begin baseline", target=f"baseline {made.key}",
        detail={"guided": guided},
    )  # fmt: skip
    return made


@transaction.atomic
def end_baseline(*, baseline: Baseline, by: Person, at: datetime) -> Baseline:
    """No further reading is made; what was read stays. Ending twice changes nothing."""
    baseline = _held(baseline)
    if baseline.ended_at is None:
        baseline.ended_at = at
        baseline.save(update_fields=["ended_at"])
        append_entry(workspace=baseline.workspace, by=by, at=at, verb="end baseline", target=f"baseline {baseline.key}")
    return baseline


@transaction.atomic
def resume_baseline(*, baseline: Baseline, by: Person, at: datetime) -> Baseline:
    """Undo of an end. UserError where another one began meanwhile."""
    Workspace.objects.select_for_update(no_key=True).get(pk=baseline.workspace_id)
    baseline = _held(baseline)
    if Baseline.objects.filter(workspace=baseline.workspace, ended_at=None).exclude(pk=baseline.pk).exists():
        raise UserError("Another comparison began meanwhile: end that one first.")
    if baseline.ended_at is not None:
        baseline.ended_at = None
        baseline.save(update_fields=["ended_at"])
        append_entry(
            workspace=baseline.workspace, by=by, at=at, verb="resume baseline", target=f"baseline {baseline.key}"
        )
    return baseline


@transaction.atomic
def record_reading(*, baseline: Baseline, day: int, on: date, figures: Sequence[Figure], at: datetime) -> bool:
    """Keep what was read; False where this day was read already: a reading is never made twice and never changed."""
    if day not in DAYS:
        raise ValueError(f"a baseline is read on days {DAYS}, not on {day}")
    baseline = _held(baseline)
    if baseline.ended_at is not None or BaselineReading.objects.filter(baseline=baseline, day=day).exists():
        return False
    BaselineReading.objects.create(
        workspace=baseline.workspace, baseline=baseline, day=day, on=on, figures=figures_to_json(figures), at=at
    )
    append_entry(
        workspace=baseline.workspace, by=None, at=at, verb="read baseline", target=f"baseline {baseline.key}",
        detail={"day": day},
    )  # fmt: skip
    return True


@transaction.atomic
def mark_step(
    *, baseline: Baseline, step: str, by: Person, at: datetime, passed: bool = False, note: str = ""
) -> InstallStep:
    """A step was done, by somebody's word; or is passed over, which needs a reason. Said again, the newest counts."""
    note = " ".join(note.split())[:LONGEST_NOTE]
    if step not in BY_ID:
        raise UserError("There is no such step: choose one of those on the page.")
    if passed and not note:
        raise UserError("Write why it is passed over: whoever takes over must know.")
    baseline = _held(baseline)
    made, _ = InstallStep.objects.update_or_create(
        baseline=baseline, step=step,
        defaults={
            "workspace": baseline.workspace, "state": "passed" if passed else "done", "by": by, "at": at,
            "note_id": find_wording(baseline.workspace, note),
        },
    )  # fmt: skip
    append_entry(
        workspace=baseline.workspace, by=by, at=at, verb="mark step", target=f"baseline {baseline.key}",
        detail={"step": step, "passed": passed},
    )  # fmt: skip
    return made


@transaction.atomic
def unmark_step(*, baseline: Baseline, step: str, by: Person, at: datetime) -> None:
    """Undo of a word; nothing where there was none."""
    baseline = _held(baseline)
    gone, _ = InstallStep.objects.filter(baseline=baseline, step=step).delete()
    if gone:
        append_entry(
            workspace=baseline.workspace, by=by, at=at, verb="unmark step", target=f"baseline {baseline.key}",
            detail={"step": step},
        )  # fmt: skip


def _held(baseline: Baseline) -> Baseline:
    return Baseline.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=baseline.pk)
