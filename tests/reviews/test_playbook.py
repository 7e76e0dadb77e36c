"""The playbook: everything of the process is in it, nothing runs in it, and what people wrote cannot break it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from headway.process.starters import get_starter
from headway.reviews.playbook import Meeting, Playbook, body_html, playbook_html, proof_words, roles_of

PROCESS = get_starter("buyer_terms")
BOOK = Playbook(
    "Acme", date(2026, 3, 2), (PROCESS,),
    (Meeting("Pipeline review", "FREQ=WEEKLY;BYDAY=WE", "10:00 (Europe/Berlin)", 30, "Alice", ("Bob", "Olga")),),
    roles_of({"leader": ("Alice",), "seller": ("Bob",)}),
)  # fmt: skip


def test_every_milestone_question_and_step_is_in_it() -> None:
    said = body_html(BOOK)
    for _, milestone in PROCESS.milestones:
        assert str(milestone.buyer) in said.unescape()
        assert milestone.ask in said.unescape()
        assert proof_words(milestone) in said.unescape()
    for _, step in PROCESS.steps:
        assert step.seller in said.unescape()
    assert "Every Wednesday at 10:00 (Europe/Berlin), 30 minutes" in said
    assert said.count("Who answers for what") == 3
    assert "Alice" in said and "Bob, Olga" in said


def test_the_file_holds_all_it_needs_and_runs_nothing() -> None:
    page = playbook_html(BOOK)
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|src=|url\(|https?://|style=", page)


def test_what_people_wrote_is_text() -> None:
    sly = replace(BOOK, company="<script>alert(1)</script>", roles=roles_of({"leader": ("</main><b>x",)}))
    page = playbook_html(sly)
    assert "<script" not in page
    assert "</main><b>" not in page


def test_an_empty_company_has_a_playbook_too() -> None:
    page = playbook_html(Playbook("New", date(2026, 3, 2), (), (), roles_of({})))
    assert "None is published yet." in page
    assert "No review is set yet." in page
