"""Days on which nothing is held: added, and removed again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.holidays import AT_MOST, FreeDay
from headway.reviews.rhythm import local_day
from headway.store.actions.audit import append_entry
from headway.store.actions.laying_out import clear_away, held_rhythm, is_worked_on, lay_out
from headway.store.models import Holiday, Person, Review, Rhythm, Workspace

KEPT_AT_MOST = 2_000


@transaction.atomic
def add_holidays(*, workspace: Workspace, days: Iterable[FreeDay], by: Person, at: datetime) -> list[date]:
    """Nothing is held on these days; the ones that are new. A day that is there already gets the new name.

    What was laid out on one of them and nobody has worked on is gone, without counting as missed; what somebody has
    worked on stays, to be moved or skipped.
    """
    given = list(days)
    if len(given) > AT_MOST:
        raise UserError(f"These are {len(given)} days: add at most {AT_MOST} at once.")
    rhythms = _held_rhythms(workspace)
    there = {row.on: row for row in Holiday.objects.filter(workspace=workspace)}
    new = {day.on: Holiday(workspace=workspace, on=day.on, name=day.name) for day in given if day.on not in there}
    if len(there) + len(new) > KEPT_AT_MOST:
        raise UserError(f"There are {len(there)} holidays already: remove those long past first.")
    for day in given:
        if day.on in there and there[day.on].name != day.name:
            Holiday.objects.filter(pk=there[day.on].pk).update(name=day.name)
    Holiday.objects.bulk_create(new.values())
    for rhythm in rhythms:
        _clear(rhythm, set(new), at)
        lay_out(rhythm=rhythm, at=at)  # the next one may be another by now
    append_entry(workspace=workspace, by=by, at=at, verb="add holidays", detail={"days": len(new)})
    return sorted(new)


@transaction.atomic
def remove_holiday(*, workspace: Workspace, on: date, by: Person, at: datetime) -> bool:
    """What falls on that day is held again, as far as it lies ahead; whether it was a holiday."""
    rhythms = _held_rhythms(workspace)
    removed, _ = Holiday.objects.filter(workspace=workspace, on=on).delete()
    if removed:
        for rhythm in rhythms:
            lay_out(rhythm=rhythm, at=at)
        append_entry(workspace=workspace, by=by, at=at, verb="remove holiday", detail={"on": on.isoformat()})
    return bool(removed)


def _held_rhythms(workspace: Workspace) -> list[Rhythm]:
    found = Rhythm.objects.filter(workspace=workspace, ended_at=None).order_by("pk")
    return [held_rhythm(rhythm) for rhythm in found]


def _clear(rhythm: Rhythm, days: set[date], at: datetime) -> None:
    if not days:
        return
    near = Review.objects.select_related("workspace").filter(
        rhythm=rhythm, state="due", opened_at=None, due_at__gt=at, due_at__lte=_after(max(days)), moved_from=None
    )
    on_them = [row for row in near if local_day(row.due_at, rhythm.zone) in days]
    clear_away([row for row in on_them if not is_worked_on(row)], "", at)


def _after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=2)
