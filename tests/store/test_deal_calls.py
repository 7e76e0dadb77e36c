"""One's own calls on deals as they are read: which count, what came of them, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from headway.deals.events import Outcome
from headway.store.actions.deal_calls import open_calls, record_deal_call
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.models import AgendaItem, Deal, DealCall, Review
from headway.store.queries.deal_calls import list_own_deal_calls
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")


def reviewed(cast: Cast, deal: Deal, chance: float | None = 0.42) -> Review:
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Weekly", leader=cast.alice, due_at=NOW, minutes=30
    )
    AgendaItem.objects.create(
        workspace=cast.workspace, review=review, deal=deal, place=1, minutes=5, facts={"chance": chance}
    )
    return review


def test_the_last_blind_call_in_a_review_counts_with_the_models_chance_of_then(cast: Cast, deal: Deal) -> None:
    review = reviewed(cast, deal)
    for n, chance in enumerate((0.3, 0.7)):
        record_deal_call(deal=deal, review=review, chance=chance, by=cast.bob, at=NOW + n * HOUR)
    open_calls(item=AgendaItem.objects.get(), by=cast.alice, at=NOW + 2 * HOUR)
    DealCall.objects.create(workspace=cast.workspace, deal=deal, review=review, by=cast.bob, chance=0.9,
                            period="2026-Q1", happened_at=NOW, recorded_at=NOW + 3 * HOUR)  # fmt: skip
    (found,) = list_own_deal_calls(cast.access(cast.bob), NOW)
    assert (found.chance, found.model, found.came) == (0.7, 0.42, None)


def test_what_came_of_it_follows_from_the_deal_and_the_period(cast: Cast, deal: Deal) -> None:
    record_deal_call(deal=deal, review=None, chance=0.7, by=cast.bob, at=NOW)
    decide_deal(deal=deal, outcome=Outcome.WON, by=cast.bob, at=NOW + HOUR)
    other = add_deal(workspace=cast.workspace, name="Other", by=cast.bob, at=NOW, owner="Bob Adler")
    record_deal_call(deal=other, review=reviewed(cast, other, None), chance=0.9, by=cast.bob, at=NOW + HOUR)
    bob = cast.access(cast.bob)
    assert [(one.name, one.came, one.model) for one in list_own_deal_calls(bob, NOW + HOUR)] == [
        ("Other", None, None), ("Fleet renewal", True, None),
    ]  # fmt: skip
    assert [one.came for one in list_own_deal_calls(bob, NOW + timedelta(days=40))] == [False, True]


def test_nobody_elses_calls_are_read(cast: Cast, deal: Deal) -> None:
    record_deal_call(deal=deal, review=None, chance=0.7, by=cast.bob, at=NOW)
    assert list_own_deal_calls(cast.access(cast.alice), NOW) == []
    assert list_own_deal_calls(cast.access(cast.carol), NOW) == []
    assert len(list_own_deal_calls(cast.access(cast.bob), NOW)) == 1
