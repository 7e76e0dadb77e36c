"""Reviews as each role meets them before and after the meeting: the list, the agenda, what is settled, the minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from headway.reviews.agenda_deal import AgendaDeal, LastAct, facts_of
from headway.store.actions.deal_calls import record_deal_call
from headway.store.actions.deals import add_deal, claim_stage
from headway.store.models import (
    AgendaItem,
    Answer,
    Commitment,
    Deal,
    DealCall,
    Decision,
    DecisionVoiding,
    OutMessage,
    Person,
    Review,
    ReviewPerson,
    Wording,
)
from tests.cast import NOW, Cast, client_of
from tests.reviewed import make_rhythm
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db
FINDING = "Went past Evaluation to Proposal without ever entering it."


def make_agenda(cast: Cast, deals: int = 2, **changes: object) -> Review:
    """Alice's review, prepared; the first deal is Bob's, the others are Olga's."""
    review = Review.objects.create(
        **{
            "workspace": cast.workspace, "rhythm": make_rhythm(cast.workspace, cast.alice, NOW), "kind": "pipeline",
            "name": "Pipeline review", "leader": cast.alice, "due_at": NOW + timedelta(days=400), "minutes": 30,
            "prepared_at": NOW, "shown_at": NOW, **changes,
        }
    )  # fmt: skip
    for place in range(1, deals + 1):
        owner = "Bob Adler" if place == 1 else "Olga Adler"
        deal = add_deal(workspace=cast.workspace, name=f"Deal {place}", by=cast.alice, at=NOW, owner=owner)
        known = AgendaDeal(
            key=deal.key, name=deal.name, account="", owner=owner, amount=79_000, currency="EUR", claimed="Proposal",
            evidenced="Discovery", gap=2, standing="quiet", silence_days=19, closes_on=None,
            last_act=LastAct("replied", "Petra", NOW.date()), lost=("Budget confirmed",), findings=(FINDING,),
            ask="Who signs?", ask_to="Petra", chance=0.4242,
        )  # fmt: skip
        AgendaItem.objects.create(
            workspace=cast.workspace, review=review, deal=deal, place=place, minutes=4.5, why=["It is large."],
            facts=facts_of(known),
        )  # fmt: skip
    return review


@pytest.fixture
def review(cast: Cast) -> Review:
    return make_agenda(cast)


def item(place: int = 1) -> AgendaItem:
    return AgendaItem.objects.get(place=place)


def on(cast: Cast, name: str, place: int = 1) -> str:
    return to(cast, name, key=item(place).review.key, item=item(place).key)


def agenda(client: Client, cast: Cast) -> str:
    return text_of(client.get(to(cast, "review_agenda", key=Review.objects.get().key)))


def promise(cast: Cast, what: str, owner: Person, days: int, state: str = "open", review: Review | None = None) -> None:
    def wording(text: str) -> Wording:
        return Wording.objects.get_or_create(workspace=cast.workspace, digest=text, defaults={"text": text})[0]

    Commitment.objects.create(
        workspace=cast.workspace, person=owner, owner=wording(owner.name), what=wording(what), by=owner,
        due_on=NOW.date() + timedelta(days=days), happened_at=NOW, made_at=NOW, state=state, review=review,
        ended_at=timezone.now() if state != "open" else None,
    )  # fmt: skip


def test_the_list_has_the_next_ones_first_and_how_the_past_ones_were_held(cast: Cast, review: Review) -> None:
    for days, state in ((7, "held"), (14, "late"), (21, "empty"), (28, "skipped")):
        Review.objects.create(
            workspace=cast.workspace, rhythm=review.rhythm, kind="pipeline", name="Pipeline review", leader=cast.alice,
            due_at=NOW - timedelta(days=days), minutes=30, state=state,
            closed_at=NOW if state != "skipped" else None,
        )  # fmt: skip
    page = text_of(client_of(cast.bob).get(to(cast, "reviews")))
    said = [
        "Next",
        "2 points prepared",
        "1 to answer",
        "Begin",
        "Past",
        "Held",
        "Held late",
        "Nothing decided",
        "Skipped",
    ]
    places = [page.index(word) for word in said]
    assert places == sorted(places)
    assert "1 of your deals waits" in page
    assert "0 decisions · 0 promises" in page
    assert "Begin" not in text_of(client_of(cast.vera).get(to(cast, "reviews")))


