"""First page, diagnosis and rewind on a workspace brought in from an export."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from headway.demo.company import simulate
from headway.jobs.analysis import analyse
from headway.jobs.importing import load_files
from headway.store.models import Deal, Job, Person
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast(NOW - timedelta(days=400))


@pytest.fixture
def filled(cast: Cast, tmp_path: Path) -> Cast:
    """The cast with a small simulated firm, analysed; its last day is the day before NOW."""
    files = simulate(7, date(2026, 3, 1), sellers=3, months=9).write(tmp_path)
    exports = [one for one in files if one.suffix == ".csv"]
    load_files(cast.workspace, exports, cast.alice, NOW)
    assert analyse(cast.workspace, at=NOW)
    return cast


def ask(person: Person, name: str, cast: Cast, query: str = "") -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(reverse(name, kwargs={"w": cast.workspace.key}) + query, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_workspace_says_how_to_begin_and_what_the_role_may(cast: Cast) -> None:
    leader, viewer = ask(cast.alice, "home", cast), ask(cast.vera, "home", cast)
    assert "Drop an export of your CRM" in leader
    assert "Drop an export" not in viewer
    assert "Name one deal" not in viewer


def test_the_first_page_says_the_five_sentences_with_links_to_the_deals(filled: Cast) -> None:
    page = ask(filled.alice, "home", filled)
    assert page.count("<li><p>") == 5
    linked = [deal for deal in Deal.objects.all() if f"/deals/{deal.key}/" in page]
    assert linked
    assert reverse("diagnosis", kwargs={"w": filled.workspace.key}) + "#movement" in page


def test_where_buyers_were_never_seen_it_offers_the_ten_minute_pass(cast: Cast, tmp_path: Path) -> None:
    files = simulate(7, date(2026, 3, 1), sellers=2, months=6).write(tmp_path)
    load_files(cast.workspace, [one for one in files if "opportunit" in one.name], cast.alice, NOW)
    assert analyse(cast.workspace, at=NOW)
    assert reverse("ten_minutes", kwargs={"w": cast.workspace.key}) in ask(cast.alice, "home", cast)


def test_every_section_of_the_diagnosis_stands_in_the_page(filled: Cast) -> None:
    page = ask(filled.vera, "diagnosis", filled)
    for section in ("movement", "buyer", "findings", "adherence", "flow", "consistency", "log"):
        assert f'id="{section}"' in page
    assert "Work out anew" not in page, "a viewer starts no work"


def test_the_diagnosis_is_a_file_to_keep(filled: Cast) -> None:
    client = Client()
    client.force_login(filled.alice)
    address = reverse("report_file", kwargs={"w": filled.workspace.key})
    answer = client.get(address, {"as": "json"})
    assert json.loads(answer.content)["log"]["deals"] == Deal.objects.count()
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"<!doctype html>" in client.get(address, {"as": "html"}).content


def test_rewind_shows_the_day_asked_for_as_it_was_known(filled: Cast) -> None:
    page = ask(filled.alice, "rewind", filled, "?on=2025-12-24")
    told = json.loads(page.split('<script id="rewind-days" type="application/json">')[1].split("</script>")[0])
    day = max((one for one in told if one["on"] <= "2025-12-24"), key=lambda one: one["on"])
    assert day["sentences"][0] in page.replace("&#x27;", "'")
    assert sum(day["sides"][0]) + sum(day["sides"][1]) == day["deals"]
    assert max(one["on"] for one in told) == "2026-03-02"


def test_rewind_answers_whatever_stands_in_the_address(filled: Cast) -> None:
    for query in ("?on=never", "?on=1900-01-01", "?on=2999-01-01", "?at=9.9", "?at=x", "?at=0.1"):
        assert "claimed in" in ask(filled.alice, "rewind", filled, query), query


def test_work_is_asked_for_once_and_only_by_who_may(filled: Cast) -> None:
    for person, expected in ((filled.alice, 302), (filled.alice, 302), (filled.vera, 403)):
        client = Client()
        client.force_login(person)
        assert client.post(reverse("analyse", kwargs={"w": filled.workspace.key})).status_code == expected
    assert Job.objects.filter(kind="analysis", state="waiting").count() == 1


def test_an_outsider_sees_nothing(filled: Cast) -> None:
    client = Client()
    client.force_login(filled.carol)
    for name in ("home", "diagnosis", "report_file", "rewind", "analyse", "analysis_state"):
        address = reverse(name, kwargs={"w": filled.workspace.key})
        assert client.get(address).status_code == client.post(address).status_code == 404, name
