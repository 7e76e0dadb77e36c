"""The screen of a running review: held from the first press to the last, by roles, in few queries, polled in two."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headway.store.actions.deals import add_deal, claim_stage
from headway.store.actions.members import end_membership
from headway.store.actions.reviews import open_review
from headway.store.models import (
    AgendaItem,
    Answer,
    Commitment,
    DealCall,
    Decision,
    Membership,
    Review,
    ReviewPerson,
)
from tests.cast import Cast, client_of
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def make_review(cast: Cast, deals: int = 2) -> Review:
    """Due now, with deals of Bob's on it."""
    now = timezone.now() - timedelta(minutes=1)
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Monday review", leader=cast.alice, due_at=now, minutes=30,
        prepared_at=now, shown_at=now,
    )  # fmt: skip
    for place in range(deals):
        deal = add_deal(workspace=cast.workspace, name=f"Deal {place}", by=cast.bob, at=now, owner="Bob Adler")
        claim_stage(deal=deal, stage="Stakeholders aligned", by=cast.bob, at=now)
        AgendaItem.objects.create(workspace=cast.workspace, review=review, deal=deal, place=place, minutes=5)
    return review


@pytest.fixture
def review(cast: Cast) -> Review:
    made = make_review(cast)
    return open_review(review=made, by=cast.alice, at=timezone.now())


def items(review: Review) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(review=review).select_related("deal").order_by("place"))


def at(cast: Cast, review: Review, name: str, item: int | None = None, **keys: str) -> str:
    keys |= {"key": review.key} | ({} if item is None else {"item": items(review)[item].key})
    return to(cast, name, **keys)


def decide(client: Client, cast: Cast, review: Review, what: str, **given: str) -> HttpResponse:
    return client.post(at(cast, review, "room_decide", 0, what=what), given)


def test_a_review_is_held_without_javascript_from_opening_to_minutes(cast: Cast) -> None:
    review, alice = make_review(cast), client_of(cast.alice)
    assert "It is not open yet" in text_of(alice.get(at(cast, review, "review_room")))
    page = alice.post(at(cast, review, "review_open"), follow=True)
    assert "What is decided?" in text_of(page)
    page = alice.post(at(cast, review, "room_answer", 0), {"question": "where", "text": "They named it"}, follow=True)
    assert "They named it" in page.content.decode()
    page = alice.post(at(cast, review, "room_turn", 1), follow=True)
    assert 'id="room-deal-h"' in page.content.decode()
    assert Review.objects.get().at_item == items(review)[1]
    alice.post(at(cast, review, "room_pass", 1))
    assert items(review)[1].state == "passed"
    answer = decide(alice, cast, review, "back", stage="Problem identified", was_stage="Stakeholders aligned")
    assert answer.status_code == 302
    shown = alice.get(answer["Location"])
    assert "Move the claim back from Stakeholders aligned to Problem identified." in text_of(shown)
    assert items(review)[0].deal.claimed == "Problem identified"
    page = alice.get(at(cast, review, "review_close"))
    assert "Close the review?" in text_of(page)
    page = alice.post(at(cast, review, "review_close"), follow=True)
    assert page.redirect_chain[0][0] == at(cast, review, "review_minutes")
    assert (Review.objects.get().state, page.status_code) == ("held", 200)
    assert alice.get(at(cast, review, "review_room"))["Location"] == at(cast, review, "review_minutes")


def test_closing_without_a_decision_is_said_before_and_without_blame(cast: Cast, review: Review) -> None:
    alice = client_of(cast.alice)
    assert "Nothing was decided yet: close all the same?" in text_of(alice.get(at(cast, review, "review_close")))
    alice.post(at(cast, review, "review_close"))
    alice.post(at(cast, review, "review_close"))
    assert Review.objects.get().state == "empty"


def test_a_decision_is_undone_from_its_toast_and_from_its_line(cast: Cast, review: Review) -> None:
    alice = client_of(cast.alice)
    answer = decide(alice, cast, review, "disqualify", outcome="no_decision", note="They stay as they are")
    assert items(review)[0].deal.outcome == "no_decision"
    undo(alice, cast, answer)
    assert items(review)[0].deal.outcome == ""
    decide(alice, cast, review, "keep")
    key = Decision.objects.latest("pk").key
    bob = client_of(cast.bob)
    bob.post(at(cast, review, "room_take_back", 0), {"decision": key})
    assert items(review)[0].state == "waiting"


