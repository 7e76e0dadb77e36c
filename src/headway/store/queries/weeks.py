"""The weeks of a person's habit: their own self-reviews, which nobody else is shown, and the reviews they were in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from headway.evidence.kinds import Standing
from headway.reviews.kinds import HELD_STATES
from headway.store.models import Deal, Holiday, Review, SelfReview
from headway.store.models import SelfReview as SelfReviewRow
from headway.store.queries.access import Access

__all__ = ["SelfReviewRow", "find_self_review", "holidays_of", "kept_days", "list_self_reviews", "list_silent"]

LOOKED_BACK = timedelta(weeks=104)
MOST_SILENT = 200
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


def kept_days(access: Access, today: date) -> set[date]:
    """Days of the last two years that keep the habit: Mondays of self-reviews, and days of reviews one was in."""
    return own_days(access, today) | held_days(access, today)


def own_days(access: Access, today: date) -> set[date]:
    """The Mondays of one's self-reviews. One query."""
    own = SelfReview.objects.filter(
        workspace=access.workspace, person=access.person, week_on__gt=today - LOOKED_BACK, week_on__lte=today
    )
    return set(own.values_list("week_on", flat=True))


def held_days(access: Access, today: date) -> set[date]:
    """The days of reviews held with this person, or led by them; one that decided nothing does not count. One query."""
    zone = ZoneInfo(access.workspace.zone)
    since = datetime.combine(today - LOOKED_BACK, time(), zone)
    held = Review.objects.filter(
        Q(leader=access.person) | Q(people__person=access.person),
        workspace=access.workspace, state__in=[state.value for state in HELD_STATES], opened_at__gte=since,
    )  # fmt: skip
    return {at.astimezone(zone).date() for at in held.values_list("opened_at", flat=True).distinct() if at}


def holidays_of(access: Access, today: date) -> set[date]:
    """Days of the last two years on which nothing was held. One query."""
    found = Holiday.objects.filter(workspace=access.workspace, on__gt=today - LOOKED_BACK, on__lte=today + timedelta(7))
    return set(found.values_list("on", flat=True))


def list_silent(access: Access, owner: int | None, most: int = MOST_SILENT) -> list[Deal]:
    """Open deals whose buyer has gone silent (drifting or quiet), the longest silent first; at most 200. One query.

    Those on which no buyer was ever seen are not among them: of them nothing is known. `owner`: None for everybody's.
    """
    found = Deal.objects.filter(workspace=access.workspace, is_live=True, outcome="", standing__in=SILENT)
    found = found if owner is None else found.filter(owner=owner)
    return list(found.order_by("last_buyer_act_at", "pk")[:most])
