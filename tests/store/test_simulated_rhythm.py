"""The demo's past reviews: as the history has them, each deal with what followed, promises settled by evidence."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from headway.deals.events import EventKind
from headway.reviews.agenda_deal import deal_from
from headway.reviews.kinds import ReviewKind
from headway.store.actions.deals import add_deal, claim_stage
from headway.store.actions.evidence import record_buyer_act, record_evidence
from headway.store.actions.rhythms import Terms, set_rhythm
from headway.store.actions.simulated_rhythm import record_simulated_reviews
from headway.store.models import AgendaItem, Commitment, Deal, DealCall, Decision, Event, Review, Rhythm
from headway.store.queries.simulated import next_of, recorded_rhythms
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
NAME, WEEK, HOUR = "Weekly North", timedelta(weeks=1), timedelta(hours=1)
FIRST = NOW - 4 * WEEK


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def history(cast: Cast) -> Deal:
    """Four Mondays: held, held, missed, held without anything. The first looked at a deal, which moved the day after;
    ten days later its buyer showed what was promised."""
    for week, kind in enumerate((EventKind.REVIEW_HELD, EventKind.REVIEW_HELD, EventKind.REVIEW_MISSED,
                                 EventKind.REVIEW_HELD)):  # fmt: skip
        at = FIRST + week * WEEK
        Event.objects.create(workspace=cast.workspace, kind=kind.value, name=NAME, happened_at=at, recorded_at=at)
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=FIRST - WEEK, owner="Bob Adler")
    Deal.objects.filter(pk=deal.pk).update(team="North")
    stages = process_of(cast.version).stages
    who = {"deal": deal, "by": cast.bob}
    claim_stage(**who, stage=stages[0].name, at=FIRST - WEEK)
    record_buyer_act(**who, what="reply", happened_at=FIRST - HOUR, contact="Petra", at=FIRST - HOUR)
    looked = FIRST + timedelta(minutes=5)
    Event.objects.create(workspace=cast.workspace, deal=deal, kind=EventKind.DEAL_INSPECTED.value, name=NAME,
                         happened_at=looked, recorded_at=looked)  # fmt: skip
    claim_stage(**who, stage=stages[1].name, at=FIRST + timedelta(days=1))
    shown = FIRST + timedelta(days=10)
    record_evidence(**who, milestone=stages[0].milestones[0].id, source="quote", grade=1, happened_at=shown,
                    quote="Yes", contact="Petra", at=shown)  # fmt: skip
    return deal


def rhythm_of(cast: Cast) -> Rhythm:
    (found,) = recorded_rhythms(cast.workspace, NOW)
    terms = Terms(name=found.name, leader=cast.alice, people=(cast.alice, cast.bob), first_on=found.first_at.date(),
                  starts=time(15), zone="UTC", rule=found.rule, minutes=30, team=found.team)  # fmt: skip
    return set_rhythm(workspace=cast.workspace, kind=ReviewKind.PIPELINE, terms=terms, by=cast.alice, at=NOW)


def test_what_the_history_knows_of_reviews_is_read(cast: Cast) -> None:
    history(cast)
    (found,) = recorded_rhythms(cast.workspace, NOW)
    assert (found.name, found.first_at, found.rule, found.team) == (NAME, FIRST, "FREQ=WEEKLY;BYDAY=MO", "North")
    assert found.team_of(cast.bob) == "North"
    assert recorded_rhythms(cast.workspace, FIRST + WEEK) == []


def test_each_occurrence_is_a_review_with_what_followed(cast: Cast) -> None:
    deal = history(cast)
    rhythm = rhythm_of(cast)
    assert record_simulated_reviews(rhythm=rhythm, by=cast.alice, at=NOW) == 4
    past = Review.objects.filter(rhythm=rhythm, due_at__lt=NOW).order_by("due_at")
    assert [one.state for one in past] == ["held", "empty", "skipped", "empty"]
    item = AgendaItem.objects.get()
    shown = deal_from(item.facts)
    assert (item.deal, item.state, shown.last_act.contact if shown.last_act else "") == (deal, "done", "Petra")
    made = Decision.objects.get()
    stages = process_of(cast.version).stages
    assert (made.what, made.about["from"], made.about["to"]) == ("forward", stages[0].name, stages[1].name)
    assert "simulated" in (made.note.text or "" if made.note else "")
    assert {call.by for call in DealCall.objects.all()} == {cast.alice, cast.bob}
    assert next_of(rhythm, NOW) is not None


def test_promises_end_as_the_simulation_has_it(cast: Cast) -> None:
    history(cast)
    record_simulated_reviews(rhythm=rhythm_of(cast), by=cast.alice, at=NOW)
    bob = Commitment.objects.get(person=cast.bob)
    assert (bob.state, bob.milestone) == ("kept", process_of(cast.version).stages[0].milestones[0].id)
    own = Commitment.objects.filter(person=cast.alice).order_by("due_on")
    assert [one.state for one in own] == ["kept", "broken"]


def test_twice_is_once(cast: Cast) -> None:
    history(cast)
    rhythm = rhythm_of(cast)
    record_simulated_reviews(rhythm=rhythm, by=cast.alice, at=NOW)
    before = (Review.objects.count(), Decision.objects.count(), Commitment.objects.count(), DealCall.objects.count())
    assert record_simulated_reviews(rhythm=rhythm, by=cast.alice, at=NOW) == 0
    assert before == (
        Review.objects.count(), Decision.objects.count(), Commitment.objects.count(), DealCall.objects.count(),
    )  # fmt: skip
