"""The page Data: exports, a person erased after typing, words kept for months, a hand-over; nothing for an outsider."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headway.deals.events import Outcome
from headway.jobs.erasing import run_erase, run_look
from headway.jobs.exporting import run_export
from headway.jobs.task import Task
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.evidence import record_by_hand
from headway.store.actions.hand_overs import offer_workspace
from headway.store.guards import ALL, enter
from headway.store.models import Contact, Deal, Entry, Erasure, HandOver, Job, Membership, Workspace, WorkspaceExport
from headway.store.queries.exports import file_of
from tests.cast import Cast, client_of
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db
QUOTE = "The budget is through for this year"


def work(cast: Cast, kind: str) -> None:
    """Do the newest job of this kind, as the worker would."""
    runs: dict[str, Any] = {"export": run_export, "look": run_look, "erase": run_erase}
    job = Job.objects.filter(workspace=cast.workspace, kind=kind).select_related("workspace", "by").order_by("-pk")[0]
    runs[kind](Task(job.workspace, job.by, timezone.now(), timezone.now, job.about))
    Job.objects.filter(pk=job.pk).update(state="done")
    enter(ALL)


def fresh(client: Client, *, ago: float = 0) -> Client:
    """Who typed their password so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def known(cast: Cast, deal: Deal) -> Contact:
    now = timezone.now()
    add_contact(deal=deal, name="Jana Novak", email="jana@buyer.example", by=cast.bob, at=now)
    for who, quote in (("Jana Novak", QUOTE), ("Petra", "Ask Jana Novak about it")):
        record_by_hand(deal=deal, milestone="problem_stated", happened_at=now, act="wrote", contact=who, by=cast.bob,
                       at=now, quote=quote)  # fmt: skip
    return Contact.objects.get(name="Jana Novak")


def test_everything_is_exported_and_taken_by_who_shows_who_they_are(cast: Cast, deal: Deal) -> None:
    alice = client_of(cast.alice)
    page = alice.post(to(cast, "export_workspace"), follow=True)
    assert "Being written" in text_of(page) and 'hx-trigger="every 2s"' in page.content.decode()
    work(cast, "export")
    page = alice.get(to(cast, "data"))
    assert "Download" in text_of(page) and "every 2s" not in page.content.decode()
    export = WorkspaceExport.objects.get()
    asked = to(cast, "download_export", key=export.key)
    for stale in (alice, fresh(alice, ago=3600)):
        answer = stale.post(asked)
        assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
    assert not Entry.objects.filter(verb="download export").exists()
    answer = fresh(alice).post(asked)
    assert answer["Content-Disposition"].startswith('attachment; filename="Acme-Sales-')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert b"Fleet renewal" in archive.read("tables/deal.jsonl")
    assert Entry.objects.get(verb="download export").by == cast.alice
    assert alice.get(asked).status_code == 405, "a visit records nothing"


def test_an_export_is_deleted_or_over(cast: Cast, deal: Deal) -> None:
    alice = fresh(client_of(cast.alice))
    alice.post(to(cast, "export_workspace"))
    again = alice.post(to(cast, "export_workspace"))
    assert "An export is being written already" in again.content.decode()
    work(cast, "export")
    export = WorkspaceExport.objects.get()
    alice.post(to(cast, "delete_export", key=export.key))
    assert "Deleted" in text_of(alice.get(to(cast, "data")))
    answer = alice.post(to(cast, "download_export", key=export.key))
    assert "no longer there" in answer.content.decode()
    file_of(export).unlink(missing_ok=True)


def erased(cast: Cast, known: Contact, **given: Any) -> HttpResponse:
    alice = client_of(cast.alice)
    answer = alice.post(to(cast, "look_for_contact", key=known.key), {"also": "Jane N., jane@other.example"})
    work(cast, "look")
    enter(ALL)
    return alice.post(answer["Location"], {"typed": "jana novak ", **given}, follow=True)


def test_somebody_is_found_looked_for_and_erased_after_typing_their_name(cast: Cast, known: Contact) -> None:
    alice = client_of(cast.alice)
    page = alice.get(to(cast, "erase"), {"q": "novak"})
    assert "Jana Novak" in text_of(page) and "jana@buyer.example" in text_of(page)
    answer = alice.post(to(cast, "look_for_contact", key=known.key), {"also": ""})
    look = answer["Location"]
    assert "Looking through everything" in text_of(alice.get(look))
    work(cast, "look")
    page = alice.get(look)
    told = text_of(page)
    assert "There is no way back" in told and "Ask Jana Novak about it" in told and "1 contact on deals" in told
    wrong = alice.post(look, {"typed": "Jana", "gone": []})
    assert wrong.status_code == 422 and "That is not the name" in text_of(wrong)
    assert 'value="Jana"' in wrong.content.decode() and "checked" not in wrong.content.decode(), (
        "what was chosen is kept"
    )
    assert not Job.objects.filter(kind="erase").exists()
    marks = re.findall(r'name="gone" value="([^"]+)" checked', page.content.decode())
    done = alice.post(look, {"typed": " jana  NOVAK", "gone": marks}, follow=True)
    assert "Being erased" in done.content.decode()
    work(cast, "erase")
    page = alice.get(to(cast, "data"))
    assert "Somebody at a buyer" in text_of(page) and "Novak" not in text_of(page)
    assert Erasure.objects.get().by == cast.alice
    assert "Nobody of that name" in text_of(alice.get(to(cast, "erase"), {"q": "novak"}))
    assert alice.get(look).status_code == 404, "nothing of them is left to look at"


