"""One call of every action before and after a review: answers, disputes, what is settled, agendas and minutes sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from headway.store.actions import agendas, before, minutes
from headway.store.models import AgendaItem, Review, SlackHook
from tests.cast import NOW

if TYPE_CHECKING:
    from tests.durability.scenarios import Ground

AT = NOW + timedelta(hours=1)


def on_agenda(g: Ground) -> object:
    """Tomorrow's review with Bob's deal on it."""
    review = Review.objects.create(
        workspace=g.workspace, kind="pipeline", name="Pipeline review", leader=g.cast.alice, minutes=30,
        due_at=AT + timedelta(days=1), prepared_at=NOW,
    )  # fmt: skip
    return AgendaItem.objects.create(workspace=g.workspace, review=review, deal=g.deal, place=1, minutes=5)


def item(g: Ground) -> AgendaItem:
    """The item as views get it."""
    rows = AgendaItem.objects.select_related("review__leader", "review__workspace", "deal__owner", "workspace")
    return rows.order_by("-pk")[0]


def settled(g: Ground) -> object:
    """The same, off the agenda."""
    on_agenda(g)
    return before.settle_before(item=item(g), **g.who)


def over(g: Ground) -> None:
    """The same review closed, in a workspace that has a Slack channel."""
    on_agenda(g)
    Review.objects.update(state="empty", opened_at=AT, closed_at=AT)
    SlackHook.objects.create(workspace=g.workspace, hook="sealed", by=g.cast.alice, at=NOW)


def review(g: Ground) -> Review:
    """The review as actions get it."""
    return Review.objects.select_related("workspace", "leader", "rhythm", "reason").get(pk=g.last(Review).pk)


BEFORE: dict[str, tuple[Callable[[Ground], object], Callable[[Ground], object]]] = {
    "agendas.prepare_agenda": (on_agenda, lambda g: agendas.prepare_agenda(review=review(g), at=AT)),
    "before.answer_before": (
        on_agenda, lambda g: before.answer_before(item=item(g), account="Signed.", heard="On Friday.", **g.who),
    ),
    "before.dispute_before": (
        on_agenda, lambda g: before.dispute_before(item=item(g), about="Skipped a stage.", reason="No", **g.who),
    ),
    "before.settle_before": (on_agenda, lambda g: before.settle_before(item=item(g), **g.who)),
    "before.unsettle_before": (settled, lambda g: before.unsettle_before(item=item(g), **g.who)),
    "minutes.send_agenda": (on_agenda, lambda g: minutes.send_agenda(review=review(g), at=AT)),
    "minutes.send_minutes": (over, lambda g: minutes.send_minutes(review=review(g), at=AT)),
}  # fmt: skip
