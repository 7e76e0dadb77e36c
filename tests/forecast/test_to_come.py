"""What the buyer has yet to do, in order, paced back from the day the deal is expected to close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.many import record_proof
from headway.forecast.to_come import FEWEST_WON, NOBODY, due_days, pace_of, to_come
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import as_of_day, claims, day, decided, event, fill, numbered

KIND = EventKind
PROCESS = Process(
    "Sales",
    (
        Stage("Discovery", (Milestone("pain", "The buyer says what is wrong", "What is wrong?", 10),)),
        Stage("Proposal", (
            Milestone("budget", "The buyer confirms a sum", usual_days=20),
            Milestone("reference", "The buyer hears a customer", usual_days=5, amount_from=500.0),
        )),
        Stage("Agreement", (Milestone("paper", "Legal returns the contract", proof=Proof(shelf_life_days=9)),)),
    ),
)  # fmt: skip
TODAY = 30


def history(
    name: str, *events: Any, close: float | None = None, owner: str | None = "Ana", amount: float = 100.0
) -> Any:
    start = [event(KIND.DEAL_CREATED, 0), *claims((0, "Discovery")), event(KIND.AMOUNT_SET, 0, amount=amount)]
    start += [event(KIND.OWNER_SET, 0, owner)] if owner else []
    start += [event(KIND.CLOSE_DATE_SET, 0, due=close)] if close is not None else []
    return DealHistory(name, tuple(sorted([*start, *events], key=lambda one: one.happened_at)))


def shown(at: float, milestone: str, contact: str | None = None, grade: int = 2) -> Any:
    return event(KIND.EVIDENCE_RECORDED, at, milestone, grade=grade, contact=contact, ref=f"{milestone}{at}")


HISTORIES = (
    history("unseen", close=72),
    history("some", shown(3, "pain", "Jan Ito"), close=71, amount=900.0),
    history("hurried", shown(3, "pain"), close=40, owner=None),
    history("past", shown(3, "pain"), close=20),
    history("undated", shown(3, "pain")),
    history(
        "weak",
        shown(3, "pain", "Jan Ito"),
        shown(5, "budget", "Mia Sol", grade=0),
        shown(6, "paper", "Lea Fox"),
        close=60,
    ),
    history("all", shown(3, "pain"), shown(5, "budget"), shown(25, "paper")),
    history("ended", shown(3, "pain"), decided(9, "lost")),
)
NUMBERS = {one.id: number for number, one in enumerate(HISTORIES)}


@pytest.fixture(scope="module")
def log() -> Iterator[EventLog]:
    with EventLog(memory_mib=256, in_memory=True) as made:
        yield ready(made, HISTORIES)


def ready(made: EventLog, histories: Any) -> EventLog:
    fill(made, numbered(histories))
    made.build(as_of_day(TODAY))
    pin_deals(made, [PROCESS])
    record_proof(made, [PROCESS])
    return made


def on(number: float) -> date:
    return day(number).date()


def test_what_is_to_come_is_paced_back_from_the_close_date(log: EventLog) -> None:
    """20 and 14 days to the second and third, 7 more to the decision: only the first has less time than its 10 days."""
    found = to_come(log, [PROCESS], list(NUMBERS.values()))[NUMBERS["unseen"]]
    assert [(one.milestone, one.stage, one.by_on, one.late) for one in found] == [
        ("pain", "Discovery", on(72 - 41), False),
        ("budget", "Proposal", on(72 - 21), False),
        ("paper", "Agreement", on(72 - 7), False),
    ]
    assert found[0].buyer == "The buyer says what is wrong" and found[0].ask == "What is wrong?"
    assert {one.who for one in found} == {"Ana"}


def test_an_amount_asks_for_more(log: EventLog) -> None:
    found = to_come(log, [PROCESS], [NUMBERS["some"]])[NUMBERS["some"]]
    assert [one.milestone for one in found] == ["budget", "reference", "paper"]


def test_too_little_time_makes_the_first_ones_late(log: EventLog) -> None:
    found = to_come(log, [PROCESS], [NUMBERS["hurried"]])[NUMBERS["hurried"]]
    assert [(one.milestone, one.by_on, one.late, one.who) for one in found] == [
        ("budget", on(19), True, NOBODY),
        ("paper", on(33), False, NOBODY),
    ]


def test_a_close_date_gone_by_gives_way_to_the_likely_day(log: EventLog) -> None:
    past, undated = NUMBERS["past"], NUMBERS["undated"]
    likely = {past: on(TODAY + 41), undated: on(TODAY + 82)}
    found = to_come(log, [PROCESS], [past, undated], likely=likely)
    assert [one.by_on for one in found[past]] == [on(TODAY + 20), on(TODAY + 34)]
    assert [one.by_on for one in found[undated]] == [on(TODAY + 40), on(TODAY + 68)]  # twice the time
    without = to_come(log, [PROCESS], [undated])[undated]
    assert [one.by_on for one in without] == [on(TODAY + 20), on(TODAY + 34)]


def test_what_no_longer_holds_is_asked_of_whom_it_came_from_unless_a_part_fits(log: EventLog) -> None:
    weak = NUMBERS["weak"]
    found = to_come(log, [PROCESS], [weak])[weak]
    assert [(one.milestone, one.who) for one in found] == [("budget", "Mia Sol"), ("paper", "Lea Fox")]
    parts = {"weak": [("Kim Orr", "Legal", ""), ("Jan Ito", "CFO", ""), ("Tom Ek", "user", "")]}
    told = to_come(log, [PROCESS], [weak], contacts=parts)[weak]
    assert [(one.milestone, one.who) for one in told] == [("budget", "Jan Ito"), ("paper", "Kim Orr")]


def test_nothing_is_to_come_where_all_holds_or_all_is_over(log: EventLog) -> None:
    assert to_come(log, [PROCESS], [NUMBERS["all"], NUMBERS["ended"]]) == {}


def test_the_pace_is_that_of_won_deals_where_enough_show_it() -> None:
    won = [
        history(f"won{n}", shown(2, "pain"), shown(5, "budget"), shown(8.4, "paper"), decided(9.4, "won"))
        for n in range(FEWEST_WON)
    ]
    lost = [history(f"lost{n}", shown(20, "pain"), decided(29, "lost")) for n in range(30)]
    few = [history("dear", shown(2, "pain"), shown(4, "reference"), decided(9, "won"), amount=900.0)]
    with EventLog(memory_mib=256, in_memory=True) as made:
        pace = pace_of(ready(made, [*won, *lost, *few]))
    assert [pace.of(0, number, 77) for number in range(4)] == [2, 3, 77, 3]  # the third was shown by one deal only
    assert pace.decision(0) == 1
    assert pace.of(1, 0, None) == 14


@given(st.lists(st.integers(1, 60), min_size=1, max_size=9), st.integers(1, 30), st.integers(0, 400))
def test_due_days_rise_and_leave_the_decision_its_time(lengths: list[int], decision: int, room: int) -> None:
    found = due_days(lengths, decision, room)
    assert found == sorted(found)
    assert found[-1] <= room - decision
    assert (found[0] < 0) == (lengths[0] + room < sum(lengths) + decision)
