"""Recording what a buyer did: graded by where it comes from, withdrawn with a reason, files handed out safely."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from headway.deals.events import EventKind
from headway.process.starters import get_starter
from headway.store.actions.deals import add_deal
from headway.store.actions.evidence import record_evidence
from headway.store.models import Attachment, Contact, Deal, Event, Exhibit, Person
from headway.web.deals.choices import choices_of, what_was_done
from tests.cast import NOW, Cast, client_of
from tests.web.pages import text_of, to

pytestmark = pytest.mark.django_db
MAIL = (
    b"From: Dana Buyer <dana@buyer.example>\r\nTo: bob@example.com\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n"
    b"Message-ID: <1@buyer.example>\r\nSubject: Yes\r\n\r\nWe agree.\r\n"
)


def record(person: Person, deal: Deal, milestone: str = "problem_stated", **typed: Any) -> HttpResponse:
    """Fill in the sheet and press Today."""
    return client_of(person).post(to(deal, "record_evidence", milestone=milestone), {"when": "today", **typed})


def newest() -> Event:
    found = Event.objects.filter(kind=EventKind.EVIDENCE_RECORDED).order_by("-id").first()
    assert found is not None
    return found


def state_of(deal: Deal, milestone: str = "problem_stated") -> str:
    deal.refresh_from_db()
    return next(str(proof["state"]) for proof in deal.proofs if proof["id"] == milestone)


# --- recording ---


def test_a_milestone_what_they_did_and_today_are_enough(cast: Cast, deal: Deal) -> None:
    answer = record(cast.bob, deal, act="said so on a call")
    assert answer["Location"] == to(deal, "deal") + "#m-problem_stated"
    event = newest()
    exhibit = Exhibit.objects.get(ref=event.ref)
    assert (event.grade, exhibit.source, exhibit.act) == (0, "word", "said so on a call")
    assert datetime.now(UTC) - event.happened_at < timedelta(minutes=1)
    assert state_of(deal) == "weak"
    assert "Add their words" in text_of(client_of(cast.bob).get(to(deal, "deal")))


@pytest.mark.parametrize(
    ("typed", "source", "grade"),
    [
        ({}, "word", 0),
        ({"quote": "It costs us a day a week"}, "quote", 1),
        ({"link": "https://drive.example/minutes"}, "link", 1),
        ({"file": SimpleUploadedFile("minutes.pdf", b"%PDF-1.4")}, "file", 1),
        ({"file": SimpleUploadedFile("yes.eml", MAIL)}, "mail", 2),
        ({"file": SimpleUploadedFile("ours.eml", MAIL.replace(b"dana@buyer.example", b"bob@example.com"))}, "file", 1),
    ],
)
def test_the_grade_follows_from_where_it_comes(
    cast: Cast, deal: Deal, typed: dict[str, Any], source: str, grade: int
) -> None:
    for value in typed.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    assert record(cast.bob, deal, **typed).status_code == 302
    event = newest()
    assert (Exhibit.objects.get(ref=event.ref).source, event.grade) == (source, grade)
    assert state_of(deal) == ("proven" if grade else "weak")


def test_nobody_can_type_a_grade(cast: Cast, deal: Deal) -> None:
    record(cast.bob, deal, grade="4", source="system")
    assert newest().grade == 0


def test_a_second_contact_corroborates(cast: Cast, deal: Deal) -> None:
    record_evidence(
        deal=deal, milestone="problem_stated", source="mail", grade=2, by=cast.bob, at=NOW, happened_at=NOW,
        contact="Dana Buyer",
    )  # fmt: skip
    for contact, grade in (("Dana Buyer", 2), ("Erik Other", 4)):
        record(cast.bob, deal, new_contact=contact, file=SimpleUploadedFile("yes.eml", MAIL))
        assert newest().grade == grade


def test_somebody_new_becomes_a_contact(cast: Cast, deal: Deal) -> None:
    record(cast.bob, deal, new_contact=" Dana  Buyer ", quote="Yes")
    assert Contact.objects.get().name == "Dana Buyer"
    contact = newest().contact
    assert contact is not None
    assert contact.text == "Dana Buyer"
    record(cast.bob, deal, new_contact="Dana Buyer", quote="Yes, still")
    assert Contact.objects.count() == 1


def test_yesterday_and_another_day(cast: Cast, deal: Deal) -> None:
    record(cast.bob, deal, when="yesterday")
    assert timedelta(hours=23) < datetime.now(UTC) - newest().happened_at < timedelta(hours=25)
    record(cast.bob, deal, when="day", on="2026-03-01")
    assert newest().happened_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert newest().recorded_at > newest().happened_at


def test_a_form_sent_twice_records_once(cast: Cast, deal: Deal) -> None:
    sheet = client_of(cast.bob).get(to(deal, "record_evidence", milestone="problem_stated")).content.decode()
    (ref,) = re.findall(r'name="ref" value="([^"]+)"', sheet)
    for _ in range(2):
        assert record(cast.bob, deal, quote="Yes", ref=ref).status_code == 302
    assert Event.objects.filter(kind=EventKind.EVIDENCE_RECORDED).count() == 1


def test_a_proven_milestone_is_confirmed_again(cast: Cast, deal: Deal) -> None:
    record(cast.bob, deal, quote="Yes", when="day", on="2026-03-03")
    sheet = client_of(cast.bob).get(to(deal, "record_evidence", milestone="problem_stated"))
    assert "Record it again to confirm it" in text_of(sheet)
    record(cast.bob, deal, quote="Still so")
    deal.refresh_from_db()
    assert deal.proofs[0]["at"] == newest().happened_at.isoformat()


def test_their_words_are_added_to_a_saved_record_on_its_own_day(cast: Cast, deal: Deal) -> None:
    record(cast.bob, deal, when="day", on="2026-03-01", new_contact="Dana Buyer", act="said so on a call")
    first = newest()
    address = to(deal, "record_evidence", milestone="problem_stated") + f"?from={first.pk}"
    sheet = client_of(cast.bob).get(address).content.decode()
    assert 'value="Dana Buyer" checked' in sheet
    client_of(cast.bob).post(
        address, {"from": first.pk, "on": "2026-03-01", "contact": "Dana Buyer", "quote": "A day a week"}
    )
    second = newest()
    assert second.pk != first.pk
    assert (second.happened_at, second.grade) == (first.happened_at, 1)
    assert state_of(deal) == "proven"


# --- what cannot be ---


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"when": "day", "on": "2999-01-01"}, "too far away"),
        ({"when": "day", "on": "2099-01-01"}, "lies in the future"),
        ({"when": "day", "on": "never"}, "no day"),
        ({"when": "day", "on": ""}, "Say when it happened"),
        ({"link": "javascript:alert(1)"}, "begins with https://"),
        ({"quote": "x" * 4_001}, "at most 4,000"),
        ({"new_contact": "y" * 201}, "at most 200"),
        ({"act": "walked on water"}, "Choose one of"),
        ({"file": SimpleUploadedFile("empty.pdf", b"")}, "empty"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_loses_nothing(
    cast: Cast, deal: Deal, typed: dict[str, Any], said: str
) -> None:
    kept = {"quote": "It costs us a day a week", "link": "https://kept.example/x"} | typed
    answer = record(cast.bob, deal, **kept)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in text_of(answer)
    for name, value in kept.items():
        if isinstance(value, str) and name in ("quote", "link", "new_contact"):
            assert value[:4_000] in page
    assert not Event.objects.filter(kind=EventKind.EVIDENCE_RECORDED).exists()


def test_a_file_beyond_the_limit_is_refused_and_the_quote_kept(cast: Cast, deal: Deal, settings: Any) -> None:
    settings.EXHIBIT_LIMIT_BYTES = 1024**2
    large = SimpleUploadedFile("large.pdf", b"x" * (1024**2 + 1))
    answer = record(cast.bob, deal, quote="It costs us a day a week", file=large)
    assert answer.status_code == 422
    assert "at most 1 MB" in text_of(answer)
    assert "It costs us a day a week" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_milestone_that_the_process_lacks_is_not_found(cast: Cast, deal: Deal) -> None:
    assert record(cast.bob, deal, milestone="nothing").status_code == 404


def test_words_of_people_never_become_markup(cast: Cast, deal: Deal) -> None:
    nasty = "</textarea><script>alert(1)</script>"
    record(cast.bob, deal, quote=nasty, new_contact=nasty)
    for address in (to(deal, "deal"), to(deal, "record_evidence", milestone="problem_stated")):
        assert "<script>alert" not in client_of(cast.bob).get(address).content.decode()


# --- withdrawing ---


@pytest.mark.parametrize(("how", "state"), [("retract", "open"), ("dispute", "disputed")])
def test_evidence_is_withdrawn_with_a_reason(cast: Cast, deal: Deal, how: str, state: str) -> None:
    record(cast.bob, deal, quote="Yes")
    address = to(deal, "withdraw_evidence", event=newest().pk, how=how)
    bare = client_of(cast.alice).post(address, {"reason": "  "})
    assert bare.status_code == 422
    assert "Write the reason" in text_of(bare)
    assert state_of(deal) == "proven"
    assert client_of(cast.alice).post(address, {"reason": "It was somebody else"}).status_code == 302
    assert state_of(deal) == state
    said = text_of(client_of(cast.vera).get(to(deal, "deal")))
    assert "It was somebody else" in said
    assert "by Alice Adler" in said


def test_only_that_record_is_withdrawn(cast: Cast, deal: Deal) -> None:
    record(cast.bob, deal, quote="First")
    first = newest()
    record(cast.bob, deal, quote="Second")
    client_of(cast.bob).post(to(deal, "withdraw_evidence", event=first.pk, how="retract"), {"reason": "Wrong deal"})
    assert state_of(deal) == "proven"


@pytest.mark.parametrize("how", ["erase", "RETRACT"])
def test_there_is_no_other_way(cast: Cast, deal: Deal, how: str) -> None:
    record(cast.bob, deal, quote="Yes")
    assert client_of(cast.bob).get(to(deal, "withdraw_evidence", event=newest().pk, how=how)).status_code == 404


# --- files ---


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("minutes.pdf", "application/pdf"),
        ("page.html", "application/octet-stream"),
        ("picture.svg", "application/octet-stream"),
        ('Größe "x"\r\n; a.exe', "application/octet-stream"),
    ],
)
def test_a_file_is_handed_out_to_be_saved_only(cast: Cast, deal: Deal, name: str, kind: str) -> None:
    made = Attachment.objects.create(
        workspace=cast.workspace, deal=deal, name=name, media_type="text/html", bytes=3, sha256="0" * 64,
        content=b"<b>", created_at=NOW,
    )  # fmt: skip
    answer = client_of(cast.vera).get(to(deal, "attachment", file=made.key))
    assert answer.content == b"<b>"
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client_of(cast.carol).get(to(deal, "attachment", file=made.key)).status_code == 404


def test_a_file_of_another_deal_is_not_found(cast: Cast, deal: Deal) -> None:
    other = add_deal(workspace=cast.workspace, name="Other", by=cast.bob, at=NOW)
    made = Attachment.objects.create(
        workspace=cast.workspace, deal=other, name="a.txt", media_type="", bytes=1, sha256="0" * 64, content=b"x",
        created_at=NOW,
    )  # fmt: skip
    assert client_of(cast.bob).get(to(deal, "attachment", file=made.key)).status_code == 404


# --- choices ---


@pytest.mark.parametrize("starter", ["buyer_terms", "short_cycle"])
def test_every_milestone_of_the_starters_has_choices_drawn_from_it(starter: str) -> None:
    for _, milestone in get_starter(starter).milestones:
        choices = choices_of(milestone)
        assert 3 <= len(choices) <= 5
        assert len(set(choices)) == len(choices)
        assert what_was_done(milestone)[0].isupper()
