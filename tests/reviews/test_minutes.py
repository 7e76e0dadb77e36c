"""What the minutes of a review say of it: how it was held, what came of each point, and what changed afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.reviews.agenda_deal import AgendaDeal, LastAct
from headway.reviews.agenda_letter import Announced, Listed, agenda_paper, agenda_subject
from headway.reviews.minutes import Decided, Minutes, Point, Promised, Said, how_held, minutes_paper, subject_of
from headway.reviews.paper import as_text

DUE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
HELD = Minutes(
    name="Pipeline review", workspace="Acme", state="held", leader="Lena", due_at=DUE, minutes=30,
    opened_at=DUE + timedelta(minutes=2), closed_at=DUE + timedelta(minutes=29), present=("Lena", "Bob"),
    missing=("Olga",),
)  # fmt: skip
BACK = Decided("back", "from Proposal to Discovery", "Nobody confirmed the budget.", "Lena", DUE)
COMPARE = Said("where", "They compare two.", "Bob")
PROMISE = Promised("Bob", "Have legal answer", date(2026, 12, 3), "counsel answers the mail", "Hanna")


def text_of(minutes: Minutes) -> str:
    return as_text(minutes_paper(minutes, BERLIN, "https://example.com/m"))


def test_the_minutes_of_a_review_as_plain_text() -> None:
    points = (
        Point("Weidental", "Bob", 4, 310, True, said=(COMPARE,), decided=(BACK,), promised=(PROMISE,)),
        Point("Solberga", "Ann", 3, settled=True, said=(Said("account", "Signed on Friday.", "Ann"),)),
        Point("Lozana", "Ann", 2.5, 90, talked=True),
        Point("Beekman", "Chiara", 5),
    )  # fmt: skip
    assert text_of(replace(HELD, points=points)) == (
        "Minutes of Pipeline review\n\n"
        "Held on Wed 25 Nov 2026, 10:02. 27 minutes of 30.\nThere: Lena, Bob.\nNot there: Olga.\n\n"
        "Weidental (Bob · 5 of 4 minutes)\n"
        "- Decided: Move the claim back from Proposal to Discovery. Nobody confirmed the budget.\n"
        "- Promise: Bob: Have legal answer, by Thu 3 Dec 2026. Shown by Hanna: counsel answers the mail\n"
        "- Where is the buyer: They compare two. (Bob)\n\n"
        "Solberga (Ann · settled before the meeting)\n- The seller's account: Signed on Friday. (Ann)\n\n"
        "Lozana (Ann · 2 of 2.5 minutes)\n- Talked about, and nothing decided.\n\n"
        "Not talked about (5 minutes)\n- Beekman, Chiara, 5 minutes\n\n"
        "Open the minutes: https://example.com/m\n\n"
        "You get this because you take part in Pipeline review of Acme.\n"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "late", "opened_at": DUE + timedelta(days=1)}, "Held late, on Thu 26 Nov 2026, 10:00; it was"),
        ({"state": "empty"}, "Nothing was decided: it was ceremony."),
        ({"state": "skipped", "opened_at": None, "reason": "Trade fair."}, ", 10:00. Trade fair."),
        ({"state": "due", "opened_at": None}, "Due on Wed 25 Nov 2026, 10:00."),
    ],
)  # fmt: skip
def test_how_it_was_held_is_said_in_a_sentence(changes: dict[str, object], said: str) -> None:
    assert said in how_held(replace(HELD, **changes), BERLIN)  # type: ignore[arg-type]


def test_the_time_is_the_readers() -> None:
    assert "10:02" in how_held(HELD, BERLIN)
    assert "18:02" in how_held(HELD, "Asia/Tokyo")
    assert subject_of(replace(HELD, opened_at=datetime(2026, 11, 25, 23, 30, tzinfo=UTC)), "Asia/Tokyo").endswith(
        "26 Nov"
    )


def test_a_decision_taken_back_counts_no_more_and_is_told_as_a_correction() -> None:
    undone = replace(BACK, undone_by="Lena", undone_at=DUE + timedelta(hours=2), later=True)
    minutes = replace(HELD, points=(Point("Weidental", "Bob", 4, 310, True, decided=(undone, BACK)),))
    assert minutes.decisions == 1
    assert [one for _, one in minutes.corrections] == [undone]
    assert text_of(minutes).count("Taken back by Lena.") == 1


def test_what_was_passed_over_keeps_its_account() -> None:
    left = Point("Beekman", "Chiara", 5, said=(Said("account", "They wait for the board.", "Chiara"),))
    minutes = replace(HELD, points=(left,))
    assert minutes.skipped == (left,)
    assert "They wait for the board." in text_of(minutes)


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_every_point_is_either_dealt_with_or_left(talked: list[bool], settled: list[bool]) -> None:
    both = enumerate(zip(talked, settled, strict=False))
    points = tuple(Point(f"Deal {n}", "Bob", 2, talked=was, settled=before) for n, (was, before) in both)
    minutes = replace(HELD, points=points)
    assert set(minutes.talked) | set(minutes.skipped) == set(points)
    assert not set(minutes.talked) & set(minutes.skipped)
    assert all(f"Deal {n}" in text_of(minutes) for n in range(len(points)))


def agenda_deal(name: str, owner: str) -> AgendaDeal:
    return AgendaDeal(
        key="k", name=name, account="", owner=owner, amount=79_000, currency="EUR", claimed="Proposal",
        evidenced="Discovery", gap=2, standing="quiet", silence_days=19, closes_on=None,
        last_act=LastAct("replied", "Petra", date(2026, 11, 3)), lost=("Budget confirmed",), ask="Who signs?",
        ask_to="Petra", chance=0.42,
    )  # fmt: skip


def test_an_agenda_begins_with_promises_and_ones_own_deals_and_tells_no_chance() -> None:
    review = Announced("Pipeline review", "Acme", "Lena", DUE, 30, "Room 4")
    points = [
        Listed("Weidental", 4, ("Large.",), agenda_deal("Weidental", "Ann"), mine=False),
        Listed("Solberga", 3, ("Quiet.",), agenda_deal("Solberga", "Bob"), mine=True),
    ]
    broken = replace(PROMISE, owner="Lena", state="broken")
    text = as_text(agenda_paper(review, points, [broken], BERLIN, "https://example.com/a", leads=False))
    order = [
        "Lena’s own promises",
        "- Broken: Lena",
        "\nSolberga (3 minutes)",
        "Ask Petra: Who signs?",
        "Also on the agenda",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "42" not in text
    assert "One of your deals is on it." in text
    assert agenda_subject(review, 1, BERLIN) == "Agenda: Pipeline review, Wed 25 Nov, 10:00, one of your deals"
    assert "Your own promises" in as_text(agenda_paper(review, points, [broken], BERLIN, "x", leads=True))