def test_without_reviews_the_list_leads_to_the_rhythm(cast: Cast) -> None:
    assert to(cast, "rhythm") in main_of(client_of(cast.alice).get(to(cast, "reviews")))
    assert "Whoever leads sets it." in text_of(client_of(cast.bob).get(to(cast, "reviews")))


def test_past_reviews_are_paged(cast: Cast, review: Review) -> None:
    for week in range(1, 24):
        Review.objects.create(
            workspace=cast.workspace, kind="pipeline", name=f"Week {week}", leader=cast.alice, minutes=30,
            due_at=NOW - timedelta(days=7 * week), state="skipped", skipped_at=NOW,
        )  # fmt: skip
    client = client_of(cast.alice)
    first, second = (text_of(client.get(to(cast, "reviews"), {"page": page})) for page in (1, 2))
    assert "Week 20" in first
    assert "Week 21" not in first
    assert "Week 23" in second
    assert "Next" not in second
    assert client.get(to(cast, "reviews"), {"page": "x"}).status_code == 200


def test_the_agenda_shows_evidence_first_and_the_leaders_promises_before_all(cast: Cast, review: Review) -> None:
    promise(cast, "Introduce Bob to the counsel", cast.alice, -5, "broken")
    promise(cast, "Call the board", cast.alice, 0)
    promise(cast, "Bob's own", cast.bob, 0)
    page = agenda(client_of(cast.bob), cast)
    said = [
        "What Alice Adler promised", "Broken Introduce Bob to the counsel", "Due Call the board",
        "10 of 30 minutes planned", "Deal 1", "It is large.", "Last buyer act Replied (Petra)", "silent 19 days",
        "Lost Budget confirmed", "2 stages ahead", FINDING, "Ask Petra Who signs?", "Answer",
    ]  # fmt: skip
    places = [page.index(word) for word in said]
    assert places == sorted(places)
    assert "Bob's own" not in page
    assert "Your own promises" in agenda(client_of(cast.alice), cast)


def test_a_seller_answers_and_the_minutes_are_given_back(cast: Cast, review: Review) -> None:
    bob = client_of(cast.bob)
    refused = bob.post(on(cast, "agenda_answer"), {"account": " ", "heard": "On Friday"})
    assert refused.status_code == 422
    assert 'value="On Friday"' in main_of(refused)
    assert "Write your account" in text_of(refused)
    done = bob.post(on(cast, "agenda_answer"), {"account": "Signed.\nNearly.", "heard": "On Friday"}, follow=True)
    page = text_of(done)
    assert "4.5 of 9 minutes are settled" in page
    assert page.index("Deal 2") < page.rindex("Deal 1 Bob Adler")
    assert "settled before the meeting" in page
    for said in ("Bob Adler’s account", "Nearly.", "On Friday"):
        assert said in page
    assert "Back on the agenda." in undo(bob, cast, done).content.decode()
    assert (item().state, Answer.objects.count()) == ("waiting", 2)


def test_a_dispute_is_read_by_the_leader_who_takes_it_off(cast: Cast, review: Review) -> None:
    bob, alice = client_of(cast.bob), client_of(cast.alice)
    refused = bob.post(on(cast, "agenda_dispute"), {"about": FINDING, "reason": ""})
    assert (refused.status_code, "Write why it is not so" in text_of(refused)) == (422, True)
    assert bob.post(on(cast, "agenda_dispute"), {"about": "", "reason": "Hm"}).status_code == 422
    bob.post(on(cast, "agenda_dispute"), {"about": FINDING, "reason": "They sent the criteria by mail."})
    page = agenda(alice, cast)
    assert "Bob Adler disputes" in page
    assert "is not so: They sent the criteria by mail." in page
    assert item().state == "waiting"
    assert "Agreed, take it off" in page
    alice.post(on(cast, "agenda_settle"))
    assert item().state == "answered"
    alice.post(on(cast, "agenda_talk"))
    assert item().state == "waiting"


