"""My deals and the ten-minute pass: one question a row, what changed, who one is, a pass that resumes, roles."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from headway.deals.events import EventKind, Outcome
from headway.demo.company import simulate
from headway.jobs.importing import load_files
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, set_amount, set_close_date
from headway.store.actions.evidence import agree_act, record_buyer_act, record_evidence
from headway.store.actions.standing import refresh
from headway.store.actions.workspaces import add_member, make_person
from headway.store.models import Contact, Deal, Event, Membership, Owner
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of, to, words

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BUDGET = "Budget authority secured"


def deal_of(cast: Cast, name: str = "Fleet renewal", owner: str = "Bob Adler", account: str = "ACME") -> Deal:
    return add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner=owner, account=account)


def show(deal: Deal, cast: Cast, milestone: str, contact: str = "Maria Ito") -> None:
    record_evidence(
        deal=deal, milestone=milestone, source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW, quote="Yes",
        contact=contact,
    )  # fmt: skip


def rows_of(answer: HttpResponse) -> list[str]:
    """The markup of every row."""
    return re.findall(r'<li class="row mine-.*?(?=<li class="row mine-|</ol>\s*<footer)', main_of(answer), re.DOTALL)


def asked(row: str) -> str:
    """What a row says to ask: recap, whom, question; nothing else of it."""
    parts = re.findall(r'<p class="mine-(?:to|recap|question)">(.*?)</p>', row, re.DOTALL)
    return " ".join(words(part) for part in parts)


def copied(row: str) -> str:
    found = re.search(r'data-copy-text="([^"]*)"', row)
    assert found
    return html.unescape(found[1])


# --- every row ends in one question ---


def test_a_row_names_whom_to_ask_and_opens_a_mail_that_is_ready(cast: Cast) -> None:
    deal = deal_of(cast)
    add_contact(deal=deal, name="Maria Ito", part="champion", email="maria@acme.example", by=cast.bob, at=NOW)
    show(deal, cast, "problem_stated")
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert "Ask Maria Ito" in words(row)
    assert asked(row).endswith("?")
    assert copied(row).startswith("Maria Ito, on 2 Mar you ")
    mail = re.search(r'href="(mailto:[^"]+)"', row)
    assert mail
    address = urlsplit(html.unescape(mail[1]))
    assert unquote(address.path) == "maria@acme.example"
    sent = parse_qs(address.query)
    assert sent["subject"] and sent["body"][0].startswith("Hello Maria,\r\n") and sent["body"][0].endswith("Bob")


def test_two_deals_that_differ_only_in_evidence_ask_differently(cast: Cast) -> None:
    one, other = deal_of(cast), deal_of(cast)
    for deal in (one, other):
        claim_stage(deal=deal, stage=BUDGET, by=cast.bob, at=NOW)
        add_contact(deal=deal, name="Maria Ito", part="champion", by=cast.bob, at=NOW)
    show(one, cast, "problem_stated")
    texts = [asked(row) for row in rows_of(client_of(cast.bob).get(to(cast, "my_deals")))]
    assert len(texts) == len(set(texts)) == 2
    assert all("Maria Ito" in text for text in texts)


def test_of_all_open_deals_of_the_firm_no_two_ask_the_same_and_each_names_somebody_or_asks_who(
    cast: Cast, tmp_path: Path
) -> None:
    now = timezone.now()
    files = simulate(7, now.date() - DAY, 4, 6).write(tmp_path)
    load_files(cast.elsewhere, files[:3], cast.carol, now, files[3:4])
    for deal in Deal.objects.filter(outcome=""):
        refresh(deal=deal, at=now, touched=False)
    address = reverse("my_deals", kwargs={"w": cast.elsewhere.key})
    client, texts, names = client_of(cast.carol), [], set(Event.objects.values_list("contact__text", flat=True))
    for page in range(1, 20):
        answer = client.get(address, {"owner": "all", "page": page})
        rows = rows_of(answer)
        texts += [asked(row) for row in rows]
        if f"?owner=all&amp;page={page + 1}" not in main_of(answer):
            break
    assert len(texts) == Deal.objects.filter(outcome="").count() > 20
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text.endswith("?")
        assert "Who at" in text or any(name and name in text for name in names)


def test_who_they_are_is_asked_where_nobody_is_known(cast: Cast) -> None:
    deal_of(cast)
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert "Who at ACME could say" in asked(row)
    assert "mailto:?subject=" in row


def test_recording_is_one_press_away_at_the_milestone_asked_about(cast: Cast) -> None:
    deal = deal_of(cast)
    client = client_of(cast.bob)
    [row] = rows_of(client.get(to(cast, "my_deals")))
    address = to(cast, "record_evidence", key=deal.key, milestone="problem_stated")
    assert f'href="{address}"' in row
    assert client.get(address).status_code == 200


def test_names_that_look_like_markup_stay_words(cast: Cast) -> None:
    deal = deal_of(cast, name='<b>Fleet</b> & "co"', account="<i>ACME</i>")
    add_contact(deal=deal, name="Zoë <script>", part="champion", by=cast.bob, at=NOW)
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert "<b>Fleet" not in row and "<i>ACME" not in row and "<script>" not in row
    assert "Zoë <script>" in copied(row)


# --- where the buyer is ---


def test_the_strip_says_in_words_what_it_draws(cast: Cast) -> None:
    deal = deal_of(cast)
    claim_stage(deal=deal, stage=BUDGET, by=cast.bob, at=NOW)
    show(deal, cast, "problem_stated")
    show(deal, cast, "problem_confirmed", contact="Jan Novak")
    record_evidence(
        deal=deal, milestone="budget_owner_named", source="word", grade=0, by=cast.bob, at=NOW, happened_at=NOW
    )
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    label = re.search(r'class="strip" role="img" aria-label="([^"]+)"', row)
    assert label
    assert label[1].startswith(f"Claimed {BUDGET}, shown Problem identified. 2 of ")
    assert "1 weak" in label[1]
    assert row.count("state-proven") == 2 and row.count("bare state-weak") == 1
    assert row.count("is-claimed") == 2 and row.count("is-shown") == 1
    assert f"Claimed {BUDGET}" in words(row) and "Buyer at Problem identified" in words(row)


def test_why_a_deal_stands_here_counts_days_from_today(cast: Cast) -> None:
    deal = deal_of(cast)
    set_close_date(deal=deal, due_on=timezone.now().date() + 9 * DAY, by=cast.bob, at=NOW)
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert "close date in 9 days" in words(row)


def test_the_first_is_the_one_with_the_most_attention(cast: Cast) -> None:
    for number in range(3):
        Deal.objects.filter(pk=deal_of(cast, f"Deal {number}").pk).update(attention=number)
    rows = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert ["Deal 2" in rows[0], "Deal 1" in rows[1], "Deal 0" in rows[2]] == [True] * 3
    assert "Start here" in words(rows[0]) and "Start here" not in words(rows[1])


# --- what changed ---


def test_what_changed_since_the_last_visit_is_told_for_a_whole_sitting(cast: Cast) -> None:
    now = timezone.now()
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=now - 20 * DAY, owner="Bob Adler")
    record_buyer_act(
        deal=deal, what="sent a document", contact="Jan Novak", by=cast.bob, at=now - 3 * DAY, happened_at=now - 3 * DAY
    )
    Membership.objects.filter(person=cast.bob).update(last_visit_at=now - 5 * DAY)
    client = client_of(cast.bob)
    for _ in range(2):  # looking twice loses nothing
        [row] = rows_of(client.get(to(cast, "my_deals")))
        assert "Jan Novak: sent a document." in words(row)
    last = Membership.objects.get(person=cast.bob).last_visit_at
    assert last and now - last < DAY
    later = client_of(cast.bob)  # a new sitting
    [row] = rows_of(later.get(to(cast, "my_deals")))
    assert "sent a document." not in words(row.split("mine-lacking")[-1])


def test_time_alone_is_a_change_too(cast: Cast) -> None:
    now = timezone.now()
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=now - 20 * DAY, owner="Bob Adler")
    due = (now - DAY).date()
    agree_act(deal=deal, what="send the contract", due_on=due, by=cast.bob, at=now - 10 * DAY, contact="Jan Novak")
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert "as agreed: send the contract" in words(row)


def test_a_deal_added_today_does_not_tell_its_own_beginning(cast: Cast) -> None:
    add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=timezone.now(), owner="Bob Adler")
    [row] = rows_of(client_of(cast.bob).get(to(cast, "my_deals")))
    assert "mine-changes" not in row


# --- whose deals ---


def test_a_seller_sees_their_own_and_may_look_at_anybodys(cast: Cast) -> None:
    deal_of(cast, "Mine")
    deal_of(cast, "Theirs", owner="Eve Other")
    client, other = client_of(cast.bob), Owner.objects.get(name="Eve Other")
    assert ["Mine" in row for row in rows_of(client.get(to(cast, "my_deals")))] == [True]
    assert ["Theirs" in row for row in rows_of(client.get(to(cast, "my_deals"), {"owner": other.pk}))] == [True]
    assert len(rows_of(client.get(to(cast, "my_deals"), {"owner": "all"}))) == 2
    nobody = client.get(to(cast, "my_deals"), {"owner": "77777777777777777777"})
    assert ["Mine" in row for row in rows_of(nobody)] == [True]


def test_a_leader_without_own_deals_sees_everybodys(cast: Cast) -> None:
    deal_of(cast)
    for person in (cast.alice, cast.olga, cast.vera):
        assert len(rows_of(client_of(person).get(to(cast, "my_deals")))) == 1


def test_a_seller_who_is_nobody_yet_says_who_they_are_and_can_take_it_back(cast: Cast) -> None:
    deal_of(cast, "Eve's", owner="Eve Other")
    eve = make_person(email="eve@example.com", name="Eve O", password="x", at=NOW)
    add_member(workspace=cast.workspace, person=eve, role="seller", by=cast.alice, at=NOW)
    client = client_of(eve)
    page = main_of(client.get(to(cast, "my_deals")))
    assert "Who are you in the CRM?" in page and "Eve Other" in page
    answer = client.post(to(cast, "who_i_am"), {"owner": "Eve Other"})
    assert answer["Location"] == to(cast, "my_deals")
    shown = client.get(to(cast, "my_deals"))
    assert ["Eve's" in html.unescape(row) for row in rows_of(shown)] == [True]
    token = re.findall(r'name="token" value="([^"]+)"', shown.content.decode())[-1]
    client.post(to(cast, "undo"), {"token": token})
    assert Membership.objects.get(person=eve).owner is None


def test_nobody_takes_the_name_of_another_member(cast: Cast) -> None:
    deal_of(cast)
    eve = make_person(email="eve@example.com", name="Eve O", password="x", at=NOW)
    add_member(workspace=cast.workspace, person=eve, role="seller", by=cast.alice, at=NOW)
    answer = client_of(eve).post(to(cast, "who_i_am"), {"owner": "Bob Adler"})
    assert answer.status_code == 422
    assert "linked to another member already" in text_of(answer)


def test_empty_pages_say_what_to_do(cast: Cast) -> None:
    client = client_of(cast.bob)
    assert "No deals yet" in text_of(client.get(to(cast, "my_deals")))
    deal_of(cast, "Theirs", owner="Eve Other")
    assert "No deal is yours yet" in text_of(client.get(to(cast, "my_deals")))
    deal = deal_of(cast)
    assert "past the last one" in text_of(client.get(to(cast, "my_deals"), {"page": 9}))
    decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.bob, at=NOW, reason="No money")
    assert "Nothing is open" in text_of(client.get(to(cast, "my_deals")))


def test_unseen_buyers_lead_to_the_ten_minutes(cast: Cast) -> None:
    deal = deal_of(cast)
    assert to(cast, "ten_minutes") in main_of(client_of(cast.bob).get(to(cast, "my_deals")))
    show(deal, cast, "problem_stated")
    assert to(cast, "ten_minutes") not in main_of(client_of(cast.bob).get(to(cast, "my_deals")))


def test_at_most_fifteen_queries_however_many_deals_changed(cast: Cast) -> None:
    now = timezone.now()
    client = client_of(cast.bob)

    def counted(name: str = "my_deals") -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(to(cast, name)).status_code == 200
        return len(queries)

    deal_of(cast)
    counted()
    few = counted(), counted("ten_minutes")
    for number in range(25):
        deal = deal_of(cast, f"Deal {number}")
        record_buyer_act(deal=deal, what="replied", by=cast.bob, at=now, happened_at=now, contact=f"Jan {number}")
        add_contact(deal=deal, name="Maria Ito", by=cast.bob, at=NOW)
    many = counted(), counted("ten_minutes")
    assert max(*few, *many) <= 15
    assert many[0] <= few[0]


# --- ten minutes ---


def ten(cast: Cast, count: int = 3) -> list[Deal]:
    """Open deals, the largest first."""
    deals = [deal_of(cast, f"Deal {number}", account=f"Company {number}") for number in range(count)]
    for number, deal in enumerate(deals):
        set_amount(deal=deal, amount=100_000 - number, by=cast.bob, at=NOW)  # type: ignore[arg-type]
        claim_stage(deal=deal, stage=BUDGET, by=cast.bob, at=NOW)
    return deals


def reply(cast: Cast, client: Client, deal: Deal, **posted: object) -> HttpResponse:
    data = {"what": "replied", "when": "week"} | posted
    return client.post(to(cast, "answer_ten_minutes", key=deal.key), data)


def test_the_pass_goes_from_the_largest_to_the_first_true_gap(cast: Cast) -> None:
    first, second, third = ten(cast)
    client = client_of(cast.bob)
    assert "What did the buyer last do at Company 0?" in main_of(client.get(to(cast, "ten_minutes")))
    answer = reply(cast, client, first, who="", new_who="  Jan   Novak ")
    assert "at=2" in answer["Location"]
    event = Event.objects.get(kind=EventKind.BUYER_ACTED)
    assert (event.deal, event.name, event.contact and event.contact.text) == (first, "replied", "Jan Novak")
    assert timedelta(days=2) < timezone.now() - event.happened_at < timedelta(days=7)
    assert Contact.objects.get(deal=first).name == "Jan Novak"
    assert "Recorded for Company 0." in client.get(answer["Location"]).content.decode()
    # another browser, another day: it goes on where nobody has answered
    assert "at Company 1?" in main_of(client_of(cast.bob).get(to(cast, "ten_minutes")))
    assert "at=3" in client.post(to(cast, "answer_ten_minutes", key=second.key), {"nothing": "yes"})["Location"]
    last = reply(cast, client, third, when="on", on="2026-01-02")
    assert "at=end" in last["Location"]
    end = words(main_of(client.get(last["Location"])))
    assert f"Of €300 k claimed in {BUDGET} or beyond, buyers have shown it for none of it." in end
    assert "One of the three is silent for over 30 days. On one of the three no buyer act is known." in end
    assert to(cast, "my_deals") in main_of(client.get(last["Location"]))


def test_what_the_answer_showed_counts_with_their_words_and_is_undone_as_a_whole(cast: Cast) -> None:
    [deal] = ten(cast, 1)
    client = client_of(cast.bob)
    milestones = [row["id"] for row in deal.proofs if row["rank"] <= 2]
    answer = reply(cast, client, deal, milestone=milestones, quote="Yes, that is agreed", new_who="Jan Novak")
    deal.refresh_from_db()
    assert deal.evidenced_rank == 2
    page = client.get(answer["Location"])
    assert "buyers have shown it for €100 k" in text_of(page)
    token = re.findall(r'name="token" value="([^"]+)"', page.content.decode())[-1]
    client.post(to(cast, "undo"), {"token": token})
    deal.refresh_from_db()
    assert (deal.evidenced_rank, deal.last_buyer_act_at) == (None, None)


def test_ones_word_alone_shows_as_weak(cast: Cast) -> None:
    [deal] = ten(cast, 1)
    reply(cast, client_of(cast.bob), deal, milestone=["problem_stated"])
    deal.refresh_from_db()
    assert deal.proofs[0]["state"] == "weak"


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(cast: Cast) -> None:
    [deal] = ten(cast, 1)
    client = client_of(cast.bob)
    wrong: list[tuple[dict[str, object], str]] = [
        ({"what": ""}, "Choose what they did, 1 to 5."),
        ({"when": "", "on": ""}, "Say when: press one of these, or pick a day."),
        ({"when": "on", "on": "soon"}, "“soon” is no day"),
        ({"when": "on", "on": (timezone.now().date() + 3 * DAY).isoformat()}, "today at the latest"),
        ({"when": "on", "on": date(1066, 10, 14).isoformat()}, "today at the latest"),
        ({"quote": "They said yes"}, "Tick what these words show."),
        ({"milestone": ["made_up"]}, "choose again"),
        ({"new_who": "x" * 201}, "A name has at most 200 characters."),
    ]
    for posted, sentence in wrong:
        typed = {"new_who": "Jan <Novak>", "quote": "", **posted}
        answer = reply(cast, client, deal, **typed)
        assert answer.status_code == 422
        assert sentence in text_of(answer), posted
        assert html.escape(str(typed["new_who"])) in answer.content.decode()
        assert html.escape(str(typed["quote"])) in answer.content.decode()
    assert not Event.objects.filter(kind=EventKind.BUYER_ACTED).exists()


def test_skipping_leaves_a_deal_for_later(cast: Cast) -> None:
    ten(cast)
    client = client_of(cast.bob)
    page = main_of(client.get(to(cast, "ten_minutes"), {"at": 3}))
    assert "at=end" in page  # skip leads to the end
    end = main_of(client.get(to(cast, "ten_minutes"), {"at": "end"}))
    assert "3 deals have no answer yet" in words(end)
    assert "at=1" in end


def test_without_open_deals_there_is_nothing_to_go_through(cast: Cast) -> None:
    assert "No open deals yet" in text_of(client_of(cast.bob).get(to(cast, "ten_minutes")))


def test_amounts_of_several_currencies_are_never_added(cast: Cast) -> None:
    deals = ten(cast, 2)
    Deal.objects.filter(pk=deals[0].pk).update(currency="USD")
    for deal in deals:
        refresh(deal=deal, at=NOW)
    end = text_of(client_of(cast.bob).get(to(cast, "ten_minutes"), {"at": "end"}))
    assert "Of 2 deals claimed" in end and "for none of them" in end


# --- roles ---


def test_a_viewer_reads_and_records_nothing(cast: Cast) -> None:
    [deal] = ten(cast, 1)
    client = client_of(cast.vera)
    [row] = rows_of(client.get(to(cast, "my_deals")))
    assert "record/" not in row and 'name="name"' not in main_of(client.get(to(cast, "my_deals")))
    assert "Of €100 k claimed" in text_of(client.get(to(cast, "ten_minutes")))
    assert reply(cast, client, deal).status_code == 403
    assert client.post(to(cast, "who_i_am"), {"owner": "Bob Adler"}).status_code == 403
    assert not Event.objects.filter(kind=EventKind.BUYER_ACTED).exists()


def test_an_outsider_finds_none_of_it(cast: Cast) -> None:
    [deal] = ten(cast, 1)
    client = client_of(cast.carol)
    routes = [
        to(cast, "my_deals"),
        to(cast, "who_i_am"),
        to(cast, "ten_minutes"),
        to(cast, "answer_ten_minutes", key=deal.key),
    ]
    for address in routes:
        assert client.get(address).status_code == client.post(address).status_code == 404
    hers = {"w": cast.elsewhere.key, "key": deal.key}
    assert (
        client.post(reverse("answer_ten_minutes", kwargs=hers), {"what": "replied", "when": "week"}).status_code == 404
    )
    assert Client().get(to(cast, "my_deals")).status_code == 302


def test_looking_with_get_where_something_is_posted_changes_nothing(cast: Cast) -> None:
    [deal] = ten(cast, 1)
    client = client_of(cast.bob)
    assert "at=1" in client.get(to(cast, "answer_ten_minutes", key=deal.key))["Location"]
    assert client.get(to(cast, "who_i_am"))["Location"] == to(cast, "my_deals")
