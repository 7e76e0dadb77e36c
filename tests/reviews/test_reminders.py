"""Reminders that stop, and the digest that tells them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.reviews.digest import (
    MOST,
    Part,
    digest_blocks,
    digest_html,
    digest_subject,
    digest_text,
    find_digest,
)
from headway.reviews.reminders import (
    Kind,
    Matter,
    Told,
    is_for_the_agenda,
    is_left,
    left_to_tell,
    snoozed_until,
)

ON = date(2026, 3, 3)
texts = st.text(max_size=40)


def matter(kind: Kind = Kind.PROMISE, number: int = 1, title: str = "Ask Dana", detail: str = "due today") -> Matter:
    return Matter(kind, f"{kind.value} K{number}", title, detail, "https://h.example/w/x/", "https://h.example/r/t/")


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_a_thing_is_told_twice_at_most_and_then_it_is_the_agendas(worked: list[bool]) -> None:
    told, times = Told(), 0
    for n, is_open in enumerate(worked):
        on = ON + timedelta(n)
        if is_open and is_left(told, on):
            times += 1
            told = Told(told.times + 1, on)
    assert times == min(2, sum(worked))
    assert is_for_the_agenda(told) == (times == 2)


def test_snoozed_and_not_needed_are_not_told() -> None:
    snoozed = Told(1, ON, snoozed_until(ON))
    assert not is_left(snoozed, ON + timedelta(6))
    assert is_left(snoozed, ON + timedelta(7))
    assert not is_left(Told(not_needed=True), ON)
    assert not is_for_the_agenda(Told(2, not_needed=True))
    assert not is_left(Told(1, ON), ON), "once a day"


def test_silent_buyers_are_three_at_most_after_those_told_before_are_left_out() -> None:
    silent = [matter(Kind.SILENCE, n) for n in range(6)]
    told = {"silence K0": Told(2), "silence K2": Told(not_needed=True)}
    left = left_to_tell([*silent, matter()], told, ON)
    assert [m.about for m in left] == ["commitment K1", "silence K1", "silence K3", "silence K4"]


def test_nothing_to_say_is_no_digest() -> None:
    assert find_digest("Ann", ON, [Part("W", ())], "https://h.example/notices/") is None
    assert find_digest("Ann", ON, [], "https://h.example/notices/") is None


def test_the_subject_counts_what_is_in_it() -> None:
    matters = (matter(), matter(number=2), matter(Kind.AGENDA), matter(Kind.SILENCE), matter(Kind.SELF_REVIEW))
    digest = find_digest("Ann", ON, [Part("W", matters)], "https://h.example/notices/")
    assert digest
    assert digest_subject(digest) == "2 promises, 1 review to prepare, 1 silent buyer, your week"


def test_what_is_over_in_a_week_is_not_put_off_by_a_week() -> None:
    digest = find_digest("Ann", ON, [Part("W", (matter(Kind.AGENDA), matter(Kind.SELF_REVIEW)))], "https://x")
    assert digest
    assert "In a week" not in digest_text(digest) + digest_html(digest) + str(digest_blocks(digest))
    assert digest_text(digest).count("Not needed") == 2


def test_many_things_are_cut_and_counted_and_slack_takes_them() -> None:
    parts = [Part(f"W{n}", tuple(matter(number=100 * n + k) for k in range(15))) for n in range(3)]
    digest = find_digest("Ann", ON, parts, "https://h.example/notices/")
    assert digest
    assert len(digest.matters) == MOST
    assert digest.cut == 25
    assert "And 25 things more." in digest_text(digest)
    assert len(digest_blocks(digest)) <= 50


@settings(suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), texts, texts)
def test_words_of_people_neither_open_tags_nor_break_lines_nor_call_channels(
    said: list[tuple[str, str]], workspace: str, name: str
) -> None:
    matters = tuple(matter(number=n, title=title, detail=detail) for n, (title, detail) in enumerate(said))
    digest = find_digest(name, ON, [Part(workspace, matters), Part("Other", (matter(number=99),))], "https://x")
    assert digest
    assert len(digest_text(digest).split("\n")) == len(digest_text(digest).splitlines()) + 1
    plain = re.sub(r"<[^>]*>", "", digest_html(digest).split("<body", 1)[1])
    assert "<" not in plain
    html = digest_html(digest)
    assert html.count("<a ") == 3 * len(digest.matters) + 1
    for block in digest_blocks(digest):
        if block["type"] == "section":
            text = block["text"]["text"]
            assert len(re.findall("<", text)) == len(re.findall(r"<https://h\.example/w/x/\|", text))
    assert "Good day" in unescape(html)
