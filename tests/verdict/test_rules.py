"""Rules at the age by which half of the departures had happened, told by what was known then; counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.process.definition import Limits, Milestone, Process, Proof, Stage
from headway.verdict.known import known_of
from headway.verdict.question import Question
from headway.verdict.rules import rule_questions
from tests.conformance.judged import judged
from tests.logs import claims, decided, event
from tests.verdict.teams import acted, did

PATH = Process(
    "Sale",
    (
        Stage("A", (Milestone("met", "They met us", proof=Proof(acts=("meeting",))),), limit_days=10),
        Stage("B", (Milestone("agreed", "They agreed", proof=Proof(acts=("agreement",))),)),
        Stage("C"),
        Stage("D"),
    ),
    limits=Limits(silence_days=5, activities_without_movement=2),
)


def rules(deals: dict[str, list[Event]], process: Process = PATH, *, at: float = 200) -> dict[str, Question]:
    """The rules' questions by name, with the deals in the order given."""
    with judged((process,), deals, at=at) as found:
        questions = rule_questions(found.log, (process,), known_of(found.log), {})
    return {question.id: question for question in questions}


def made(*events: Event) -> list[Event]:
    return [event(EventKind.DEAL_CREATED, 0), *events]


def proven(met: float, agreed: float) -> list[Event]:
    return [acted(met, "meeting"), acted(agreed, "agreement")]


def test_skips_and_jumps_are_told_by_what_was_known_when_they_happened() -> None:
    deals = {
        "skips": made(*claims((0, "A"), (4, "C")), decided(30, "lost")),
        "skips, enters it later": made(*claims((0, "A"), (4, "C"), (20, "B")), decided(30, "won")),
        "skips, proves it later": made(*claims((0, "A"), (6, "C")), *proven(8, 9), decided(30, "won")),
        "had proven it": made(*claims((0, "A"), (4, "C")), *proven(1, 2), decided(30, "won")),
        "in order": made(*claims((0, "A"), (4, "B"), (5, "C")), decided(30, "won")),
        "jumps": made(*claims((0, "A"), (4, "D")), decided(30, "lost")),
        "by winning": made(*claims((0, "A")), decided(30, "won")),
        "too late to count": made(*claims((0, "A"), (12, "C")), decided(30, "won")),
        "gone by then": made(*claims((0, "A"), (2, "C")), decided(3, "lost")),
    }  # fmt: skip
    found = rules(deals)
    # Skipped on days 4, 4, 6, 12 and 2: half of them by day 4. A jump over two stages is no skip.
    skip = found["skip"]
    assert skip.when == "4 days after they were created"
    assert skip.landmark.left_out.tolist() == [True, True, False, False, False, False, False, False]
    assert skip.decided_before == 1
    assert skip.landmark.won.tolist() == [False, True, True, True, True, False, True, True]
    assert (skip.naive.never, skip.naive.never_won, skip.naive.done, skip.naive.done_won) == (5, 3, 4, 3)
    assert "claimed stage" not in skip.landmark.names  # departing itself moves it
    assert found["jump"].landmark.left_out.tolist() == [False] * 5 + [True] + [False] * 2
    assert {question.horizon_days for question in found.values()} == {26.0}


def test_overstay_is_a_departure_on_the_day_the_limit_is_passed() -> None:
    deals = {
        "stays": made(*claims((0, "A"), (15, "B")), decided(30, "won")),
        "leaves in time": made(*claims((0, "A"), (10, "B")), decided(30, "won")),
        "decided in time": made(*claims((0, "A")), decided(9, "lost")),
        "stays from day 2 on": made(*claims((2, "A")), decided(30, "lost")),
    }
    overstay = rules(deals)["overstay"]
    assert overstay.when == "11 days after they were created"
    assert overstay.landmark.left_out.tolist() == [True, False, False]


def test_claims_ahead_of_an_observed_buyer_count_on_decided_deals_too() -> None:
    deals = {
        "ahead": made(*claims((0, "A"), (4, "B")), acted(1, "meeting"), decided(30, "lost")),
        "shown": made(*claims((0, "A"), (4, "B")), acted(1, "meeting"), acted(2, "agreement"), decided(30, "won")),
        "never observed": made(*claims((0, "A"), (4, "B")), decided(30, "lost")),
        "observed later": made(*claims((0, "A"), (4, "B")), acted(20, "meeting"), decided(30, "won")),
    }
    claim = rules(deals)["unproven_claim"]
    assert claim.landmark.left_out.tolist() == [True, False]


def test_work_on_a_silent_buyer_counts_from_the_activity_that_was_one_too_many() -> None:
    deals = {
        "chases": made(*claims((0, "A")), did(3, "call"), did(6, "call"), decided(30, "lost")),
        "they act": made(*claims((0, "A")), did(3, "call"), acted(4, "meeting"), did(6, "call"), decided(30, "won")),
        "moves": made(*claims((0, "A"), (5, "B")), did(3, "call"), did(6, "call"), decided(30, "won")),
        "one call": made(*claims((0, "A")), did(6, "call"), decided(30, "won")),
    }  # fmt: skip
    idle = rules(deals)["activity_without_movement"]
    assert idle.when == "6 days after they were created"
    assert idle.landmark.left_out.tolist() == [True, False, False, False]
    assert idle.meant_for == "saving the sellers' time"


def test_pushed_dates_and_late_entries() -> None:
    pushed = [event(EventKind.CLOSE_DATE_SET, at, due=due) for at, due in ((0, 40), (3, 60))]
    deals = {
        "pushed": made(*claims((0, "A")), *pushed, decided(30, "lost")),
        "drawn nearer": made(*claims((0, "A")), event(EventKind.CLOSE_DATE_SET, 0, due=40),
                             event(EventKind.CLOSE_DATE_SET, 3, due=20), decided(30, "won")),
        "told late": made(*claims((0, "A")), acted(1, "meeting", recorded=20), decided(30, "won")),
        "told after two days": made(*claims((0, "A")), acted(1, "meeting", recorded=3), decided(30, "won")),
    }  # fmt: skip
    found = rules(deals)
    assert found["pushed_close_date"].landmark.left_out.tolist() == [True, False, False, False]
    late = found["late_entry"]
    assert (late.when, late.landmark.left_out.tolist()) == (
        "8 days after they were created",
        [False, False, True, False],
    )


def test_rules_that_the_log_cannot_answer_are_not_asked() -> None:
    assert set(rules({"a": made(*claims((0, "A")), decided(9, "won"))})) == {"overstay", "skip", "jump"}
    assert rules({"a": [event(EventKind.AMOUNT_SET, 1, amount=5.0)]}) == {}


def test_a_rule_that_nobody_departs_from_and_versions_of_one_process() -> None:
    deals = {f"deal {n}": made(*claims((0, "A"), (n, "B")), decided(n + 5, "won")) for n in range(1, 5)}
    first = rules(deals)["skip"]
    assert not first.landmark.left_out.any() and first.when == "4 days after they were created"
    with judged((PATH, replace(PATH, version="2")), deals, at=200) as found:
        questions = rule_questions(found.log, (PATH, PATH), known_of(found.log), {"Sale": 12.0})
    assert [question.id for question in questions].count("skip") == 1
    assert {question.horizon_days for question in questions} == {12.0}
    assert all(np.isfinite(question.landmark.covariates).all() for question in questions)
