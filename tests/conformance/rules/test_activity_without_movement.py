import pytest

from headway.deals.events import EventKind
from headway.process.definition import Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided, event

PLAIN = Process("p", (Stage("A"), Stage("B")))


def calls(*times: float) -> list[object]:
    return [event(EventKind.ACTIVITY_DONE, at, "call") for at in times]


def test_open_deals_worked_without_a_buyer_act_or_a_move() -> None:
    deals = {
        "answered": [*claims((1, "A")), *calls(50, 60, 70), event(EventKind.BUYER_ACTED, 80, "reply")],
        "lost": [*claims((1, "A")), *calls(50, 60, 70), decided(90, "lost")],
        "moved": [*claims((1, "A"), (80, "B")), *calls(50, 60, 70)],
        "two": [*claims((1, "A")), *calls(50, 60)],
        "worked": [*claims((1, "A")), *calls(0.5, 50, 60, 70)],
        "worked since": [*claims((1, "A")), event(EventKind.BUYER_ACTED, 55, "reply"), *calls(50, 60, 70, 75)],
    }
    found = findings("activity_without_movement", PLAIN, deals)  # type: ignore[arg-type]
    assert brief(found, "rank", "count") == [("worked", 1, 3), ("worked since", 1, 3)]
    assert [row["measure"] for row in found] == pytest.approx([99, 45])
