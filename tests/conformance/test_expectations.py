"""What the process expected of each deal, whether it fell due, and whether it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from headway.conformance.expectations import items_of
from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.process.definition import Milestone, Process, Proof, Stage, Step
from tests.conformance.judged import Judged, judged
from tests.logs import claims, day, decided, event

CALL = Step("call", "Call the champion", "a", due_days=3, activities=("call", "visit", "call"))
SEND = Step("send", "Send the figures", "b", due_days=2, after="meeting", activities=("mail",))
PAPER = Step("paper", "Send the papers", "b", due_days=1, activities=("paper",), at_buyers_request=True)
SALE = Process(
    "Sale",
    (
        Stage("A", (Milestone("a", "A"),), (CALL,)),
        Stage("B", (Milestone("b", "B", proof=Proof(grade=2)),), (SEND, PAPER)),
        Stage("C"),
        Stage("D", (Milestone("d", "D"),)),
    ),
    pipelines=("Sale",),
)
LEASE = Process(
    "Lease",
    (
        Stage("A", (), (Step("call", "Call them", "x", due_days=5, activities=("call",)),)),
        Stage("Z", (Milestone("z", "Z"),)),
    ),
    pipelines=("Lease",),
)


def did(at: float, name: str) -> Event:
    return event(EventKind.ACTIVITY_DONE, at, name)


def met(at: float) -> Event:
    return event(EventKind.BUYER_ACTED, at, "meeting", grade=3)


def shown(milestone: str, at: float, grade: int = 2) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, milestone, grade=grade)


CALLS = {
    "at the due time": [*claims((1, "A")), did(4, "call")],
    "before the stage": [*claims((1, "A")), did(0.5, "visit")],
    "by another name": [*claims((1, "A")), did(2, "mail")],
    "decided as it fell due": [*claims((1, "A")), decided(4, "lost")],
    "decided before": [*claims((1, "A")), did(2, "call"), decided(3.5, "lost")],
    "in time": [*claims((1, "A")), did(2, "call"), did(3, "call")],
    "late": [*claims((1, "A")), did(4.5, "call")],
    "never in the stage": [*claims((1, "B")), did(2, "call")],
    "not yet due": [*claims((97.5, "A"))],
    "twice in the stage": [*claims((1, "A"), (2, "B"), (50, "A")), did(51, "call")],
}
MEETINGS = {
    "asked again": [*claims((1, "C")), met(3), met(50), did(51, "mail")],
    "before the meeting": [*claims((1, "C")), did(2.5, "mail"), met(3)],
    "answered at once": [*claims((1, "C")), met(3), did(3, "mail")],
    "answered when due": [*claims((1, "C")), met(3), did(5, "mail")],
    "answered late": [*claims((1, "C")), met(3), did(5.5, "mail")],
    "never met": [*claims((1, "B")), did(2, "mail")],
    "met lately": [*claims((1, "C")), met(98.5)],
}
LEASES = {"leased": [*claims((1, "A")), did(6, "call"), met(2), did(3, "paper")]}
STAGES = {
    "in order": claims((1, "A"), (2, "B"), (4, "C")),
    "left out": claims((1, "A"), (4, "C"), (9, "D")),
    "later": claims((1, "A"), (4, "C"), (6, "B")),
    "lost": [*claims((1, "B")), decided(6, "lost")],
    "proven": [*claims((1, "A"), (4, "C")), shown("a", 1), shown("b", 3)],
    "won": [*claims((1, "C"), (2, "A")), decided(8, "won")],
}
OBSERVED = {
    "backed": [shown("a", 1), *claims((1, "A"), (5, "B"), (6, "D")), shown("b", 4.5), shown("d", 9)],
    "same day": [*claims((1, "A"), (5, "B")), shown("a", 2), shown("b", 5.3)],
    "next day": [*claims((1, "A"), (5, "B")), shown("a", 2), shown("b", 5.6)],
    "twice": [*claims((1, "A"), (5, "B"), (6, "A"), (9, "B")), shown("a", 2), shown("b", 8)],
    "weak": [*claims((1, "A"), (5, "B")), shown("a", 2), shown("b", 4, grade=1)],
}


@pytest.fixture(scope="module")
def world() -> Iterator[Judged]:
    deals = CALLS | MEETINGS | LEASES | STAGES | OBSERVED
    about = {name: {"pipeline": "Lease" if name in LEASES else "Sale"} for name in deals}
    with judged([SALE, LEASE], deals, about=about) as found:
        yield found


def kept(world: Judged, kind: str, label: str, deals: dict[str, Any]) -> dict[str, bool]:
    numbers = [item.number for item in world.items if (item.kind, item.label) == (kind, label)]
    assert len(numbers) == 1
    rows = world.rows(
        "SELECT d.id, k.kept FROM checks AS k JOIN deals AS d USING (deal)"
        f" WHERE k.item = {numbers[0]} AND k.kind = '{kind}'"
    )
    assert len(rows) == len(dict(rows))
    return {deal: flag for deal, flag in rows if deal in deals}


def test_items_are_numbered_over_all_processes_stages_then_claims_then_steps() -> None:
    assert [(i.number, i.kind, i.process, i.rank, i.label) for i in items_of([SALE, LEASE])] == [
        (0, "stage", 0, 1, "A"),
        (1, "stage", 0, 2, "B"),
        (2, "stage", 0, 3, "C"),
        (3, "stage", 0, 4, "D"),
        (4, "stage", 1, 1, "A"),
        (5, "stage", 1, 2, "Z"),
        (6, "claim", 0, 1, "A"),
        (7, "claim", 0, 2, "B"),
        (8, "claim", 0, 4, "D"),
        (9, "claim", 1, 2, "Z"),
        (10, "step", 0, 1, "Call the champion"),
        (11, "step", 0, 2, "Send the figures"),
        (12, "step", 0, 2, "Send the papers"),
        (13, "step", 1, 1, "Call them"),
    ]


def test_a_step_is_kept_when_done_by_the_due_time_after_its_stage_was_first_claimed(world: Judged) -> None:
    assert kept(world, "step", "Call the champion", CALLS) == {
        "at the due time": True,
        "before the stage": True,
        "by another name": False,
        "decided as it fell due": False,
        "in time": True,
        "late": False,
        "twice in the stage": False,
    }


def test_a_step_after_a_buyers_act_is_due_from_the_first_such_act(world: Judged) -> None:
    assert kept(world, "step", "Send the figures", MEETINGS) == {
        "asked again": False,
        "before the meeting": False,
        "answered at once": True,
        "answered when due": True,
        "answered late": False,
    }


def test_the_due_time_is_told(world: Judged) -> None:
    rows = dict(
        world.rows(
            "SELECT d.id, k.due_at FROM checks AS k JOIN deals AS d USING (deal)"
            " WHERE k.kind = 'step' AND d.pipeline = 'Sale'"
        )
    )
    assert rows["late"] == _naive(day(4))
    assert rows["answered late"] == _naive(day(5))


def test_what_the_buyer_asks_for_is_never_judged(world: Judged) -> None:
    assert kept(world, "step", "Send the papers", CALLS | MEETINGS | STAGES) == {}


def test_each_process_expects_its_own_steps_of_its_own_deals(world: Judged) -> None:
    assert kept(world, "step", "Call them", CALLS | LEASES) == {"leased": True}
    assert "leased" not in kept(world, "step", "Send the figures", LEASES)
    rows = world.rows("SELECT DISTINCT process, item FROM checks WHERE process = 1")
    assert rows == [(1, 13)]


def stages(world: Judged, deals: dict[str, Any]) -> set[tuple[str, str, bool, datetime]]:
    rows = world.rows(
        "SELECT d.id, s.rank, k.rank, k.kept, k.due_at FROM checks AS k JOIN deals AS d USING (deal)"
        " JOIN stage_facts AS s ON s.item = k.item AND s.process = k.process WHERE k.kind = 'stage'"
    )
    assert all(row[1] == row[2] for row in rows)
    return {(row[0], "ABCD"[row[1] - 1], row[3], row[4]) for row in rows if row[0] in deals}


def test_a_stage_is_due_when_the_deal_first_goes_beyond_it(world: Judged) -> None:
    assert stages(world, STAGES) == {
        ("in order", "A", True, _naive(day(2))),
        ("in order", "B", True, _naive(day(4))),
        ("left out", "A", True, _naive(day(4))),
        ("left out", "B", False, _naive(day(4))),
        ("left out", "C", True, _naive(day(9))),
        ("later", "A", True, _naive(day(4))),
        ("later", "B", True, _naive(day(4))),
        ("lost", "A", False, _naive(day(1))),
        ("proven", "A", True, _naive(day(4))),
        ("proven", "B", True, _naive(day(4))),
        ("won", "A", True, _naive(day(1))),
        ("won", "B", False, _naive(day(1))),
        ("won", "C", True, _naive(day(8))),
        ("won", "D", False, _naive(day(8))),
    }


def test_a_claim_is_backed_when_its_stage_was_real_on_the_day_it_was_first_claimed(world: Judged) -> None:
    assert kept(world, "claim", "B", OBSERVED) == {
        "backed": True,
        "same day": True,
        "next day": False,
        "twice": False,
        "weak": False,
    }
    assert kept(world, "claim", "D", OBSERVED) == {"backed": False}


def test_the_first_stage_is_claimed_by_itself_and_unobserved_deals_claim_nothing_that_can_be_judged(
    world: Judged,
) -> None:
    rows = world.rows(
        "SELECT DISTINCT k.rank, d.id FROM checks AS k JOIN deals AS d USING (deal) WHERE k.kind = 'claim'"
    )
    assert {rank for rank, _ in rows} == {2, 4}
    assert {deal for _, deal in rows} == {*OBSERVED, "proven"} - {"proven"}


def test_limits_are_told_in_microseconds(world: Judged) -> None:
    days = 86_400_000_000
    assert world.rows("SELECT process, silence_us, late_us, activities FROM process_limits ORDER BY process") == [
        (0, 21 * days, 7 * days, 3),
        (1, 21 * days, 7 * days, 3),
    ]


def test_every_pair_of_a_given_process_is_ordered_and_winning_comes_after_every_stage(world: Judged) -> None:
    pairs = world.rows("SELECT low, high FROM order_pairs WHERE process = 1 ORDER BY ALL")
    assert pairs == [(1, 2), (1, 3), (2, 3)]


def test_the_longest_stay_is_the_process_own_or_that_of_won_deals() -> None:
    process = Process("p", (Stage("A", limit_days=10), Stage("B"), Stage("C")))
    won = {f"w{n:02}": [*claims((0, "A"), (n, "B")), decided(n + 20 - n % 2, "won")] for n in range(1, 21)}
    open_deals = {f"o{n}": claims((0, "B"), (90, "C")) for n in range(30)}
    with judged([process], won | open_deals) as found:
        rows = found.rows("SELECT rank, won_visits, won_p90_us, limit_us FROM stage_limits ORDER BY rank")
    days = 86_400_000_000
    assert [row[:2] for row in rows] == [(1, 20), (2, 20), (3, 0)]
    assert [row[3] for row in rows] == [10 * days, 20 * days, None]
    assert rows[0][2] == pytest.approx(18.1 * days)
    assert rows[2][2] is None


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
