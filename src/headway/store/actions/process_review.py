"""Prepare the topics of a process review. What is decided on them stands in `topic_decisions`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from headway.basics.money import money_text
from headway.reviews.kinds import Held
from headway.reviews.process_topics import MINUTES_EACH, Topic, chosen, facts_of
from headway.store.actions.audit import append_entry
from headway.store.models import AgendaItem, Review
from headway.store.queries.agenda_scope import broken_by_leader, scope_of
from headway.store.queries.clock import shown_at
from headway.store.queries.process_topics import topics_now

OPEN = (Held.DUE.value, Held.RUNNING.value, Held.SKIPPED.value)
WAITING = "waiting"
MOST_FOR_LEADER = 3  # minutes for broken promises of whoever leads, one each, as on agendas of deals


@transaction.atomic
def prepare_topics(*, review: Review, at: datetime) -> Review:
    """Fill the agenda of a process review as of `at`; prepared again, only topics that still wait are replaced.

    A topic that was settled before, decided or passed over stays as it was and takes its share of the minutes, and so
    does the one that is talked about. A review that is over stays as it is.
    """
    held = Review.objects.select_for_update(of=("self",)).select_related("workspace", "leader", "rhythm")
    review = held.get(pk=review.pk)
    if review.state not in OPEN:
        return review
    items = list(AgendaItem.objects.filter(review=review, deal=None).order_by("place", "pk"))
    kept = [item for item in items if item.state != WAITING or item.pk == review.at_item_id or _spoken_of(item)]
    first = min(MOST_FOR_LEADER, broken_by_leader(scope_of(review, at)))  # whoever leads begins with these
    left = review.minutes - first - MINUTES_EACH * len(kept)
    topics = topics_now(review.workspace, at)
    new = chosen(topics, left, [item.subject for item in kept]) if left >= MINUTES_EACH or not kept else ()
    stays = {item.pk for item in kept}
    gone = [item for item in items if item.pk not in stays]
    if [_row(item) for item in gone] == [_seen(topic) for topic in new] and review.prepared_at is not None:
        return review  # nothing has changed: nobody's page has to be drawn anew
    AgendaItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    after = 1 + max((item.place for item in kept), default=0)
    AgendaItem.objects.bulk_create(
        AgendaItem(
            workspace=review.workspace, review=review, subject=topic.subject, place=after + number,
            minutes=MINUTES_EACH, value=topic.cost_amount, why=_why(topic), facts=facts_of(topic),
        )
        for number, topic in enumerate(new)
    )  # fmt: skip
    review.prepared_at, review.shown_at = at, shown_at(review.workspace, at)
    review.save(update_fields=["prepared_at", "shown_at"])
    Review.objects.filter(pk=review.pk).update(revision=F("revision") + 1)
    append_entry(
        workspace=review.workspace, by=None, at=at, verb="prepare topics", target=f"review {review.key}",
        detail={"topics": len(new), "kept": len(kept)},
    )  # fmt: skip
    review.refresh_from_db(fields=["revision"])
    return review


def _spoken_of(item: AgendaItem) -> bool:
    """Something was written to it, decided on it (also if taken back), or promised: it must not be lost."""
    return item.answers.exists() or item.decisions.exists() or item.commitments.exists()


def _why(topic: Topic) -> list[str]:
    if not topic.cost_words:
        return [topic.sentence]
    return [topic.sentence, f"About {money_text(topic.cost_amount, topic.currency)} a year: {topic.cost_words}."]


def _row(item: AgendaItem) -> tuple[str, object]:
    return item.subject, item.facts


def _seen(topic: Topic) -> tuple[str, object]:
    return topic.subject, _as_stored(facts_of(topic))


def _as_stored(facts: object) -> object:
    """As the database gives JSON back: tuples as lists, words of closed lists as texts."""
    if isinstance(facts, dict):
        return {name: _as_stored(value) for name, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_as_stored(value) for value in facts]
    return str(facts) if isinstance(facts, str) else facts
