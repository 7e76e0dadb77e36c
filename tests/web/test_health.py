"""Rhythm health, before and after, the ninety days and the playbook as each role meets them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.jobs.baselines import read_due
from headway.store.actions.baselines import begin_baseline
from headway.store.actions.deals import add_deal
from headway.store.guards import ALL, enter
from headway.store.models import Baseline, Deal, DealFinding, InstallStep, Job, Rhythm
from tests.cast import NOW, Cast, client_of
from tests.reviewed import make_review, make_rhythm
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db
PAGES = ("health", "before_after", "install")
POSTS = ("baseline_begin", "baseline_end", "install_begin", "install_mark")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW)


@pytest.fixture
def rhythm(cast: Cast) -> Rhythm:
    return make_rhythm(cast.workspace, cast.alice, NOW - timedelta(days=60))


def some_deals(cast: Cast, count: int) -> list[Deal]:
    made = [
        add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler")
        for n in range(count)
    ]
    Deal.objects.filter(pk__in=[one.pk for one in made]).update(amount=1_000)
    return made


def filled(cast: Cast, rhythm: Rhythm, deals: list[Deal], weeks: int = 8) -> None:
    """Half of the deals are talked about every week; one review is late, one empty, one skipped."""
    for week in range(1, weeks + 1):
        state = {2: "late", 3: "empty", 4: "skipped"}.get(week, "held")
        some = deals[: len(deals) // 2]
        decided = 0 if state in ("empty", "skipped") else len(some)
        make_review(rhythm, NOW - timedelta(days=7 * week - 1), state, some, decided=decided, findings=["Skipped it."])
    for deal in deals:
        DealFinding.objects.create(
            workspace=cast.workspace, deal=deal, rule="skip", what="Skipped it.", happened_at=NOW - timedelta(days=30)
        )


def test_without_a_rhythm_the_page_leads_to_one(cast: Cast) -> None:
    page = text_of(client_of(cast.alice).get(to(cast, "health")))
    assert "No rhythm yet" in page
    assert "Unknown" not in page


def test_the_leader_reads_what_to_do_next_and_how_the_reviews_went(cast: Cast, rhythm: Rhythm) -> None:
    filled(cast, rhythm, some_deals(cast, 6))
    page = text_of(client_of(cast.alice).get(to(cast, "health")))
    assert "1 of 8 reviews was skipped." in page
    assert "3 deals worth" in page and "were in no review for 30 days." in page
    assert "3 deviations on 3 deals were never named in a review." in page
    for said in ("5 on time", "1 late", "1 without a decision", "1 skipped", "3 of 6", "Your promises"):
        assert said in page, said
    assert page.index("Your promises") < page.index("Reviews held") < page.index("Open pipeline looked at")


def test_each_figure_opens_what_is_behind_it(cast: Cast, rhythm: Rhythm) -> None:
    deals = some_deals(cast, 6)
    filled(cast, rhythm, deals)
    alice = client_of(cast.alice)
    page = alice.get(to(cast, "health")).content.decode()
    links = set(re.findall(r'href="(/w/\w+/health/behind/[^"]+)"', page))
    assert len(links) >= 8
    for link in links:
        assert alice.get(link.replace("&amp;", "&")).status_code == 200
    overlooked = text_of(alice.get(to(cast, "health_behind", behind="deals")))
    assert "Deal 5" in overlooked and "Deal 0" not in overlooked
    assert "Deal 0" in text_of(alice.get(to(cast, "health_behind", behind="looked")))
    skipped = text_of(alice.get(to(cast, "health_behind", behind="skipped")))
    assert skipped.count("Pipeline review") == 1
    assert alice.get(to(cast, "health_behind", behind="nonsense")).status_code == 404


@pytest.mark.parametrize("query", ["?days=7", "?days=x", "?days=²", "?page=0", "?page=99999999999", "?page=-1&days="])
def test_an_odd_address_shows_the_usual(cast: Cast, rhythm: Rhythm, query: str) -> None:
    filled(cast, rhythm, some_deals(cast, 2))
    alice = client_of(cast.alice)
    assert alice.get(to(cast, "health") + query).status_code == 200
    assert alice.get(to(cast, "health_behind", behind="reviews") + query).status_code == 200


def test_names_are_text_and_not_markup(cast: Cast) -> None:
    rhythm = make_rhythm(cast.workspace, cast.alice, NOW, name="<b>x</b>\x07")
    deal = add_deal(workspace=cast.workspace, name="<script>1</script>", by=cast.bob, at=NOW)
    make_review(rhythm, NOW - timedelta(days=40), "held", [deal], decided=1, findings=["<i>odd</i>"])
    alice = client_of(cast.alice)
    for where in (
        to(cast, "health"),
        *(to(cast, "health_behind", behind=one) for one in ("deals", "named", "reviews")),
    ):
        page = alice.get(where).content.decode().split("<main", 1)[1]
        assert "<script>1" not in page and "<b>x" not in page and "<i>odd" not in page


def test_only_who_leads_or_runs_operations_sees_it(cast: Cast, rhythm: Rhythm) -> None:
    for name in PAGES:
        assert client_of(cast.olga).get(to(cast, name)).status_code == 200
        for person in (cast.bob, cast.vera):
            assert client_of(person).get(to(cast, name)).status_code == 403, name
        assert client_of(cast.carol).get(to(cast, name)).status_code == 404
    for name in POSTS:
        for person in (cast.bob, cast.vera):
            assert client_of(person).post(to(cast, name)).status_code == 403, name
        assert client_of(cast.carol).post(to(cast, name)).status_code == 404
    assert client_of(cast.carol).get(to(cast, "health_behind", behind="deals")).status_code == 404
    assert not Baseline.objects.exists()
    assert to(cast, "health") not in client_of(cast.bob).get(to(cast, "my_deals")).content.decode()


@pytest.mark.parametrize("name", ["playbook", "playbook_file"])
def test_everybody_reads_the_playbook_but_the_outsider(cast: Cast, rhythm: Rhythm, name: str) -> None:
    for person in (cast.alice, cast.bob, cast.olga, cast.vera):
        answer = client_of(person).get(to(cast, name))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "How Acme Sales sells" in page
        assert "Pipeline review" in page and "Alice Adler" in page
    assert client_of(cast.carol).get(to(cast, name)).status_code == 404
    assert ("attachment" in answer.get("Content-Disposition", "")) == (name == "playbook_file")


def test_the_start_is_frozen_read_and_compared(cast: Cast, rhythm: Rhythm) -> None:
    alice = client_of(cast.alice)
    assert "Freeze the start" in text_of(alice.get(to(cast, "before_after")))
    page = alice.post(to(cast, "baseline_begin"), follow=True)
    assert "being read" in text_of(page)
    assert Job.objects.filter(kind="baselines", workspace=cast.workspace).count() == 1
    read_due(cast.workspace, at=NOW)
    enter(ALL)
    shown = text_of(alice.get(to(cast, "before_after")))
    assert "Unknown: there was no deal yet." in shown
    assert "Next reading on 1 Apr 2026." in shown
    for week in range(1, 5):
        make_review(rhythm, NOW + timedelta(days=7 * week), "held")
    read_due(cast.workspace, at=NOW + timedelta(days=30))
    enter(ALL)
    shown = text_of(alice.get(to(cast, "before_after")))
    assert "Cannot be compared" not in shown or "100 %" in shown
    assert "100 % (51 to 100)" in shown
    again = alice.post(to(cast, "baseline_begin"))
    assert (again.status_code, "runs already" in text_of(again)) == (422, True)
    ended = alice.post(to(cast, "baseline_end"), follow=True)
    assert "Ended on 2 Mar 2026." in text_of(ended)
    assert "The comparison goes on." in undo(alice, cast, ended, to(cast, "before_after")).content.decode()
    assert Baseline.objects.get().ended_at is None


def test_ninety_days_begin_are_ticked_off_and_taken_back(cast: Cast) -> None:
    olga = client_of(cast.olga)
    assert "Begin the ninety days" in text_of(olga.get(to(cast, "install")))
    assert "No install runs here" in text_of(olga.post(to(cast, "install_mark"), {"step": "buyers", "how": "done"}))
    page = olga.post(to(cast, "install_begin"), follow=True)
    assert "Day 1 of 90" in text_of(page)
    assert Baseline.objects.get().guided
    page = olga.post(to(cast, "install_mark"), {"step": "buyers", "how": "done", "note": "Five calls"}, follow=True)
    assert "Olga Adler said so: Five calls" in text_of(page)
    assert "It is open again." in undo(olga, cast, page, to(cast, "install")).content.decode()
    kept = olga.post(to(cast, "install_mark"), {"step": "fault", "how": "pass", "note": ""})
    assert (kept.status_code, "Write why it is passed over" in text_of(kept)) == (422, True)
    page = olga.post(to(cast, "install_mark"), {"step": "fault", "how": "pass", "note": "Known <before>"}, follow=True)
    assert "Passed over by Olga Adler: Known <before>" in text_of(page)
    olga.post(to(cast, "install_mark"), {"step": "fault", "how": "undo"})
    assert not InstallStep.objects.exists()
    assert olga.post(to(cast, "install_mark"), {"step": "zzz", "how": "done"}).status_code == 422


def test_installs_show_the_companies_one_leads_and_no_other(cast: Cast) -> None:
    begin_baseline(workspace=cast.workspace, by=cast.alice, at=NOW, guided=True)
    begin_baseline(workspace=cast.elsewhere, by=cast.carol, at=NOW, guided=True)
    where = reverse("installs")
    assert Client().get(where).status_code == 302
    shown = text_of(client_of(cast.olga).get(where))
    assert "Acme Sales" in shown and "day 1, diagnose" in shown and "Elsewhere" not in shown
    assert "You lead no company here" in text_of(client_of(cast.bob).get(where))
    assert "Acme" not in text_of(client_of(cast.carol).get(where))


@pytest.mark.parametrize("name", [*PAGES, "playbook", "health_behind"])
def test_a_page_costs_the_same_queries_at_any_size(cast: Cast, rhythm: Rhythm, name: str) -> None:
    begin_baseline(workspace=cast.workspace, by=cast.alice, at=NOW, guided=True)
    keys = {"behind": "deals"} if name == "health_behind" else {}
    alice = client_of(cast.alice)
    asked = []
    for more in (2, 40):
        filled(cast, make_rhythm(cast.workspace, cast.alice, NOW), some_deals(cast, more), weeks=more // 2)
        alice.get(to(cast, name, **keys))
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(to(cast, name, **keys)).status_code == 200
        asked.append([query["sql"] for query in queries if "set_config" not in query["sql"]])
    assert len(asked[0]) == len(asked[1])
    assert len(asked[1]) <= 15, "\n".join(asked[1])