def test_what_was_mended_since_is_told(cast: Cast, review: Review) -> None:
    deal = Deal.objects.get(name="Deal 1")
    claim_stage(deal=deal, stage="Problem identified", by=cast.bob, at=NOW + timedelta(hours=1))
    page = agenda(client_of(cast.alice), cast)
    assert "Mended since Claimed Problem identified" in page
    assert to(deal, "edit_deal", field="stage") in main_of(
        client_of(cast.bob).get(to(cast, "review_agenda", key=review.key))
    )


def test_calls_stay_blind_until_both_have_called(cast: Cast, review: Review) -> None:
    alice, bob, vera = client_of(cast.alice), client_of(cast.bob), client_of(cast.vera)

    def seen(client: Client) -> str:
        return client.get(to(cast, "review_agenda", key=review.key)).content.decode()

    assert alice.post(on(cast, "agenda_call"), {"percent": "30"}).status_code == 302
    for client in (alice, bob, vera):
        assert "42 %" not in seen(client)
    assert "You said 30 %" in seen(alice)
    assert "30 %</b>" not in seen(bob)
    bob.post(on(cast, "agenda_call"), {"percent": "90"})
    for client in (alice, bob, vera):
        assert all(said in text_of(client.get(to(cast, "review_agenda", key=review.key))) for said in (
            "Alice Adler 30 %", "Bob Adler 90 %", "Forecast 42 %",
        ))  # fmt: skip
    assert DealCall.objects.count() == 2


@pytest.mark.parametrize("percent", ["", "31", "-5", "99999", "x"])
def test_a_call_is_one_of_five(cast: Cast, review: Review, percent: str) -> None:
    answer = client_of(cast.alice).post(on(cast, "agenda_call"), {"percent": percent})
    assert (answer.status_code, DealCall.objects.count()) == (422, 0)


def test_each_speaks_for_their_own_deals_alone(cast: Cast, review: Review) -> None:
    bob, vera, olga = client_of(cast.bob), client_of(cast.vera), client_of(cast.olga)
    forms = {
        "agenda_answer": {"account": "x"}, "agenda_dispute": {"about": "x", "reason": "y"}, "agenda_settle": {},
        "agenda_talk": {}, "agenda_call": {"percent": "30"},
    }  # fmt: skip
    for name, form in forms.items():
        assert bob.post(on(cast, name, 2), form).status_code == 403
        assert vera.post(on(cast, name), form).status_code == 403
    assert not Answer.objects.exists()
    assert olga.post(on(cast, "agenda_answer"), {"account": "For Bob"}).status_code == 302
    assert olga.post(on(cast, "agenda_call"), {"percent": "30"}).status_code == 403
    page = main_of(vera.get(to(cast, "review_agenda", key=review.key)))
    assert "Deal 1" in page
    assert "<textarea" not in page
    assert 'method="post"' not in page
    assert bob.post(to(cast, "agenda_prepare", key=review.key)).status_code == 403


def test_carol_finds_nothing(cast: Cast, review: Review) -> None:
    carol = client_of(cast.carol)
    for name in ("reviews", "review_agenda", "review_print", "review_minutes", "agenda_prepare"):
        keys = {} if name == "reviews" else {"key": review.key}
        assert carol.get(to(cast, name, **keys)).status_code == 404
        if keys:
            assert carol.get(to(cast, name, **keys).replace(cast.workspace.key, cast.elsewhere.key)).status_code == 404
    for name in ("agenda_answer", "agenda_dispute", "agenda_settle", "agenda_talk", "agenda_call"):
        for url in (on(cast, name), on(cast, name).replace(cast.workspace.key, cast.elsewhere.key)):
            assert carol.post(url, {"account": "x"}).status_code == 404


def test_an_item_of_another_review_is_not_found(cast: Cast, review: Review) -> None:
    other = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Other", leader=cast.alice, due_at=NOW, minutes=30
    )
    url = to(cast, "agenda_answer", key=other.key, item=item().key)
    assert client_of(cast.bob).post(url, {"account": "x"}).status_code == 404


def test_once_it_runs_nothing_is_answered_beforehand(cast: Cast, review: Review) -> None:
    Review.objects.update(state="running", opened_at=NOW)
    answer = client_of(cast.bob).post(on(cast, "agenda_answer"), {"account": "Signed."})
    assert answer.status_code == 422
    assert "has begun: say it there. Signed." in text_of(answer)
    assert "Join" in agenda(client_of(cast.bob), cast)