def test_words_of_others_stay_where_they_are_not_ticked(cast: Cast, known: Contact) -> None:
    erased(cast, known)
    work(cast, "erase")
    from headway.store.models import Wording

    assert Wording.objects.filter(text="Ask Jana Novak about it").exists()
    assert not Wording.objects.filter(text=QUOTE).exists()


def test_words_are_kept_for_some_months_with_a_preview_and_an_undo(cast: Cast) -> None:
    long_ago = timezone.now() - timedelta(days=1500)
    old = add_deal(workspace=cast.workspace, name="Old", by=cast.bob, at=long_ago)
    decide_deal(deal=old, outcome=Outcome.LOST, by=cast.bob, at=long_ago)
    alice = client_of(cast.alice)
    assert "1 deal was decided before" in text_of(alice.get(to(cast, "keeping"), {"months": "24"}))
    assert "0 deals were decided before" in text_of(alice.get(to(cast, "keeping"), {"months": "60"}))
    for bad in ("two", "5", "٢٤"):
        answer = alice.post(to(cast, "keeping"), {"months": bad})
        assert answer.status_code == 422 and f'value="{bad}"' in answer.content.decode()
    page = alice.post(to(cast, "keeping"), {"months": "24"}, follow=True)
    assert "24 months after its decision" in text_of(page)
    assert Workspace.objects.get(pk=cast.workspace.pk).keep_months == 24
    undo(alice, cast, page)
    assert Workspace.objects.get(pk=cast.workspace.pk).keep_months is None


def test_a_workspace_is_offered_accepted_and_given_back(cast: Cast) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    assert alice.post(to(cast, "hand_over"), {"to": ""}).status_code == 422
    answer = alice.post(to(cast, "hand_over"), {"to": cast.bob.key, "leaves": "1"})
    offer = answer["Location"]
    assert "Offered to Bob Adler" in text_of(alice.get(offer))
    assert "Alice Adler offers you Acme Sales" in text_of(bob.get(offer))
    for other in (cast.olga, cast.vera, cast.carol):
        assert client_of(other).get(offer).status_code == 404
    key = HandOver.objects.get().key
    page = bob.post(to(cast, "accept_offer", key=key), follow=True)
    assert "You lead Acme Sales from now on." in page.content.decode()
    assert Membership.objects.get(person=cast.bob).role == "leader"
    assert alice.get(to(cast, "data")).status_code == 404
    bob.post(to(cast, "give_back", key=key))
    assert Membership.objects.get(person=cast.bob).role == "seller"
    assert alice.get(to(cast, "data")).status_code == 200


def test_an_offer_is_withdrawn_by_undo_or_declined(cast: Cast) -> None:
    alice = client_of(cast.alice)
    undo(alice, cast, alice.post(to(cast, "hand_over"), {"to": cast.bob.key}))
    offer = offer_workspace(workspace=cast.workspace, to=cast.bob, leaves=False, by=cast.alice, at=timezone.now())
    client_of(cast.bob).post(to(cast, "end_offer", key=offer.key))
    assert HandOver.objects.filter(ended_at=None).count() == 0


def test_operations_keep_data_and_sellers_and_viewers_do_not(cast: Cast, known: Contact) -> None:
    assert client_of(cast.olga).get(to(cast, "data")).status_code == 200
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        for name in ("data", "erase", "keeping", "hand_over"):
            assert client.get(to(cast, name)).status_code == 403, name
        assert client.post(to(cast, "export_workspace")).status_code == 403
        assert client.post(to(cast, "look_for_contact", key=known.key)).status_code == 403
    answer = client_of(cast.olga).post(to(cast, "hand_over"), {"to": cast.bob.key})
    assert answer.status_code == 422 and "Only who leads a workspace" in text_of(answer)


def test_the_outsider_finds_nothing(cast: Cast, known: Contact) -> None:
    carol = fresh(client_of(cast.carol))
    export = WorkspaceExport.objects.create(workspace=cast.workspace, by=cast.alice, created_at=timezone.now())
    theirs = {"key": export.key, "w": cast.elsewhere.key}
    from django.urls import reverse

    for w in (cast.workspace.key, cast.elsewhere.key):
        for name, key in (("download_export", export.key), ("delete_export", export.key), ("look", "z" * 12)):
            answer = carol.post(reverse(name, kwargs={"w": w, "key": key}))
            assert answer.status_code == 404, name
        for name in ("look_for_contact", "look_for_member"):
            found = known.key if name == "look_for_contact" else cast.bob.key
            assert carol.post(reverse(name, kwargs={"w": w, "key": found})).status_code == 404, name
    assert carol.get(to(cast, "data")).status_code == 404
    assert "Jana" not in text_of(carol.get(reverse("erase", kwargs={"w": theirs["w"]}), {"q": "jana"}))


def test_the_pages_ask_at_most_fifteen_queries_and_a_visit_changes_nothing(cast: Cast, known: Contact) -> None:
    alice = client_of(cast.alice)
    look = alice.post(to(cast, "look_for_contact", key=known.key))["Location"]
    work(cast, "look")
    for n in range(30):
        WorkspaceExport.objects.create(workspace=cast.workspace, by=cast.alice, created_at=timezone.now(), bytes=n)
        Erasure.objects.create(workspace=cast.workspace, kind="contact", target="contact x", at=timezone.now())
    for url in (to(cast, "data"), to(cast, "erase") + "?q=jana", to(cast, "keeping"), to(cast, "hand_over"), look):
        entries = Entry.objects.count()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert alice.get(url).status_code == 200
        enter(ALL)
        queries = [one["sql"] for one in asked if "set_config" not in one["sql"]]
        assert len(queries) <= 15, url
        assert Entry.objects.count() == entries
