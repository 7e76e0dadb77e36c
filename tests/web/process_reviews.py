"""A process review with topics, for tests of its screens and its actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from headway.reviews.kinds import ReviewKind, What
from headway.reviews.process_topics import About, Cost, Figure, Topic, facts_of
from headway.store.models import AgendaItem, Person, Review, Workspace
from tests.cast import NOW

STEP, WORDS = "ask_for_second_voice", "Ask who else has the problem, and for an introduction"
MILESTONE = "problem_stated"
PROCESS = "Selling to a buying group"


def topic(
    about: About = About.STEP, id: str = STEP, word: str = "process", process: str = PROCESS, **given: object
) -> Topic:
    """A topic on a step that wins no deals."""
    told: dict[str, object] = {
        "title": WORDS, "sentence": "Deals without it were won as often as the others.", "to_know": "A trial.",
        "proposed": What.CHANGE, "so": "Rewrite or drop it.", "currency": "EUR", "cost": Cost(hours=40),
        "figures": (Figure("left out", 0.46, 430, 0.41, 0.51), Figure("won without", 0.02, 430, -0.05, 0.09, "points")),
        "cost_amount": 12_000.0, "cost_words": "40 hours × €300 sold an hour",
    }  # fmt: skip
    return Topic(about=about, id=id, word=word, process=process, **(told | given))  # type: ignore[arg-type]


def topics() -> tuple[Topic, ...]:
    """One that a process holds as a step, one as a milestone, and one that no process holds."""
    return (
        topic(),
        topic(About.MILESTONE, MILESTONE, "met by nobody", title="They say in their own words what is wrong"),
        topic(About.FIELD, "segment", "hardly ever filled", "", title="Segment", figures=(), provisional=True),
    )


def make_process_review(
    workspace: Workspace, leader: Person, made: tuple[Topic, ...] | None = None, due_at: datetime = NOW
) -> Review:
    """Prepared, and not open yet."""
    review = Review.objects.create(
        workspace=workspace, kind=ReviewKind.PROCESS.value, name="Process review", leader=leader, due_at=due_at,
        minutes=30, prepared_at=due_at - timedelta(days=1), shown_at=due_at,
    )  # fmt: skip
    for place, one in enumerate(topics() if made is None else made, 1):
        AgendaItem.objects.create(
            workspace=workspace, review=review, subject=one.subject, place=place, minutes=6, value=one.cost_amount,
            why=[one.sentence], facts=facts_of(one),
        )  # fmt: skip
    return review