def closed(cast: Cast, review: Review) -> Review:
    """Held: one deal decided, then undone; one left."""
    Review.objects.update(state="held", opened_at=NOW, closed_at=NOW + timedelta(minutes=20), due_at=NOW)
    ReviewPerson.objects.create(
        workspace=cast.workspace, review=review, person=cast.bob, joined_at=NOW, seen_at=NOW
    )  # fmt: skip
    AgendaItem.objects.filter(place=1).update(state="done", seconds=300)
    about = {"from": "Proposal", "to": "Discovery"}
    for what in ("back", "keep"):
        Decision.objects.create(
            workspace=cast.workspace, review=review, item=item(), what=what, by=cast.alice, at=NOW, about=about
        )
        about = {}
    later = NOW + timedelta(hours=3)
    DecisionVoiding.objects.create(
        workspace=cast.workspace, decision=Decision.objects.get(what="keep"), at=later, by=cast.alice
    )
    promise(cast, "Have legal answer", cast.bob, 5, review=review)
    return review


def test_the_minutes_page_says_what_the_mail_says_and_what_was_corrected(cast: Cast, review: Review) -> None:
    page = client_of(cast.vera).get(to(cast, "review_minutes", key=closed(cast, review).key))
    said = text_of(page)
    for words in (
        "Held on Mon 2 Mar 2026, 09:00. 20 minutes of 30.", "There Bob Adler", "Have legal answer",
        "Move the claim back from Proposal to Discovery.", "Corrected after the meeting", "Taken back by Alice Adler",
        "Not talked about 4.5 minutes", "Deal 2, Olga Adler",
    ):  # fmt: skip
        assert words in said
    assert "Minutes of Pipeline review\n\nHeld on" in page.content.decode()


def test_minutes_of_what_is_to_come_lead_to_the_agenda_and_skipped_ones_say_so(cast: Cast, review: Review) -> None:
    client, where = client_of(cast.alice), to(cast, "review_minutes", key=review.key)
    assert client.get(where)["Location"] == to(cast, "review_agenda", key=review.key)
    Review.objects.update(state="skipped", skipped_at=NOW)
    assert "It did not take place" in text_of(client.get(where))


def test_paper_holds_twelve_and_counts_the_rest(cast: Cast) -> None:
    review = make_agenda(cast, 15)
    page = text_of(client_of(cast.vera).get(to(cast, "review_print", key=review.key)))
    assert "Deal 11" in page
    assert "Deal 12" not in page
    assert "and 4 more, 18 minutes" in page


def test_an_agenda_is_made_on_demand_by_who_leads(cast: Cast, review: Review) -> None:
    Review.objects.update(prepared_at=None)
    AgendaItem.objects.all().delete()
    alice = client_of(cast.alice)
    assert "The agenda is not made yet" in agenda(alice, cast)
    page = text_of(alice.post(to(cast, "agenda_prepare", key=review.key), follow=True))
    assert Review.objects.get().prepared_at is not None
    assert "Deal 1" in page or "Nothing to talk about" in page
    sent = OutMessage.objects.filter(kind="agenda").count()
    assert sent > 0
    alice.post(to(cast, "agenda_prepare", key=review.key))
    assert OutMessage.objects.filter(kind="agenda").count() == sent


@pytest.mark.parametrize("name", ["reviews", "review_agenda", "review_print", "review_minutes"])
def test_a_page_costs_at_most_fifteen_queries(cast: Cast, name: str, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    review = make_agenda(cast, 40)
    for n in range(1, 40):
        AgendaItem.objects.filter(place=n).update(state="answered" if n % 3 else "waiting")
        record_deal_call(deal=item(n).deal, review=review, chance=0.3, by=cast.alice, at=NOW)
    promise(cast, "Call the board", cast.alice, 0)
    if name == "review_minutes":
        closed(cast, review)
    client = client_of(cast.bob)
    where = to(cast, name) if name == "reviews" else to(cast, name, key=review.key)
    client.get(where)
    with django_assert_max_num_queries(15):
        assert client.get(where).status_code == 200
