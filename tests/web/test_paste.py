"""Anybody may paste stages, where the operator allows it; nothing is kept, and nobody can keep the server busy."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from headway.process.linter import lint_text
from headway.web.pace import A_MINUTE
from headway.web.paste.verdict import verdict_of
from headway.web.paste.views import MOST_CHARACTERS
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
STAGES = "Demo done\nProposal sent\nCustomer understands the value\nContract signed by their CFO\nClosed won"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    caches["process"].clear()


def test_a_stranger_sees_each_line_marked_and_rewritten_and_nothing_is_stored(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.post("/paste/", {"text": STAGES}).content.decode()
    assert not [query for query in queries.captured_queries if "set_config" not in query["sql"]]
    assert "2 of your 4 lines describe what you do." in page
    assert "2 say what the buyer has done, 1 of them so that it would show." in page
    assert "The users who must work with it have said in writing whether the demo covered their problem" in page
    assert "Contract signed by their <mark>CFO</mark>" in page
    assert "Cache-Control" in client.get("/paste/").headers


def test_while_typing_only_the_verdict_is_sent(client: Client) -> None:
    part = client.post("/paste/", {"text": "Demo done"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Your line describes what you do." in part


def test_an_example_is_one_press_away(client: Client) -> None:
    assert "5 of your 7 lines describe what you do." in client.post("/paste/", {"sample": "1"}).content.decode()


def test_what_is_too_long_is_told_so_and_kept(client: Client) -> None:
    answer = client.post("/paste/", {"text": "Demo\n" * (MOST_CHARACTERS // 5 + 1)})
    assert answer.status_code == 422
    assert "longer than 20,000 characters" in answer.content.decode()


def test_broken_process_files_are_told_in_a_sentence(client: Client) -> None:
    answer = client.post("/paste/", {"text": "headway: process/1\nstages: [\n"})
    assert answer.status_code == 422
    assert "not valid YAML" in answer.content.decode()


def test_what_is_pasted_is_shown_as_text(client: Client) -> None:
    page = client.post("/paste/", {"text": "<script>alert(1)</script> sent\nDemo done"}).content.decode()
    assert "<script>alert" not in page


def test_one_address_is_answered_so_often_a_minute_and_others_go_on(client: Client) -> None:
    for _ in range(A_MINUTE):
        assert client.post("/paste/", {"text": "Demo"}, REMOTE_ADDR="192.0.2.7").status_code == 200
    refused = client.post("/paste/", {"text": "Demo"}, REMOTE_ADDR="192.0.2.7")
    # A new minute may have begun in between; then the count begun anew is what is tested.
    if refused.status_code != 429:
        for _ in range(A_MINUTE):
            refused = client.post("/paste/", {"text": "Demo"}, REMOTE_ADDR="192.0.2.7")
    assert refused.status_code == 429
    assert "wait a little" in refused.content.decode()
    assert client.post("/paste/", {"text": "Demo"}, REMOTE_ADDR="192.0.2.8").status_code == 200


def test_the_operator_may_close_it_to_strangers(client: Client, settings: Any) -> None:
    settings.PASTE_FOR_STRANGERS = False
    assert client.get("/paste/").status_code == 302
    client.force_login(make_cast().bob)
    assert client.get("/paste/").status_code == 200


@pytest.mark.parametrize(("name", "offered"), [("alice", True), ("olga", True), ("bob", False), ("vera", False)])
def test_who_may_change_the_process_may_begin_one_with_the_stages(client: Client, name: str, offered: bool) -> None:
    client.force_login(getattr(make_cast(), name))
    page = client.post("/paste/", {"text": STAGES}).content.decode()
    assert ("Begin a process with these" in page) is offered


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Demo done\nProposal sent",
            ("Both of your lines describe what you do.", "None says what the buyer has done."),
        ),
        ("Contract signed by their CFO", ("Your line says what the buyer has done.", "")),
        ("Closed won", ("No stage was found in this text.", "Write one stage per line.")),
        (
            "Contract signed by their CFO\nTheir lawyer returned the contract with changes",
            (
                "None of your 2 lines describes what you do.",
                "Every one says what the buyer has done, and how it would show.",
            ),
        ),
    ],
)
def test_the_sentence_on_top(text: str, sentences: tuple[str, str]) -> None:
    found = verdict_of(lint_text(text))
    assert (found.headline, found.rest) == sentences


@given(st.text(max_size=200))
def test_any_text_gets_a_verdict_whose_lines_are_whole(text: str) -> None:
    report = lint_text(text) if "headway" not in text else lint_text("")
    found = verdict_of(report)
    assert [line.before + line.subject + line.after for line in found.lines] == [line.text for line in report.lines]
