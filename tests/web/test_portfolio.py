"""The portfolio: a card for each company led, by name where it is not, and nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.store.actions.commitments import make_commitment
from headway.store.actions.deals import add_deal
from headway.store.actions.members import end_membership
from headway.store.actions.workspaces import add_member, make_workspace
from headway.store.guards import ALL, enter
from headway.store.models import AgendaItem, Analysis, Decision, Membership, Person, Review, Workspace
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of

pytestmark = pytest.mark.django_db
FIGURES: dict[str, Any] = {
    "deals": 120, "currency": "USD", "observed": 40, "inflated": 22, "gap_stages": 48, "gap_deals": 40,
    "gap": [250_000.0, 120_000.0, 410_000.0], "movement": [0.47, 0.41, 0.53, 310], "days": 120.0, "basis": "evidenced",
    "upper": False, "reason": "", "verdicts": {"ask_who_signs": "practice", "send_sheet": "process", "call": "unknown"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW)


def analysed(workspace: Workspace, days_ago: int = 0, **figures: Any) -> Analysis:
    at = NOW - timedelta(days=days_ago)
    summary = {"company": FIGURES | figures}
    return Analysis.objects.create(workspace=workspace, as_of=at, started_at=at, finished_at=at, summary=summary)


def reviewed(workspace: Workspace, leader: Person, *states: str) -> None:
    for week, state in enumerate(states):
        Review.objects.create(
            workspace=workspace, kind="pipeline", name="Pipeline review", leader=leader, minutes=30, state=state,
            due_at=NOW - timedelta(days=7 * week, hours=1),
        )  # fmt: skip


def promised(workspace: Workspace, by: Person, due_days: int) -> None:
    make_commitment(
        workspace=workspace, owner=by.name, person=by, what="Send the sheet", shows="", contact="", milestone="",
        due_on=(NOW + timedelta(days=due_days)).date(), by=by, at=NOW - timedelta(days=20),
    )  # fmt: skip


def company(name: str, by: Person, role: str = "leader", **figures: Any) -> Workspace:
    made = make_workspace(name=name, by=by, at=NOW, role=role)
    analysed(made, **figures)
    add_deal(workspace=made, name="First", by=by, at=NOW - timedelta(days=2))
    enter(ALL)
    return made


def page(person: Person | Client) -> str:
    client = person if isinstance(person, Client) else client_of(person)
    answer = client.get(reverse("portfolio"))
    assert answer.status_code == 200
    enter(ALL)
    return text_of(answer)


def test_every_company_led_has_its_figures_with_n_and_interval(cast: Cast) -> None:
    other = company("Borealis", cast.alice)
    reviewed(other, cast.alice, "held", "held", "late", "skipped")
    promised(other, cast.alice, -6)
    promised(other, cast.alice, 6)
    said = page(cast.alice)
    for words in (
        "2 companies you lead", "$250 k", "$120 k to $410 k", "+1.2 stages a deal", "22 of 40 deals ahead of proof",
        "47 %", "41 to 53 %, n 310", "decided in 120 days", "2 of 4", "15 to 85 %", "practice: 1", "process: 1",
        "Promises overdue 1 of 2 owed", "28 Feb 2026", "2 days ago",
    ):  # fmt: skip
        assert words in said, words
    assert "unknown" not in said, "a verdict that cannot be told asks for nothing"


def test_money_stays_in_each_company_s_own_currency_and_is_never_added_up(cast: Cast) -> None:
    company("Borealis", cast.alice)
    company("Tern", cast.alice, currency="SEK", gap=[900_000.0, 500_000.0, 1_300_000.0])
    said = page(cast.alice)
    assert "$250 k" in said
    assert "SEK 900 k" in said
    assert "1.15" not in said
    assert "1.1 M" not in said


def test_each_figure_leads_to_its_page_in_that_company(cast: Cast) -> None:
    other = company("Borealis", cast.alice)
    client = client_of(cast.alice)
    markup = main_of(client.get(reverse("portfolio")))
    for name, rest in (
        ("deals", "?gap=ahead"), ("diagnosis", "#movement"), ("diagnosis", "#verdicts"), ("health", ""),
        ("promises", ""), ("imports", ""), ("home", ""),
    ):  # fmt: skip
        url = reverse(name, kwargs={"w": other.key})
        assert f'href="{url}{rest}"' in markup, name
        assert client.get(url, follow=True).status_code == 200, name


def test_hidden_money_and_unknown_movement_say_why(cast: Cast) -> None:
    company("Borealis", cast.alice, gap=None, movement=None, reason="only 9 deals entered a stage")
    said = page(cast.alice)
    assert "+1.2 stages a deal" in said
    assert "too few decided to say it in money" in said
    assert "Movement Unknown only 9 deals entered a stage" in said
    assert "$" not in said


def test_a_company_without_deals_asks_for_them(cast: Cast) -> None:
    said = page(cast.alice)
    assert "1 company you lead" in said
    assert "Bring in its deals" in said
    assert "No deals yet" in said


def test_an_analysis_from_before_tells_with_the_next_one(cast: Cast) -> None:
    Analysis.objects.create(
        workspace=cast.workspace, as_of=NOW, started_at=NOW, finished_at=NOW, summary={"deals": 3, "inflated": 1}
    )
    add_deal(workspace=cast.workspace, name="First", by=cast.alice, at=NOW)
    assert "the next analysis tells" in page(cast.alice)


def test_only_the_newest_analysis_counts(cast: Cast) -> None:
    analysed(cast.workspace, days_ago=1, gap=[1_000_000.0, 1.0, 2_000_000.0])
    analysed(cast.workspace)
    said = page(cast.alice)
    assert "$250 k" in said
    assert "$1 M" not in said


def test_a_verdict_decided_on_is_no_longer_open(cast: Cast) -> None:
    analysed(cast.workspace)
    review = Review.objects.create(
        workspace=cast.workspace, kind="process", name="Process review", leader=cast.alice, minutes=60, due_at=NOW
    )
    item = AgendaItem.objects.create(
        workspace=cast.workspace, review=review, subject="step send_sheet", place=1, minutes=5
    )
    Decision.objects.create(workspace=cast.workspace, review=review, item=item, what="keep", by=cast.alice, at=NOW)
    said = page(cast.alice)
    assert "Open verdicts 1 practice: 1" in said


# --- what waits ---


def test_old_data_is_told_first_then_promises_then_reviews_then_verdicts(cast: Cast) -> None:
    other = company("Borealis", cast.alice)
    assert "No review was due: set a rhythm" in page(cast.alice)
    reviewed(other, cast.alice, "held", "skipped", "late")
    assert "2 of 3 reviews not held on time" in page(cast.alice)
    promised(other, cast.alice, -6)
    assert "1 promise is overdue" in page(cast.alice)
    Workspace.objects.filter(pk=other.pk).update(shows_at=NOW - timedelta(days=40))
    assert "Data is 40 days old: import again" in page(cast.alice)


def test_what_is_in_order_says_so(cast: Cast) -> None:
    analysed(cast.workspace, verdicts={})
    add_deal(workspace=cast.workspace, name="First", by=cast.alice, at=NOW)
    reviewed(cast.workspace, cast.alice, "held", "held")
    said = page(cast.alice)
    assert "nothing waits" in said
    assert "Nothing waits" in said


# --- who sees what ---


@pytest.mark.parametrize("role", ["seller", "viewer"])
def test_where_one_does_not_lead_only_the_name_stands(cast: Cast, role: str) -> None:
    theirs = company("Kestrel", cast.carol)
    add_member(workspace=theirs, person=cast.alice, role=role, by=cast.carol, at=NOW)
    analysed(cast.workspace, gap=None)
    enter(ALL)
    said = page(cast.alice)
    assert f"Also yours KE Kestrel {role.capitalize()}".replace("KE ", "K ") in said
    assert "$" not in said


def test_sellers_and_viewers_see_names_only(cast: Cast) -> None:
    analysed(cast.workspace)
    for person in (cast.bob, cast.vera):
        said = page(person)
        assert "You lead no company here" in said
        assert "Acme Sales" in said
        assert "47 %" not in said


def test_operations_sees_what_it_runs(cast: Cast) -> None:
    analysed(cast.workspace)
    assert "47 %" in page(cast.olga)


def test_carol_sees_hers_and_nothing_of_theirs(cast: Cast) -> None:
    analysed(cast.workspace)
    said = page(cast.carol)
    assert "Elsewhere Ltd" in said
    assert "Acme" not in said
    assert "47 %" not in said


def test_an_ended_membership_and_a_removed_company_are_gone(cast: Cast) -> None:
    theirs, gone = company("Kestrel", cast.carol), company("Gone", cast.alice)
    membership = add_member(workspace=theirs, person=cast.alice, role="leader", by=cast.carol, at=NOW)
    enter(ALL)
    assert "Kestrel" in page(cast.alice)
    end_membership(membership=membership, by=cast.carol, at=NOW)
    Workspace.objects.filter(pk=gone.pk).update(removed_at=NOW)
    said = page(cast.alice)
    assert "Kestrel" not in said
    assert "Gone" not in said


def test_a_company_that_asks_for_a_second_factor_shows_its_name_only(cast: Cast) -> None:
    analysed(cast.workspace)
    Workspace.objects.filter(pk=cast.workspace.pk).update(second_factor_from=NOW - timedelta(days=1))
    said = page(cast.alice)
    assert "It asks for a second factor" in said
    assert "47 %" not in said
    Workspace.objects.filter(pk=cast.workspace.pk).update(second_factor_from=NOW + timedelta(days=1))
    assert "47 %" in page(cast.alice)


def test_who_is_not_logged_in_is_sent_to_log_in() -> None:
    assert Client().get(reverse("portfolio"))["Location"].startswith("/account/login/")


def test_the_switcher_leads_there_where_there_is_more_than_one(cast: Cast) -> None:
    home = reverse("members", kwargs={"w": cast.workspace.key})
    client = client_of(cast.alice)
    assert reverse("portfolio") not in client.get(home).content.decode()
    company("Borealis", cast.alice)
    assert reverse("portfolio") in client.get(home).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_at_most_fifteen_queries_for_any_number_of_companies(cast: Cast, count: int) -> None:
    for number in range(count):
        company(f"Company {number:02}", cast.alice)
    client = client_of(cast.alice)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("portfolio"))
    assert answer.status_code == 200
    assert Membership.objects.filter(person=cast.alice).count() == count + 1
    assert len([query for query in asked.captured_queries if "set_config" not in query["sql"]]) <= 12