def test_what_was_typed_is_kept_where_something_is_missing(cast: Cast, review: Review) -> None:
    alice = client_of(cast.alice)
    given = {
        "ask": "Send the order form", "ask_to": "", "due_on": "soon", "note": "Else May", "p_what": "Follow up",
        "p_owner": "Bob Adler", "p_contact": "Petra", "p_shows": "signs it", "p_due_on": "2040-01-01",
    }  # fmt: skip
    page = decide(alice, cast, review, "plan", **given)
    text = text_of(page)
    assert page.status_code == 422
    assert "Name who at the buyer is asked." in text
    assert "is no day" in text
    assert "“Follow up” has no end" in text
    for typed in ("Send the order form", "Else May", "Follow up", "Petra", "signs it"):
        assert typed in page.content.decode()
    assert not Decision.objects.exists()
    assert not Commitment.objects.exists()


def test_a_decision_carries_a_promise(cast: Cast, review: Review) -> None:
    due = (timezone.now() + timedelta(days=5)).date().isoformat()
    given = {
        "p_what": "Send Petra the order form", "p_owner": "Bob Adler", "p_contact": "Petra Purchase",
        "p_shows": "signs the order form", "p_due_on": due,
    }  # fmt: skip
    answer = decide(client_of(cast.alice), cast, review, "keep", **given)
    assert answer.status_code == 302
    promise = Commitment.objects.select_related("what", "contact").get()
    assert (promise.person, promise.what.text, promise.item) == (cast.bob, given["p_what"], items(review)[0])


def test_who_decided_on_something_that_changed_meanwhile_looks_again(cast: Cast, review: Review) -> None:
    given = {"stage": "Risk assessment completed", "was_stage": "Problem identified"}
    page = decide(client_of(cast.alice), cast, review, "forward", **given)
    assert page.status_code == 422
    assert "Somebody else just changed the stage" in text_of(page)


def test_the_others_calls_are_seen_by_nobody_before_both_are_in(cast: Cast, review: Review) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    alice.post(at(cast, review, "room_call", 0), {"percent": "90"})
    for client in (alice, bob):
        calls = client.get(at(cast, review, "review_room")).content.decode().split('id="room-calls"')[1]
        assert "<progress" not in calls, "not even one's own: the screen may be shared"
    bob.post(at(cast, review, "room_call", 0), {"percent": "30"})
    shown = text_of(bob.get(at(cast, review, "review_room")))
    assert "Alice Adler 90 %" in shown
    assert "Bob Adler 30 %" in shown
    assert bob.post(at(cast, review, "room_call", 0), {"percent": "10"}).status_code == 422
    assert DealCall.objects.count() == 2


def test_one_may_open_the_calls_knowingly(cast: Cast, review: Review) -> None:
    bob = client_of(cast.bob)
    bob.post(at(cast, review, "room_call", 0), {"percent": "70"})
    bob.post(at(cast, review, "room_open_calls", 0))
    assert "Bob Adler 70 %" in text_of(client_of(cast.alice).get(at(cast, review, "review_room")))


def test_viewers_read_and_change_nothing(cast: Cast, review: Review) -> None:
    vera = client_of(cast.vera)
    page = vera.get(at(cast, review, "review_room")).content.decode()
    assert "Five questions" in page
    main = page.split("<main", 1)[1].split("</main>")[0]
    assert "<textarea" not in main
    assert "<form" not in re.sub(r'<form[^>]*class="room-question".*?</form>', "", main, flags=re.S)
    before = Review.objects.get().revision
    for name in ("room_turn", "room_answer", "room_call", "room_open_calls", "room_pass", "room_take_back"):
        given = {"question": "where", "text": "x", "percent": "50"}
        assert vera.post(at(cast, review, name, 0), given).status_code == 403
    assert vera.post(at(cast, review, "room_decide", 0, what="keep")).status_code == 403
    assert vera.post(at(cast, review, "review_close")).status_code == 403
    assert vera.post(at(cast, review, "room_here")).status_code == 200
    assert Review.objects.get().revision == before
    assert not ReviewPerson.objects.filter(person=cast.vera).exists()


@pytest.mark.parametrize("name", ["review_room", "review_changes", "review_close", "room_here", "review_open"])
def test_outsiders_are_told_nothing(cast: Cast, review: Review, name: str) -> None:
    carol = client_of(cast.carol)
    for client_call in (carol.get, carol.post):
        assert client_call(at(cast, review, name)).status_code == 404
    elsewhere = at(cast, review, name).replace(cast.workspace.key, cast.elsewhere.key)
    assert carol.get(elsewhere).status_code == 404


