"""The weeks of a person's habit: their own self-reviews, which nobody else is shown, and the reviews they were in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import CharField, F, Q, TextField, Value
from django.db.models.functions import TruncDate

from headway.evidence.kinds import Standing
from headway.reviews.kinds import HELD_STATES
from headway.store.models import Deal, Holiday, Review, SelfReview
from headway.store.queries.access import Access
from headway.store.queries.deal_chances import with_chances
from headway.store.queries.my_deals import UNUSED

LOOKED_BACK = timedelta(weeks=104)
MOST_SILENT = 60
UNKNOWN = datetime.max.replace(tzinfo=UTC)


def _said(word: str) -> Value:
    return Value(word, output_field=CharField())


EMPTY = {name: Value("", output_field=TextField()) for name in ("one", "two", "three")}
SILENT = (Standing.DRIFTING.value, Standing.QUIET.value)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A self-review: the Monday of its week and the three answers, empty where none was given."""

    monday: date
    moved: str
    stuck: str
    next: str


@dataclass(frozen=True, slots=True)
class Habit:
    """One's own self-reviews, the newest first; days of reviews one was in; days on which nothing is held."""

    own: tuple[OwnWeek, ...]
    held: frozenset[date]
    off: frozenset[date]


def habit_of(access: Access, today: date) -> Habit:
    """The last two years of this person, of whom alone it is: nobody else is ever handed the answers. One query.

    A review counts that was held with this person or led by them, and decided something.
    """
    zone, since = ZoneInfo(access.workspace.zone), today - LOOKED_BACK
    own = SelfReview.objects.filter(workspace=access.workspace, person=access.person, week_on__gt=since)
    held = Review.objects.filter(
        Q(leader=access.person) | Q(people__person=access.person),
        workspace=access.workspace, state__in=[state.value for state in HELD_STATES],
        opened_at__gte=datetime.combine(since, time(), zone),
    )  # fmt: skip
    off = Holiday.objects.filter(workspace=access.workspace, on__gt=since, on__lte=today + timedelta(days=7))
    columns = ("what", "day", "one", "two", "three")
    found = (
        own.annotate(what=_said("own"), day=F("week_on"), one=F("moved__text"), two=F("stuck__text"))
        .annotate(three=F("next__text"))
        .values_list(*columns)
        .union(
            held.annotate(what=_said("held"), day=TruncDate("opened_at", tzinfo=zone), **EMPTY).values_list(*columns),
            off.annotate(what=_said("off"), day=F("on"), **EMPTY).values_list(*columns),
        )
    )
    rows = list(found)
    weeks = [OwnWeek(day, one or "", two or "", three or "") for what, day, one, two, three in rows if what == "own"]
    return Habit(
        own=tuple(sorted(weeks, key=lambda week: week.monday, reverse=True)),
        held=frozenset(day for what, day, *_ in rows if what == "held"),
        off=frozenset(day for what, day, *_ in rows if what == "off"),
    )


def list_to_move(access: Access, owner: int | None, most: int) -> tuple[list[Deal], list[Deal]]:
    """(the `most` open deals where an hour changes most, those whose buyer went silent, the longest first). One query.

    Silent: drifting or quiet, at most 60; where no buyer was ever seen nothing is known. `owner`: None for all deals.
    """
    found = Deal.objects.filter(workspace=access.workspace, is_live=True, outcome="")
    found = found if owner is None else found.filter(owner=owner)
    first = found.order_by("-attention", "pk").values("pk")[:most]
    both = found.filter(Q(pk__in=first) | Q(standing__in=SILENT)).select_related("owner", "version").defer(*UNUSED)
    rows = list(with_chances(both.order_by("-attention", "pk"), access.workspace)[: MOST_SILENT + most])
    for row in rows:
        row.workspace = access.workspace
    silent = [row for row in rows if row.standing in SILENT]
    return rows[:most], sorted(silent, key=lambda row: (row.last_buyer_act_at or UNKNOWN, row.pk))
