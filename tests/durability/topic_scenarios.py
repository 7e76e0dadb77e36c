"""One call of every action of process reviews, and of the demo's rhythm, as `scenarios` has them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from headway.deals.events import EventKind
from headway.reviews.decisions import Promised
from headway.reviews.kinds import ReviewKind, What
from headway.store.actions import deals, process_review, reviews, rhythms, simulated_rhythm, topic_decisions
from headway.store.models import AgendaItem, Decision, Event, Review, Rhythm
from tests.cast import NOW
from tests.web.process_reviews import make_process_review

NAME = "Weekly"
PROMISE = Promised("Alice Adler", "Publish the draft", "New deals are asked by it", "", date(2026, 3, 9))


def due(g: Any) -> Review:
    """A process review with topics, and deals enough for other ones when it is prepared again."""
    for n in range(12):
        deals.add_deal(workspace=g.workspace, name=f"Deal {n}", by=g.cast.bob, at=NOW, owner="Bob Adler")
    return make_process_review(g.workspace, g.cast.alice)


def running(g: Any) -> Review:
    """One that is open."""
    return reviews.open_review(review=make_process_review(g.workspace, g.cast.alice), by=g.cast.alice, at=NOW)


def step(g: Any) -> AgendaItem:
    """Its topic that is a step."""
    return AgendaItem.objects.select_related("review", "workspace").get(subject__startswith="step")


def changed(g: Any) -> None:
    """A change that was decided, with a promise."""
    running(g)
    topic_decisions.decide_topic(
        item=step(g), what=What.CHANGE, way="drop", reason="It costs time", promise=PROMISE, **g.who
    )


def tried(g: Any) -> None:
    """A trial that was decided."""
    running(g)
    topic_decisions.decide_topic(item=step(g), what=What.TRIAL, reason="To be sure", **g.who)


def simulated(g: Any) -> None:
    """A history that knows two reviews, one of which looked at the deal, and a rhythm of their name."""
    deal = g.deal
    for week, kind in ((2, EventKind.REVIEW_HELD), (1, EventKind.REVIEW_MISSED)):
        at = NOW - timedelta(weeks=week)
        Event.objects.create(workspace=g.workspace, kind=kind.value, name=NAME, happened_at=at, recorded_at=at)
    looked = NOW - timedelta(weeks=2) + timedelta(minutes=5)
    Event.objects.create(workspace=g.workspace, deal=deal, kind=EventKind.DEAL_INSPECTED.value, name=NAME,
                         happened_at=looked, recorded_at=looked)  # fmt: skip
    terms = rhythms.Terms(name=NAME, leader=g.cast.alice, people=(g.cast.alice,), first_on=NOW.date(), starts=time(15),
                          zone="UTC", rule="FREQ=WEEKLY;BYDAY=MO", minutes=30)  # fmt: skip
    rhythms.set_rhythm(workspace=g.workspace, kind=ReviewKind.PIPELINE, terms=terms, by=g.cast.alice, at=NOW)


TOPICS: dict[str, tuple[Any, Any]] = {
    "process_review.prepare_topics": (
        due, lambda g: process_review.prepare_topics(review=g.last(Review), at=NOW + timedelta(hours=1)),
    ),
    "topic_decisions.decide_topic": (
        running,
        lambda g: topic_decisions.decide_topic(
            item=step(g), what=What.CHANGE, way="drop", reason="It costs time", promise=PROMISE, **g.who
        ),
    ),
    "topic_decisions.decide_topic trial": (
        running, lambda g: topic_decisions.decide_topic(item=step(g), what=What.TRIAL, reason="To be sure", **g.who),
    ),
    "topic_decisions.take_back_topic": (
        changed, lambda g: topic_decisions.take_back_topic(decision=g.last(Decision), **g.who),
    ),
    "topic_decisions.take_back_topic trial": (
        tried, lambda g: topic_decisions.take_back_topic(decision=g.last(Decision), **g.who),
    ),
    "simulated_rhythm.record_simulated_reviews": (
        simulated, lambda g: simulated_rhythm.record_simulated_reviews(rhythm=g.last(Rhythm), **g.who),
    ),
}  # fmt: skip
