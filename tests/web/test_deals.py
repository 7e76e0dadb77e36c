"""The list of deals and a deal's page: what they say, edits that notice each other, any past day, roles."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.deals.events import EventKind, Outcome
from headway.store.actions.contacts import PARTS, add_contact
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, field_text, set_amount, set_close_date
from headway.store.actions.events import append_event, take_back
from headway.store.actions.evidence import agree_act, record_evidence
from headway.store.actions.standing import refresh
from headway.store.models import AllowedException, Analysis, Contact, Deal, DealFinding, Event, Membership, Person
from headway.web.typed import amount_of
from tests.cast import NOW, Cast, client_of
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db


# --- a deal is added with one field ---


def test_a_deal_is_added_by_its_name_alone_and_undone(cast: Cast) -> None:
    client = client_of(cast.bob)
    answer = client.post(reverse("add_deal", kwargs={"w": cast.workspace.key}), {"name": "  Crane   hire "})
    made = Deal.objects.get()
    assert answer["Location"] == to(made, "deal")
    assert (made.name, str(made.owner), made.currency) == ("Crane hire", "Bob Adler", "EUR")
    undo(client, cast, answer)
    made.refresh_from_db()
    assert not made.is_live
    assert client.get(to(made, "deal"))["Location"] == reverse("deals", kwargs={"w": cast.workspace.key})
    assert client_of(cast.carol).get(to(made, "deal")).status_code == 404


def test_who_is_nobody_in_the_crm_owns_what_they_add(cast: Cast) -> None:
    client_of(cast.alice).post(reverse("add_deal", kwargs={"w": cast.workspace.key}), {"name": "Crane hire"})
    made = Deal.objects.get()
    assert cast.access(cast.alice).owns(made)


def test_a_deal_without_a_name_gets_a_sentence(cast: Cast) -> None:
    answer = client_of(cast.bob).post(reverse("add_deal", kwargs={"w": cast.workspace.key}), {"name": "   "})
    assert answer.status_code == 422
    assert "A deal needs a name" in text_of(answer)
    assert not Deal.objects.exists()


# --- the page ---


def test_the_page_of_a_fresh_deal_asks_the_first_question(cast: Cast, deal: Deal) -> None:
    said = text_of(client_of(cast.bob).get(to(deal, "deal")))
    process = deal.version and cast.version
    assert process is not None
    assert "Fleet renewal" in said
    assert "No buyer act seen" in said
    assert "Not observed" in said
    assert "Nothing is agreed" in said
    assert deal.proofs
    assert "Copy the mail" in said


def test_claimed_stands_beside_evidenced_with_the_gap(cast: Cast, deal: Deal) -> None:
    claim_stage(deal=deal, stage=stages(cast)[2], by=cast.bob, at=NOW)
    record_evidence(
        deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW,
        quote="It costs us a day a week", contact="Dana Buyer",
    )  # fmt: skip
    said = text_of(client_of(cast.vera).get(to(deal, "deal")))
    assert f"Claimed {stages(cast)[2]}" in said
    deal.refresh_from_db()
    assert f"The claim is {deal.gap} stages ahead of the buyer" in said
    assert "It costs us a day a week" in said
    assert "Dana Buyer" in said


def stages(cast: Cast) -> list[str]:
    from headway.store.queries.versions import process_of

    return [stage.name for stage in process_of(cast.version).stages]


def test_a_viewer_sees_and_cannot_change(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.vera)
    page = client.get(to(deal, "deal")).content.decode()
    assert 'name="was"' not in page
    assert "data-sheet" not in page
    before = Event.objects.count()
    for name, keys in CHANGING:
        assert client.post(to(deal, name, **keys), {"value": "1", "name": "x", "was": ""}).status_code == 403, name
    assert client.post(reverse("add_deal", kwargs={"w": cast.workspace.key}), {"name": "x"}).status_code == 403
    assert Event.objects.count() == before


CHANGING: list[tuple[str, dict[str, Any]]] = [
    ("edit_deal", {"field": "amount"}),
    ("edit_deal", {"field": "name"}),
    ("decide_deal", {}),
    ("reopen_deal", {}),
    ("agree_act", {}),
    ("record_happening", {}),
    ("add_contact", {}),
    ("record_evidence", {"milestone": "problem_stated"}),
]


@pytest.mark.parametrize("who", ["alice", "bob", "olga"])
def test_leader_seller_and_operations_record_on_every_deal(cast: Cast, deal: Deal, who: str) -> None:
    answer = client_of(getattr(cast, who)).post(to(deal, "edit_deal", field="amount"), {"value": "45k", "was": ""})
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert deal.amount == Decimal("45000.00")


def test_carol_gets_nothing_on_any_route(cast: Cast, deal: Deal) -> None:
    contact = add_contact(deal=deal, name="Dana Buyer", by=cast.bob, at=NOW)
    finding = DealFinding.objects.create(workspace=cast.workspace, deal=deal, rule="overstay", what="x")
    event = record_evidence(
        deal=deal, milestone="problem_stated", source="word", grade=0, by=cast.bob, at=NOW, happened_at=NOW
    )
    routes: list[tuple[str, dict[str, Any]]] = [
        ("deal", {}), *CHANGING, ("contact", {"contact": contact.key}), ("remove_contact", {"contact": contact.key}),
        ("allow_exception", {"finding": finding.pk}), ("withdraw_evidence", {"event": event.pk, "how": "retract"}),
        ("attachment", {"file": "0" * 12}),
    ]  # fmt: skip
    client = client_of(cast.carol)
    for name, keys in routes:
        inside = reverse(name, kwargs={"w": cast.workspace.key, "key": deal.key, **keys})
        own = reverse(name, kwargs={"w": cast.elsewhere.key, "key": deal.key, **keys})
        for address in (inside, own):
            assert client.get(address).status_code == 404, address
            assert client.post(address, {"value": "1", "name": "x"}).status_code == 404, address
    assert client.get(reverse("deals", kwargs={"w": cast.workspace.key})).status_code == 404
    assert "Fleet" not in client.get(reverse("deals", kwargs={"w": cast.elsewhere.key})).content.decode()


def test_a_contact_of_another_deal_is_not_found(cast: Cast, deal: Deal) -> None:
    other = add_deal(workspace=cast.workspace, name="Other", by=cast.bob, at=NOW)
    contact = add_contact(deal=other, name="Dana Buyer", by=cast.bob, at=NOW)
    assert client_of(cast.bob).get(to(deal, "contact", contact=contact.key)).status_code == 404


# --- without a CRM ---


def test_who_may_record_no_more_takes_nothing_back(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    pages = []
    for field, value in (("amount", "70000"), ("name", "Crane hire")):
        answer = client.post(to(deal, "edit_deal", field=field), {"value": value})
        pages.append(client.get(answer["Location"].split("#")[0]).content.decode())
    Membership.objects.filter(person=cast.bob).update(role="viewer")
    assert [undo(client, cast, page).status_code for page in pages] == [403, 403]
    deal.refresh_from_db()
    assert (deal.amount, deal.name) == (Decimal(70000), "Crane hire")


def test_amount_close_date_owner_and_claim_are_set_in_place_and_undone(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    edits = (
        ("amount", "1.2m", ""),
        ("close", "2027-03-31", ""),
        ("owner", "Nora New", "Bob Adler"),
        ("stage", stages(cast)[1], ""),
    )
    for field, value, was in edits:
        answer = client.post(to(deal, "edit_deal", field=field), {"value": value, "was": was})
        assert answer.status_code == 302, text_of(answer)
    deal.refresh_from_db()
    assert (deal.amount, deal.close_on, str(deal.owner), deal.claimed_rank) == (
        Decimal("1200000.00"), date(2027, 3, 31), "Nora New", 2,
    )  # fmt: skip
    undo(client, cast, answer)
    deal.refresh_from_db()
    assert deal.claimed == ""


def test_the_name_and_the_account_change_and_come_back(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    answer = client.post(to(deal, "edit_deal", field="account"), {"value": "Northwind", "was": ""})
    deal.refresh_from_db()
    assert deal.account == "Northwind"
    undo(client, cast, answer)
    deal.refresh_from_db()
    assert deal.account == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("amount", "a lot", "no amount"),
        ("amount", "-5", "below zero"),
        ("amount", "99999999999999999", "a digit too many"),
        ("close", "31.3.27", "no day"),
        ("close", "0001-01-01", "too far away"),
        ("owner", "  ", "somebody who owns it"),
        ("stage", "Nowhere", "no stage of this process"),
        ("name", " ", "needs a name"),
    ],
)
def test_bad_input_gets_a_sentence_and_is_still_there(
    cast: Cast, deal: Deal, field: str, value: str, said: str
) -> None:
    answer = client_of(cast.bob).post(
        to(deal, "edit_deal", field=field), {"value": value, "was": field_text(deal, NAMES.get(field, field))}
    )
    assert answer.status_code == 422
    assert said in text_of(answer)
    if field != "stage":
        assert f'value="{value}"' in answer.content.decode()
    assert Event.objects.filter(deal=deal).count() == 2


NAMES = {"close": "close date"}


def test_the_second_of_two_sees_both_and_chooses(cast: Cast, deal: Deal) -> None:
    set_amount(deal=deal, amount=Decimal(50_000), by=cast.alice, at=NOW)
    client = client_of(cast.bob)
    answer = client.post(to(deal, "edit_deal", field="amount"), {"value": "45000", "was": ""})
    assert answer.status_code == 409
    said = text_of(answer)
    assert "50000" in said
    assert "45000" in said
    deal.refresh_from_db()
    assert deal.amount == 50_000
    assert client.post(to(deal, "edit_deal", field="amount"), {"value": "45000", "was": "50000"}).status_code == 302
    deal.refresh_from_db()
    assert deal.amount == 45_000


def test_of_two_who_close_a_deal_the_second_sees_both(cast: Cast, deal: Deal) -> None:
    decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.alice, at=NOW)
    answer = client_of(cast.bob).post(to(deal, "decide_deal"), {"outcome": "won", "reason": "They signed", "was": ""})
    assert answer.status_code == 409
    assert "They signed" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.outcome == "lost"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_deal_ends_with_a_reason_and_opens_again(cast: Cast, deal: Deal, outcome: Outcome) -> None:
    client = client_of(cast.bob)
    answer = client.post(to(deal, "decide_deal"), {"outcome": outcome.value, "reason": "No money", "was": "", "on": ""})
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.outcome, deal.standing) == (outcome.value, "decided")
    assert "No money" in text_of(client.get(to(deal, "deal")))
    blocked = client.get(to(deal, "record_evidence", milestone="problem_stated"))
    assert blocked.status_code == 422
    assert "reopen it first" in text_of(blocked)
    client.post(to(deal, "reopen_deal"))
    deal.refresh_from_db()
    assert deal.outcome == ""


def test_claiming_further_shows_what_is_missing_and_blocks_nothing(cast: Cast, deal: Deal) -> None:
    said = text_of(client_of(cast.bob).get(to(deal, "deal")))
    assert "Nothing blocks" in said
    assert re.search(r"\d+ not shown", said)


# --- amounts as people write them ---


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("", None), ("45000", 45_000), ("45,000", 45_000), ("45.000", 45_000), ("45 000,50", "45000.5"),
        ("€45k", 45_000), ("EUR 12", 12),
        ("1.2m", 1_200_000), ("1,234,567.89", "1234567.89"), ("1.234.567,89", "1234567.89"), ("0", 0), ("12.5", "12.5"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, amount: object) -> None:
    assert amount_of(text) == (None if amount is None else Decimal(str(amount)))


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_gets_a_sentence(text: str) -> None:
    try:
        found = amount_of(text)
    except UserError as error:
        assert "no amount" in str(error)
    else:
        assert found is None or found == found.quantize(Decimal("0.01"))


# --- contacts and the next act ---


def test_a_contact_is_added_changed_removed_and_comes_back(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    client.post(to(deal, "add_contact"), {"name": "Dana Buyer", "part": "champion", "email": "dana@example.com"})
    contact = Contact.objects.get()
    client.post(to(deal, "contact", contact=contact.key), {"name": "Dana Buyer", "part": "legal", "email": ""})
    contact.refresh_from_db()
    assert contact.part == "legal"
    answer = client.post(to(deal, "remove_contact", contact=contact.key))
    assert "Dana Buyer" not in text_of(client.get(to(deal, "deal"))).split("Contacts", 1)[1]
    client.post(to(deal, "remove_contact", contact=contact.key))
    contact.removed_at = None
    contact.save()
    answer = client.post(to(deal, "remove_contact", contact=contact.key))
    undo(client, cast, answer)
    contact.refresh_from_db()
    assert contact.removed_at is None


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "Dana", "email": "dana@"}, "no mail address"),
        ({"name": "Dana", "part": "king"}, "no part in a decision"),
    ],
)
def test_a_contact_that_cannot_be_gets_a_sentence(cast: Cast, deal: Deal, given_: dict[str, str], said: str) -> None:
    answer = client_of(cast.bob).post(to(deal, "add_contact"), given_)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Contact.objects.exists()
    assert "champion" in PARTS


def test_a_contact_whom_the_history_names_keeps_that_name(cast: Cast, deal: Deal) -> None:
    contact = add_contact(deal=deal, name="Dana Buyer", by=cast.bob, at=NOW)
    agree_act(deal=deal, what="sign", due_on=NOW.date(), contact="Dana Buyer", by=cast.bob, at=NOW)
    answer = client_of(cast.bob).post(to(deal, "contact", contact=contact.key), {"name": "D. Buyer"})
    assert answer.status_code == 422
    assert "recorded under that name" in text_of(answer)


def test_what_the_buyer_agreed_to_do_is_put_down(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    bad = client.post(to(deal, "agree_act"), {"what": "send the risk sheet", "due_on": "2001-01-01"})
    assert bad.status_code == 422
    assert "That day is over" in text_of(bad)
    assert "send the risk sheet" in bad.content.decode()
    due = (datetime.now(UTC) + timedelta(days=5)).date()
    client.post(to(deal, "agree_act"), {"what": "send the risk sheet", "due_on": due.isoformat(), "contact": "Dana"})
    said = text_of(client.get(to(deal, "deal")))
    assert "send the risk sheet" in said
    assert "in 5 days" in said


def test_what_we_did_moves_our_clock_only(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    client.post(to(deal, "record_happening"), {"side": "seller", "what": "demo", "on": ""})
    deal.refresh_from_db()
    assert deal.last_activity_at is not None
    assert deal.last_buyer_act_at is None
    client.post(to(deal, "record_happening"), {"side": "buyer", "what": "replied", "contact": "Dana", "on": ""})
    deal.refresh_from_db()
    assert deal.last_buyer_act_at is not None


# --- exceptions ---


def test_an_exception_names_reason_owner_end_and_prediction(cast: Cast, deal: Deal) -> None:
    finding = DealFinding.objects.create(
        workspace=cast.workspace, deal=deal, rule="overstay", what="80 days in Evaluation.", mend="Agree a date.",
        happened_at=NOW,
    )  # fmt: skip
    client = client_of(cast.alice)
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    asked = {"reason": "Their board meets in May", "owner": "Alice Adler", "expires_on": until}
    bad = client.post(to(deal, "allow_exception", finding=finding.pk), asked)
    assert bad.status_code == 422
    assert "Choose what you expect" in text_of(bad)
    assert "Their board meets in May" in bad.content.decode()
    answer = client.post(to(deal, "allow_exception", finding=finding.pk), asked | {"predicted": "won"})
    event = Event.objects.get(kind=EventKind.EXCEPTION_ALLOWED)
    kept = AllowedException.objects.get()
    assert (event.name, str(event.due_on), kept.owner.text, kept.predicted) == ("overstay", until, "Alice Adler", "won")
    said = text_of(client.get(to(deal, "deal")))
    assert "Allowed until" in said
    assert "Their board meets in May" in said
    take_back(event=event, by=cast.alice, at=datetime.now(UTC))
    assert "Allow an exception" in text_of(client.get(answer["Location"].split("#")[0]))


# --- any past day ---


def test_a_past_day_shows_what_was_known_then(cast: Cast, deal: Deal) -> None:
    """Evidence that happened before that day and was recorded after it was not known, and is not shown."""
    day = NOW + timedelta(days=10)
    for at, happened_at, milestone, words in (
        (NOW + timedelta(days=1), NOW + timedelta(days=1), "problem_stated", "known then"),
        (NOW + timedelta(days=20), NOW + timedelta(days=2), milestones(cast)[1], "told later"),
    ):
        record_evidence(
            deal=deal, milestone=milestone, source="quote", grade=1, by=cast.bob, at=at, happened_at=happened_at,
            quote=words,
        )  # fmt: skip
    claim_stage(deal=deal, stage=stages(cast)[3], by=cast.bob, at=NOW + timedelta(days=15))
    client = client_of(cast.bob)
    past = client.get(to(deal, "deal"), {"on": day.date().isoformat()})
    said = text_of(past)
    assert "As it looked on" in said
    assert "known then" in said
    assert "told later" not in said
    assert f"Claimed {stages(cast)[3]}" not in said
    assert 'name="was"' not in past.content.decode()
    assert "told later" in text_of(client.get(to(deal, "deal")))


def test_what_was_taken_back_later_still_stood_on_that_day(cast: Cast, deal: Deal) -> None:
    event = record_evidence(
        deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW,
        quote="Then",
    )  # fmt: skip
    take_back(event=event, by=cast.bob, at=NOW + timedelta(days=5))
    client = client_of(cast.bob)
    assert "Then" in text_of(client.get(to(deal, "deal"), {"on": (NOW + timedelta(days=2)).date().isoformat()}))
    assert "“Then" not in text_of(client.get(to(deal, "deal"), {"on": (NOW + timedelta(days=8)).date().isoformat()}))


def milestones(cast: Cast) -> list[str]:
    from headway.store.queries.versions import process_of

    return [milestone.id for _, milestone in process_of(cast.version).milestones]


@pytest.mark.parametrize("on", ["yesterday", "2999-01-01", "0001-01-01", "1999-12-31", "2026-13-01"])
def test_a_day_that_cannot_be_shown_says_so_and_shows_today(cast: Cast, deal: Deal, on: str) -> None:
    answer = client_of(cast.bob).get(to(deal, "deal"), {"on": on})
    assert answer.status_code == 200
    assert "As it looked on 2" not in text_of(answer)
    assert "note warn" in answer.content.decode()


def test_a_day_before_the_deal_is_empty(cast: Cast, deal: Deal) -> None:
    assert "Nothing was known of this deal yet" in text_of(
        client_of(cast.bob).get(to(deal, "deal"), {"on": "2025-01-01"})
    )


# --- the list ---


def list_of(person: Person, cast: Cast, **filters: str) -> list[str]:
    answer = client_of(person).get(reverse("deals", kwargs={"w": cast.workspace.key}), filters)
    assert answer.status_code == 200
    return re.findall(r'class="d-name"><a [^>]*>([^<]+)<', answer.content.decode())


def test_the_list_is_filtered_and_sorted_by_what_the_url_says(cast: Cast) -> None:
    for name, amount, owner in (("Alpha", 10, "Bob Adler"), ("Beta", 30, "Nora New"), ("Gamma", None, "Bob Adler")):
        made = add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner=owner)
        if amount:
            set_amount(deal=made, amount=Decimal(amount), by=cast.bob, at=NOW)
            set_close_date(deal=made, due_on=date(2027, 1, amount), by=cast.bob, at=NOW)
    decide_deal(deal=Deal.objects.get(name="Beta"), outcome=Outcome.WON, by=cast.bob, at=NOW)
    claim_stage(deal=Deal.objects.get(name="Alpha"), stage=stages(cast)[0], by=cast.bob, at=NOW)
    bob = Deal.objects.get(name="Alpha").owner
    assert bob is not None
    assert list_of(cast.vera, cast, sort="amount") == ["Alpha", "Gamma"]
    assert list_of(cast.vera, cast, sort="name", owner=str(bob.pk)) == ["Alpha", "Gamma"]
    assert list_of(cast.vera, cast, sort="close") == ["Alpha"]
    assert list_of(cast.vera, cast, undated="1") == ["Gamma"]
    assert list_of(cast.vera, cast, outcome="won") == ["Beta"]
    assert list_of(cast.vera, cast, stage=stages(cast)[0]) == ["Alpha"]
    assert list_of(cast.vera, cast, standing="unseen") == ["Alpha", "Gamma"]
    assert list_of(cast.vera, cast, gap="unknown", standing="quiet") == []
    assert list_of(cast.vera, cast, q="gam") == ["Gamma"]
    assert list_of(cast.vera, cast, q="gam", owner="0") == []


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999", "owner=x", "sort=drop table", "gap=-1", "outcome=?"]
)
def test_a_url_that_makes_no_sense_still_shows_a_list(cast: Cast, deal: Deal, query: str) -> None:
    list_of(cast.bob, cast, **dict([query.split("=")]))


def test_fifty_deals_stand_on_a_page_and_more_follow(cast: Cast) -> None:
    for number in range(53):
        add_deal(workspace=cast.workspace, name=f"Deal {number:02}", by=cast.bob, at=NOW)
    assert len(list_of(cast.bob, cast, sort="name")) == 50
    assert list_of(cast.bob, cast, sort="name", page="2") == ["Deal 50", "Deal 51", "Deal 52"]


# --- few queries at any size ---


def test_list_and_page_ask_at_most_fifteen_queries(cast: Cast, deal: Deal) -> None:
    for number in range(500):
        append_event(
            deal=deal, kind=EventKind.BUYER_ACTED if number % 2 else EventKind.ACTIVITY_DONE, by=cast.bob,
            at=NOW + timedelta(hours=number), name="mail", contact=f"Person {number % 7}" if number % 2 else None,
        )  # fmt: skip
    for number in range(60):
        add_deal(workspace=cast.workspace, name=f"Deal {number:02}", by=cast.bob, at=NOW)
    refresh(deal=deal, at=NOW + timedelta(days=30))
    client = client_of(cast.bob)
    for address in (to(deal, "deal"), reverse("deals", kwargs={"w": cast.workspace.key})):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        queries = [query["sql"] for query in asked.captured_queries]
        assert len([query for query in queries if "set_config" not in query]) <= 15, queries


def test_of_a_long_history_the_older_part_is_folded(cast: Cast, deal: Deal) -> None:
    for number in range(300):
        append_event(deal=deal, kind=EventKind.BUYER_ACTED, by=cast.bob, at=NOW + timedelta(hours=number), name="mail")
    client = client_of(cast.bob)
    page = client.get(to(deal, "deal")).content.decode()
    assert "180 earlier not drawn" in page
    assert page.count('data-label="When"') == 40
    assert client.get(to(deal, "deal"), {"events": "all"}).content.decode().count('data-label="When"') == 302


def test_page_and_row_call_a_buyer_silent_after_the_same_days(cast: Cast) -> None:
    """Both by the company's own past, where an analysis had enough of it; the process says 21 days."""
    now = timezone.now()
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=now - timedelta(days=40), owner="Bob Adler")
    seen = now - timedelta(days=10)
    record_evidence(
        deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=seen, happened_at=seen,
        quote="It breaks every week.",
    )  # fmt: skip
    client = client_of(cast.bob)
    for limit, standing in ((None, "advancing"), (5.0, "quiet")):
        Analysis.objects.create(
            workspace=cast.workspace, as_of=now, started_at=now, finished_at=now,
            summary={"silence_limit_days": limit},
        )  # fmt: skip
        assert refresh(deal=deal, at=now).standing == standing
        for place in (to(deal, "deal"), reverse("my_deals", kwargs={"w": cast.workspace.key})):
            assert re.findall(r'class="badge standing-(\w+)"', client.get(place).content.decode())[:1] == [standing]