def poll(client: Client, cast: Cast, review: Review, page: str = "", after: int | None = None) -> HttpResponse:
    found = re.search(r"pass=([^\"&]+)", page)
    given = {"after": str(Review.objects.get().revision if after is None else after)}
    return client.get(at(cast, review, "review_changes"), given | ({"pass": found[1]} if found else {}))


def test_a_poll_costs_two_queries_and_says_what_is_new(cast: Cast, review: Review) -> None:
    alice = client_of(cast.alice)
    page = alice.get(at(cast, review, "review_room")).content.decode()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert poll(alice, cast, review, page).status_code == 204
    assert len([query for query in asked if "set_config" not in query["sql"]]) <= 2 + 1  # the last is the test's own
    assert poll(alice, cast, review).status_code == 204, "also without a pass"
    revision = Review.objects.get().revision
    client_of(cast.bob).post(at(cast, review, "room_turn", 1))
    assert poll(alice, cast, review, page, after=revision).json() == {"last": revision + 1}
    assert poll(alice, cast, review, after=revision).json() == {"last": revision + 1}


def test_a_pass_opens_nothing_to_anybody_else(cast: Cast, review: Review) -> None:
    alice = client_of(cast.alice)
    page = alice.get(at(cast, review, "review_room")).content.decode()
    assert poll(client_of(cast.carol), cast, review, page, after=0).status_code == 404
    assert poll(Client(), cast, review, page, after=0).status_code == 302
    other = make_review(cast)
    found = re.search(r"pass=([^\"&]+)", page)
    assert found
    given = {"after": "0", "pass": found[1]}
    carol_there = at(cast, other, "review_changes").replace(cast.workspace.key, cast.elsewhere.key)
    assert client_of(cast.carol).get(carol_there, given).status_code == 404
    alice.logout()
    assert alice.get(at(cast, review, "review_changes"), given).status_code == 302, "out is out at once"


def test_who_is_no_longer_a_member_is_out_at_the_next_renewal(cast: Cast, review: Review) -> None:
    bob = client_of(cast.bob)
    bob.get(at(cast, review, "review_room"))
    member = Membership.objects.select_related("workspace", "person").get(person=cast.bob)
    end_membership(membership=member, by=cast.alice, at=timezone.now())
    assert bob.post(at(cast, review, "room_here")).status_code == 404
    assert poll(bob, cast, review, after=0).status_code == 404


def test_presence_is_seen_by_the_others(cast: Cast, review: Review) -> None:
    told = client_of(cast.bob).post(at(cast, review, "room_here")).json()
    assert told["here"] == ["Alice Adler", "Bob Adler"]
    page = client_of(cast.alice).get(at(cast, review, "review_room"), headers={"X-Live": "yes"}).content.decode()
    assert "Bob Adler is here." in page
    assert "<html" not in page


def test_answers_are_saved_as_they_are_typed(cast: Cast, review: Review) -> None:
    alice = client_of(cast.alice)
    given = {"question": "next", "text": "Their board meets"}
    told = alice.post(at(cast, review, "room_answer", 0), given, headers=HTMX).json()
    assert told == {"answer": Answer.objects.get().pk, "question": "next"}
    alice.post(at(cast, review, "review_close"))
    late = alice.post(at(cast, review, "room_answer", 0), given | {"text": "Too late"}, headers=HTMX)
    assert late.status_code == 409
    assert "is closed" in late.json()["problem"]


@pytest.mark.parametrize("deals", [1, 25])
def test_the_screen_costs_at_most_fifteen_queries(cast: Cast, deals: int) -> None:
    review = open_review(review=make_review(cast, deals), by=cast.alice, at=timezone.now())
    alice = client_of(cast.alice)
    for question in ("where", "how", "next"):
        alice.post(at(cast, review, "room_answer", 0), {"question": question, "text": question})
    decide(alice, cast, review, "keep")
    alice.get(at(cast, review, "review_room"))
    for address in (at(cast, review, "review_room"), at(cast, review, "room_decide", 0, what="allow")):
        with CaptureQueriesContext(connection) as asked:
            assert alice.get(address).status_code == 200
        queries = [query["sql"][:150] for query in asked if "set_config" not in query["sql"]]
        assert len(queries) <= 15, "\n".join(queries)
