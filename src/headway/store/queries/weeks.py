"""The weeks of a person's habit: their own self-reviews, which nobody else is shown, and the reviews they were in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, IntegerField, Q, Value
from django.db.models.functions import TruncDate

from headway.evidence.kinds import Standing
from headway.reviews.kinds import HELD_STATES
from headway.store.models import Deal, Holiday, Review, SelfReview
from headway.store.models import SelfReview as SelfReviewRow
from headway.store.queries.access import Access
from headway.store.queries.deal_chances import with_chances
from headway.store.queries.my_deals import UNUSED

__all__ = ["SelfReviewRow", "find_self_review", "habit_days", "list_self_reviews", "list_to_move"]

LOOKED_BACK = timedelta(weeks=104)
MOST_SILENT = 200
UNKNOWN = datetime.max.replace(tzinfo=UTC)
SILENT = (Standing.DRIFTING.value, Standing.QUIET.value)


def list_self_reviews(access: Access, most: int = 104) -> list[SelfReview]:
    """One's own, the newest first, with their words."""
    found = SelfReview.objects.select_related("moved", "stuck", "next").filter(
        workspace=access.workspace, person=access.person
    )
    return list(found.order_by("-week_on")[:most])


def find_self_review(access: Access, monday: date) -> SelfReview | None:
    """One's own of this week."""
    found = SelfReview.objects.select_related("moved", "stuck", "next")
    return found.filter(workspace=access.workspace, person=access.person, week_on=monday).first()


def habit_days(access: Access, today: date) -> tuple[set[date], set[date]]:
    """(days of reviews held with this person or led by them, holidays) of the last two years. One query.

    A review that decided nothing does not count.
    """
    zone = ZoneInfo(access.workspace.zone)
    since = datetime.combine(today - LOOKED_BACK, time(), zone)
    held = Review.objects.filter(
        Q(leader=access.person) | Q(people__person=access.person),
        workspace=access.workspace, state__in=[state.value for state in HELD_STATES], opened_at__gte=since,
    )  # fmt: skip
    off = Holiday.objects.filter(workspace=access.workspace, on__gt=today - LOOKED_BACK, on__lte=today + timedelta(7))
    days = held.annotate(day=TruncDate("opened_at", tzinfo=zone), is_off=_marked(False)).values_list("day", "is_off")
    both = days.union(off.annotate(day=F("on"), is_off=_marked(True)).values_list("day", "is_off"))
    found: tuple[set[date], set[date]] = set(), set()
    for day, is_off in both:
        found[bool(is_off)].add(day)
    return found


def list_to_move(access: Access, owner: int | None, most: int) -> tuple[list[Deal], list[Deal]]:
    """(the `most` open deals where an hour changes most, those whose buyer went silent, the longest first). One query.

    Silent: drifting or quiet, at most 200; where no buyer was ever seen nothing is known. `owner`: None for all deals.
    """
    found = Deal.objects.filter(workspace=access.workspace, is_live=True, outcome="")
    found = found if owner is None else found.filter(owner=owner)
    first = found.order_by("-attention", "pk").values("pk")[:most]
    both = found.filter(Q(pk__in=first) | Q(standing__in=SILENT)).select_related("owner").defer(*UNUSED)
    rows = list(with_chances(both.order_by("-attention", "pk"), access.workspace)[: MOST_SILENT + most])
    for row in rows:
        row.workspace = access.workspace
    silent = [row for row in rows if row.standing in SILENT]
    return rows[:most], sorted(silent, key=lambda row: (row.last_buyer_act_at or UNKNOWN, row.pk))


def _marked(is_off: bool) -> Value:
    return Value(int(is_off), output_field=IntegerField())
