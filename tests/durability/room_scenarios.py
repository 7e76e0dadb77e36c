"""One call of every action of holding a review, as `scenarios` has them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from headway.reviews.decisions import Promised, Terms
from headway.reviews.kinds import What
from headway.store.actions import deal_calls, decisions, reviews
from headway.store.models import AgendaItem, Decision, Review
from tests.cast import NOW

AT = NOW + timedelta(hours=1)
PROMISE = Promised("Bob Adler", "Send Petra the form", "signs the form", "Petra Purchase", date(2026, 3, 9))


def due(g: Any) -> Review:
    """A review of two deals that is due."""
    review = Review.objects.create(
        workspace=g.workspace, kind="pipeline", name="Monday", leader=g.cast.alice, due_at=NOW, minutes=30,
        prepared_at=NOW, shown_at=NOW,
    )  # fmt: skip
    item = AgendaItem(workspace=g.workspace, review=review, deal=g.deal, place=1, minutes=5)
    item.save()
    return review


def running(g: Any) -> Review:
    """One that is open."""
    return reviews.open_review(review=due(g), by=g.cast.alice, at=NOW)


def decided(g: Any) -> Decision:
    """A decision with everything that may hang on one."""
    return decisions.decide(
        item=item_of(running(g)), what=What.BACK, terms=Terms(stage="Problem identified"), promise=PROMISE, **g.who
    )


def passed(g: Any) -> None:
    """An item that was passed over."""
    reviews.pass_over(item=item_of(running(g)), by=g.cast.bob, at=NOW)


def item_of(review: Review) -> AgendaItem:
    """Its item."""
    return AgendaItem.objects.select_related("review__workspace", "deal__workspace").get(review=review)


def here(g: Any) -> dict[str, Any]:
    """Arguments of an action on the running review."""
    return {"review": g.last(Review), "by": g.cast.bob, "at": AT}


ROOM: dict[str, tuple[Any, Any]] = {
    "reviews.open_review": (due, lambda g: reviews.open_review(**here(g))),
    "reviews.join_review": (running, lambda g: reviews.join_review(**here(g))),
    "reviews.turn_to": (
        lambda g: (
            running(g),
            AgendaItem.objects.create(workspace=g.workspace, review=g.last(Review), subject="x", place=2, minutes=1),
        ),
        lambda g: reviews.turn_to(item=g.last(AgendaItem), **here(g)),
    ),
    "reviews.answer": (
        running,
        lambda g: reviews.answer(item=item_of(g.last(Review)), question="where", text="There", by=g.cast.bob, at=AT),
    ),
    "deal_calls.record_deal_call": (
        lambda g: deal_calls.record_deal_call(deal=g.deal, review=running(g), chance=0.5, by=g.cast.alice, at=AT),
        lambda g: deal_calls.record_deal_call(deal=g.deal, chance=0.7, **here(g)),
    ),
    "deal_calls.open_calls": (
        running, lambda g: deal_calls.open_calls(item=item_of(g.last(Review)), by=g.cast.bob, at=AT),
    ),
    "reviews.pass_over": (running, lambda g: reviews.pass_over(item=item_of(g.last(Review)), by=g.cast.bob, at=AT)),
    "reviews.take_up": (passed, lambda g: reviews.take_up(item=item_of(g.last(Review)), by=g.cast.bob, at=AT)),
    "reviews.close_review": (decided, lambda g: reviews.close_review(**here(g))),
    "decisions.decide": (
        lambda g: running(g),
        lambda g: decisions.decide(
            item=item_of(g.last(Review)), what=What.CORRECT, note="Wrong since May",
            terms=Terms(corrected=("close date", "owner"), close_on=date(2026, 6, 1), owner="Nora New"),
            promise=PROMISE, **g.who,
        ),
    ),
    "decisions.take_back_decision": (
        decided, lambda g: decisions.take_back_decision(decision=g.last(Decision), by=g.cast.bob, at=AT),
    ),
}  # fmt: skip
