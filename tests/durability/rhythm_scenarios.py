"""One call of every action on rhythms, their occurrences, holidays and calendar addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from headway.reviews.holidays import FreeDay
from headway.store.actions import calendar_links, holidays, laying_out, occurrences, rhythms
from headway.store.models import CalendarLink, Review, Rhythm
from tests.cast import NOW
from tests.rhythms import next_of, weekly

if TYPE_CHECKING:
    from tests.durability.scenarios import Ground

AT = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=30)
TERMS = rhythms.Terms(
    name="Pipeline review", leader=None, people=(), first_on=date(2026, 3, 4), starts=time(10), zone="Europe/Berlin",  # type: ignore[arg-type]
    rule="FREQ=WEEKLY;BYDAY=WE", minutes=30,
)  # fmt: skip


def terms(g: Ground, **other: object) -> rhythms.Terms:
    """Alice leads, Bob takes part."""
    return replace(TERMS, leader=g.cast.alice, people=(g.cast.alice, g.cast.bob), **other)  # type: ignore[arg-type]


def nothing(g: Ground) -> None:
    """The deal and the cast are enough."""


def set_one(g: Ground) -> Rhythm:
    """A weekly rhythm with Bob, laid out."""
    return weekly(g.workspace, g.cast.alice, NOW, g.cast.bob)


def held(g: Ground) -> Rhythm:
    """The rhythm as it is now."""
    return Rhythm.objects.select_related("workspace", "leader").get()


def ended(g: Ground) -> object:
    """The rhythm has ended."""
    return rhythms.end_rhythm(rhythm=set_one(g), by=g.cast.alice, at=NOW)


def skipped(g: Ground) -> object:
    """Its next occurrence is skipped."""
    return occurrences.skip_review(review=next_of(set_one(g)), reason="Fair", by=g.cast.alice, at=NOW)


def free(g: Ground) -> object:
    """The day of the next occurrence is a holiday."""
    set_one(g)
    return holidays.add_holidays(workspace=g.workspace, days=[FreeDay(date(2026, 3, 3))], by=g.cast.alice, at=NOW)


def linked(g: Ground) -> object:
    """Alice has a calendar address."""
    return calendar_links.make_calendar_link(workspace=g.workspace, person=g.cast.alice, at=NOW)


def unlinked(g: Ground) -> object:
    """She has revoked it."""
    linked(g)
    return calendar_links.revoke_calendar_link(workspace=g.workspace, person=g.cast.alice, by=g.cast.alice, at=NOW)


Step = Callable[["Ground"], object]
RHYTHM: dict[str, tuple[Step, Step]] = {
    "rhythms.set_rhythm": (
        nothing, lambda g: rhythms.set_rhythm(workspace=g.workspace, kind="pipeline", terms=terms(g), **g.who),
    ),
    "rhythms.change_rhythm": (
        set_one, lambda g: rhythms.change_rhythm(rhythm=held(g), terms=terms(g, starts=time(14)), **g.who),
    ),
    "rhythms.end_rhythm": (set_one, lambda g: rhythms.end_rhythm(rhythm=held(g), **g.who)),
    "rhythms.resume_rhythm": (ended, lambda g: rhythms.resume_rhythm(rhythm=held(g), **g.who)),
    "laying_out.lay_out": (set_one, lambda g: laying_out.lay_out(rhythm=held(g), at=LATER)),
    "occurrences.pass_by": (set_one, lambda g: occurrences.pass_by(review=next_of(held(g)), at=LATER)),
    "occurrences.skip_review": (
        set_one, lambda g: occurrences.skip_review(review=next_of(held(g)), reason="Fair", **g.who),
    ),
    "occurrences.restore_review": (
        skipped, lambda g: occurrences.restore_review(review=Review.objects.get(state="skipped"), **g.who),
    ),
    "occurrences.move_review": (
        set_one, lambda g: occurrences.move_review(review=next_of(held(g)), due_at=AT + timedelta(days=2), **g.who),
    ),
    "occurrences.begin_review_now": (
        nothing,
        lambda g: occurrences.begin_review_now(
            workspace=g.workspace, kind="pipeline", name="Now", team="", leader=g.cast.alice, minutes=30, **g.who
        ),
    ),
    "holidays.add_holidays": (
        set_one, lambda g: holidays.add_holidays(workspace=g.workspace, days=[FreeDay(date(2026, 3, 3))], **g.who),
    ),
    "holidays.remove_holiday": (
        free, lambda g: holidays.remove_holiday(workspace=g.workspace, on=date(2026, 3, 3), **g.who),
    ),
    "calendar_links.make_calendar_link": (
        linked, lambda g: calendar_links.make_calendar_link(workspace=g.workspace, person=g.cast.alice, at=AT),
    ),
    "calendar_links.revoke_calendar_link": (
        linked, lambda g: calendar_links.revoke_calendar_link(workspace=g.workspace, person=g.cast.alice, **g.who),
    ),
    "calendar_links.restore_calendar_link": (
        unlinked,
        lambda g: calendar_links.restore_calendar_link(
            workspace=g.workspace, person=g.cast.alice, link=CalendarLink.objects.get().pk, **g.who
        ),
    ),
}  # fmt: skip
