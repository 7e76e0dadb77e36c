"""The room of a process review as each role meets it, and one's own calls on deals."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.deals.events import Outcome
from headway.reviews.kinds import Held
from headway.store.actions.deal_calls import record_deal_call
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.reviews import open_review
from headway.store.models import AgendaItem, Commitment, Decision, Review, Trial
from headway.store.queries.processes import find_draft
from tests.cast import NOW, Cast, client_of
from tests.web.pages import text_of, to, undo
from tests.web.process_reviews import WORDS, make_process_review, topic

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def post(client: Client, cast: Cast, name: str, item: AgendaItem, **given: str) -> tuple[int, str]:
    answer = client.post(to(cast, name, key=item.review.key, item=item.key), given, follow=True)
    return answer.status_code, answer.content.decode()


def item_of(review: Review, about: str = "step") -> AgendaItem:
    return review.items.get(subject__startswith=about)


def opened(cast: Cast) -> Review:
    return open_review(review=make_process_review(cast.workspace, cast.alice), by=cast.alice, at=NOW)


def test_a_review_is_opened_decided_topic_by_topic_and_closed(cast: Cast) -> None:
    review = make_process_review(cast.workspace, cast.alice)
    alice, room = client_of(cast.alice), to(cast, "process_review", key=review.key)
    before = text_of(alice.get(room))
    assert "It is decided once the review is open." in before
    page = alice.post(to(cast, "process_review_open", key=review.key), follow=True)
    assert WORDS in text_of(page)
    assert "90 % interval −5 to +9, n 430" in text_of(page)
    status, shown = post(
        alice, cast, "topic_decide", item_of(review), what="change", way="drop", reason="It costs time"
    )
    assert (status, "The change stands in the draft." in shown) == (200, True)
    assert to(cast, "process_edit", key=cast.version.process.key) in shown
    assert "Drop the step: It costs time" in shown
    post(alice, cast, "topic_turn", item_of(review, "field"))
    _, shown = post(alice, cast, "topic_decide", item_of(review, "field"), what="nothing", reason="We watch it")
    assert "It stays as it is." in shown
    closed = alice.post(to(cast, "process_review_close", key=review.key), follow=True)
    assert closed.status_code == 200
    review.refresh_from_db()
    assert review.state in (Held.HELD, Held.LATE)
    after = text_of(alice.get(room))
    assert "2 decided" in after
    assert "Take back" not in after


def test_one_press_undoes_a_decision(cast: Cast) -> None:
    review, alice = opened(cast), client_of(cast.alice)
    _, page = post(alice, cast, "topic_decide", item_of(review), what="trial", reason="To be sure")
    assert Trial.objects.count() == 1
    assert "Taken back: the topic waits again." in undo(alice, cast, page).content.decode()
    assert (Trial.objects.count(), Decision.objects.filter(voiding=None).count()) == (0, 0)
    post(alice, cast, "topic_decide", item_of(review), what="change", way="later", days="30", reason="Too short")
    _, page = post(alice, cast, "topic_take_back", item_of(review))
    assert "Taken back" in page
    assert find_draft(cast.version.process) is None
    _, page = post(alice, cast, "topic_pass", item_of(review))
    assert "It is talked about after all." in undo(alice, cast, page).content.decode()
    assert item_of(review).state == "waiting"


def test_what_was_typed_is_kept_where_it_cannot_be_taken(cast: Cast) -> None:
    review, alice = opened(cast), client_of(cast.alice)
    for given, said in (
        ({"what": "change", "way": "drop"}, "Write why in a few words"),
        ({"reason": "Because of it"}, "Choose how it ends."),
        ({"what": "change", "way": "later", "days": "soon", "reason": "Because of it"}, "Write a whole number of days"),
        ({"what": "change", "way": "reword", "words": " ", "reason": "Because of it"}, "Write the other words."),
        ({"what": "nothing", "reason": "Because of it", "promise_what": "Ask them"}, "Give the day by which"),
    ):
        status, page = post(alice, cast, "topic_decide", item_of(review), **given)
        assert (status, said in page) == (422, True), given
        assert all(value.strip() in page for value in given.values())
    assert not Decision.objects.exists()
    day = (datetime.now(UTC).date() + timedelta(days=7)).isoformat()  # pages go by the real clock
    promised = {"promise_what": "Ask them", "promise_shows": "They said so", "promise_due": day}
    post(alice, cast, "topic_decide", item_of(review), what="nothing", reason="Because", **promised)
    assert Commitment.objects.get().person == cast.alice


def test_sellers_take_part_and_leave_the_process_to_whoever_may_change_it(cast: Cast) -> None:
    review, bob = opened(cast), client_of(cast.bob)
    page = text_of(bob.get(to(cast, "process_review", key=review.key)))
    assert "A leader or somebody in operations changes the process" in page
    for what in ("change", "trial"):
        status, page = post(bob, cast, "topic_decide", item_of(review), what=what, way="drop", reason="Why not")
        assert (status, "ask one of them to press it" in page) == (422, True)
    post(client_of(cast.alice), cast, "topic_decide", item_of(review), what="trial", reason="To be sure")
    assert post(bob, cast, "topic_take_back", item_of(review))[0] == 403
    post(bob, cast, "topic_decide", item_of(review, "field"), what="nothing", reason="We never fill it")
    assert Decision.objects.get(what="nothing").by == cast.bob


def test_viewers_read_and_press_nothing(cast: Cast) -> None:
    review, vera = opened(cast), client_of(cast.vera)
    page = vera.get(to(cast, "process_review", key=review.key))
    assert "You read along" in text_of(page)
    assert "<textarea" not in page.content.decode()
    for name in ("process_review_open", "process_review_close"):
        assert vera.post(to(cast, name, key=review.key)).status_code == 403
    for name in ("topic_turn", "topic_pass", "topic_decide", "topic_take_back"):
        given = {"what": "nothing", "reason": "x"}
        assert vera.post(to(cast, name, key=review.key, item=item_of(review).key), given).status_code == 403
    assert not Decision.objects.exists()


def test_carol_finds_nothing(cast: Cast) -> None:
    review, carol = opened(cast), client_of(cast.carol)
    item = item_of(review)
    for where in (cast.workspace.key, cast.elsewhere.key):
        keys = {"w": where, "key": review.key}
        for name in ("process_review", "process_review_changes"):
            assert carol.get(reverse(name, kwargs=keys)).status_code == 404
        for name in ("process_review_open", "process_review_close"):
            assert carol.post(reverse(name, kwargs=keys)).status_code == 404
        for name in ("topic_turn", "topic_pass", "topic_decide", "topic_take_back"):
            assert carol.post(reverse(name, kwargs={**keys, "item": item.key})).status_code == 404
    assert carol.get(to(cast, "my_deal_calls")).status_code == 404


def test_a_review_of_deals_has_its_own_room(cast: Cast) -> None:
    other = Review.objects.create(workspace=cast.workspace, kind="pipeline", name="Weekly", leader=cast.alice,
                                  due_at=NOW, minutes=30)  # fmt: skip
    assert client_of(cast.alice).get(to(cast, "process_review", key=other.key)).status_code == 404


def test_others_see_a_change_at_once_and_nothing_while_nothing_changes(cast: Cast) -> None:
    review, bob = opened(cast), client_of(cast.bob)
    where = to(cast, "process_review_changes", key=review.key)
    seen = bob.get(where, {"after": "0"}).json()["last"]
    assert bob.get(where, {"after": seen}).status_code == 204
    post(client_of(cast.alice), cast, "topic_decide", item_of(review), what="nothing", reason="It stays")
    assert bob.get(where, {"after": seen}).json()["last"] > seen
    assert bob.get(where, {"after": "x" * 30}).status_code == 200


def test_everybody_follows_to_the_topic_that_is_talked_about(cast: Cast) -> None:
    review = opened(cast)
    post(client_of(cast.alice), cast, "topic_turn", item_of(review, "milestone"))
    page = client_of(cast.vera).get(to(cast, "process_review", key=review.key)).content.decode()
    assert re.findall(r'<h2 id="topic-h">([^<]+)', page) == ["They say in their own words what is wrong"]
    own = client_of(cast.vera).get(to(cast, "process_review", key=review.key), {"topic": item_of(review).key})
    assert f'<h2 id="topic-h">{WORDS}' in own.content.decode()


def test_last_time_stands_beside_now(cast: Cast) -> None:
    review, alice = opened(cast), client_of(cast.alice)
    post(alice, cast, "topic_decide", item_of(review), what="trial", reason="To be sure")
    later = make_process_review(cast.workspace, cast.alice, (topic(word="works"),), due_at=NOW + timedelta(days=30))
    page = text_of(alice.get(to(cast, "process_review", key=later.key)))
    assert "A trial : To be sure" in page
    assert "The trial is running." in page
    assert "Verdict process works" in page


def test_pages_cost_few_queries_however_many_topics(cast: Cast) -> None:
    many = tuple(topic(id=f"step_{n}") for n in range(40))
    review, alice = make_process_review(cast.workspace, cast.alice, many), client_of(cast.alice)
    make_process_review(cast.workspace, cast.alice, many, due_at=NOW - timedelta(days=30))
    alice.get(to(cast, "process_review", key=review.key))
    assert queries_of(alice, to(cast, "process_review", key=review.key)) <= MOST_QUERIES
    assert queries_of(alice, to(cast, "process_review_changes", key=review.key) + "?after=0") <= 6
    assert queries_of(alice, to(cast, "my_deal_calls")) <= MOST_QUERIES


def queries_of(client: Client, address: str) -> int:
    """How many queries a page costs, but for those that say on PostgreSQL whose rows are seen."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code in (200, 204)
    return len([query for query in asked if "set_config" not in query["sql"]])


def test_own_calls_are_scored_for_oneself_alone(cast: Cast) -> None:
    bob, alice = client_of(cast.bob), client_of(cast.alice)
    assert "You made no call yet" in text_of(bob.get(to(cast, "my_deal_calls")))
    for n in range(12):
        deal = add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler")
        record_deal_call(deal=deal, review=None, chance=0.7, by=cast.bob, at=NOW)
        if n < 9:
            decide_deal(deal=deal, outcome=Outcome.WON if n % 2 else Outcome.LOST, by=cast.bob, at=NOW)
    # the real clock has passed the period of these calls: what is still open did not come true
    page = text_of(bob.get(to(cast, "my_deal_calls")))
    assert "4 of 12" in page
    assert "One chance for every deal" in page
    assert "You made no call yet" in text_of(alice.get(to(cast, "my_deal_calls")))
