"""What the engine leaves behind of many deals at once: who was observed when, what became real when, what stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.many import STATE_NUMBERS, record_proof
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import as_of_day, claims, day, decided, event, fill, numbered

SALE = Process(
    "Sale",
    (
        Stage(
            "One", (Milestone("pain", "P", proof=Proof(acts=("call back",))), Milestone("board", "B", amount_from=50.0))
        ),
        Stage("Two"),
        Stage("Three", (Milestone("money", "M", proof=Proof(grade=2, shelf_life_days=30)),)),
        Stage("Four", (Milestone("signed", "S", proof=Proof(grade=3, acts=("signature", "call back"))),)),
    ),
    pipelines=("Sale",),
)
LEASE = Process(
    "Lease",
    (
        Stage(
            "One", (Milestone("lessor", "L", record_types=("Car", "Van")), Milestone("pain", "P", proof=Proof(grade=2)))
        ),
        Stage("Four", (Milestone("money", "M"),)),
    ),
    pipelines=("Lease",),
)


def acted(at: float, name: str = "visit", grade: int | None = 3) -> Event:
    return event(EventKind.BUYER_ACTED, at, name, grade=grade)


def shown(at: float, name: str, grade: int | None = 2, ref: str | None = None) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, name, grade=grade, ref=ref)


def retracted(at: float, name: str, ref: str | None = None) -> Event:
    return event(EventKind.EVIDENCE_RETRACTED, at, name, ref=ref)


def disputed(at: float, name: str, ref: str | None = None) -> Event:
    return event(EventKind.EVIDENCE_DISPUTED, at, name, ref=ref)


def did(at: float, name: str = "call") -> Event:
    return event(EventKind.ACTIVITY_DONE, at, name)


def agreed(at: float, due: float) -> Event:
    return event(EventKind.ACT_AGREED, at, "answer", due=due)


RENT = Process(
    "Rent",
    (
        Stage("A", (Milestone("fresh", "F", proof=Proof(shelf_life_days=30)), Milestone("steady", "S"))),
        Stage("B", (Milestone("later", "L"),)),
    ),
    pipelines=("Rent",),
)


FREE = Process("Free", (Stage("A"), Stage("B")), pipelines=("Free",))


DEALS: dict[str, list[Event]] = {
    "acts": [acted(9), acted(3), shown(3, "pain"), shown(5, "elsewhere", grade=1), shown(6, "pain", grade=0), did(8)],
    "after all": [acted(1), decided(10, "won"), acted(11), shown(12, "pain"), did(13)],
    "at the end": [shown(10, "pain"), acted(10), did(10), decided(10, "lost"), did(20)],
    "ahead": [shown(4, "signed", grade=3), *claims((5, "One"))],
    "board": [event(EventKind.AMOUNT_SET, 1, amount=50), shown(5, "pain"), shown(9, "board"), shown(9, "money")],
    "disputed at once": [shown(4, "pain"), disputed(4, "pain")],
    "disputed": [shown(4, "pain", ref="x"), disputed(6, "pain", ref="x"), shown(9, "pain", ref="y"), acted(2)],
    "disputed twice": [shown(4, "pain", ref="x"), disputed(6, "pain", ref="x"), disputed(7, "pain", ref="x"), acted(2)],
    "free": [acted(4), *claims((1, "A"))],
    "disputed for good": [shown(4, "pain", ref="x"), shown(5, "pain"), disputed(6, "pain"), disputed(7, "money")],
    "lapsed": [shown(2, "pain"), shown(60, "money"), shown(50, "money"), *claims((1, "Three"))],
    "other type": [shown(4, "pain"), shown(6, "money", grade=1)],
    "quick": [acted(4, "call back", grade=3), shown(70, "money"), *claims((1, "One"), (2, "four "))],
    "reconfirm": [shown(2, "pain"), shown(60, "money"), acted(65, "signature"), *claims((1, "Four"))],
    "reopened": [acted(5), decided(20, "lost"), event(EventKind.DEAL_REOPENED, 30), acted(40), agreed(41, 100)],
    "rent as fresh": [shown(10, "fresh"), shown(10, "later")],
    "rent fresher": [shown(10, "fresh"), shown(11, "steady"), shown(11, "later")],
    "rent same stage": [shown(10, "fresh"), shown(50, "steady")],
    "retracted at once": [acted(2), shown(4, "pain"), retracted(4, "pain")],
    "retracted at the end": [acted(2), shown(4, "pain"), retracted(10, "pain"), decided(10, "won")],
    "shown at the end": [acted(2), shown(10, "pain"), decided(10, "won")],
    "retracted": [shown(4, "pain", ref="x"), shown(7, "pain", ref="y"), retracted(8, "pain", ref="x"), acted(1)],
    "retracted all": [shown(4, "pain"), shown(6, "money", grade=3), retracted(6, "pain"), shown(50, "money", ref="z")],
    "retracted later": [shown(4, "pain"), decided(10, "won"), retracted(11, "pain")],
    "seller only": [did(5), did(7), shown(8, "pain", grade=0), shown(9, "money", grade=None), *claims((1, "Two"))],
    "small": [event(EventKind.AMOUNT_SET, 1, amount=49.99), shown(5, "pain")],
    "unpinned": [acted(5), did(9)],
    "van": [shown(4, "pain"), shown(5, "lessor", grade=1), *claims((1, "one"), (3, "Two"))],
    "waiting": [agreed(5, 120), agreed(6, 99), acted(3), did(4)],
    "weak": [shown(4, "pain"), shown(5, "money", grade=1), shown(8, "money", grade=0), *claims((1, "Two"))],
    "word": [
        shown(3, "pain", grade=0),
        retracted(9, "elsewhere"),
        shown(5, "other", ref="x"),
        retracted(9, "other", ref="x"),
    ],
}
ABOUT = {name: {"pipeline": "Sale"} for name in DEALS} | {
    "free": {"pipeline": "Free"},
    "other type": {"pipeline": "Lease", "record_type": "Lorry"},
    "unpinned": {"pipeline": "Service"},
    "van": {"pipeline": "Lease", "record_type": "Van"},
    **{name: {"pipeline": "Rent"} for name in DEALS if name.startswith("rent")},
}


class World:
    def __init__(self, log: EventLog) -> None:
        self.log = log

    def by_deal(self, columns: str, table: str, order: str) -> dict[str, list[tuple[Any, ...]]]:
        """Rows of a table by the deal's id, instants as days after the start."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        start = day(0).replace(tzinfo=None)
        query = f"SELECT d.id, {columns} FROM {table} AS t JOIN deals AS d ON d.deal = t.deal ORDER BY d.id, {order}"
        for deal, *values in self.log.connection.execute(query).fetchall():
            days = [(v - start).total_seconds() / 86_400 if hasattr(v, "tzinfo") else v for v in values]
            found.setdefault(deal, []).append(tuple(days))
        return found


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    histories = [DealHistory(name, tuple(events), ABOUT[name].get("record_type")) for name, events in DEALS.items()]
    with EventLog(memory_mib=256) as log:
        fill(log, numbered(histories), **ABOUT)
        log.build(as_of_day(100))
        pin_deals(log, [SALE, LEASE, RENT, FREE])
        record_proof(log, [SALE, LEASE, RENT, FREE])
        yield World(log)


def test_the_buyer_was_observed_at_each_act_and_at_evidence_beyond_the_sellers_word_that_stands(world: World) -> None:
    found = world.by_deal("happened_at, next_at", "buyer_acts", "happened_at")
    assert found["acts"] == [(3, 5), (5, 9), (9, None)]
    assert found["after all"] == [(1, None)]
    assert found["at the end"] == [(10, None)]
    assert found["retracted"] == [(1, 7), (7, None)]
    assert found["retracted all"] == [(6, 50), (50, None)]
    assert found["retracted later"] == [(4, None)]
    assert found["reopened"] == [(5, 40), (40, None)]
    assert found["shown at the end"] == [(2, 10), (10, None)]
    assert found["retracted at once"] == found["retracted at the end"] == [(2, None)]
    assert found["ahead"] == [(4, None)]
    assert "seller only" not in found
    assert "word" not in found
    assert "unpinned" not in found


def test_a_stage_became_real_with_the_last_of_the_first_proofs_it_and_those_before_it_need(world: World) -> None:
    assert world.by_deal("rank, real_at", "stage_proofs", "rank") == {
        "acts": [(1, 3)],
        "at the end": [(1, 10)],
        "board": [(1, 9), (3, 9)],
        "disputed": [(1, 9)],
        "lapsed": [(1, 2), (3, 50)],
        "quick": [(1, 4), (3, 70), (4, 70)],
        "reconfirm": [(1, 2), (3, 60), (4, 65)],
        "rent fresher": [(1, 11), (2, 11)],
        "rent same stage": [(1, 50)],
        "retracted": [(1, 7)],
        "shown at the end": [(1, 10)],
        "retracted later": [(1, 4)],
        "small": [(1, 5)],
        "van": [(1, 5)],
        "weak": [(1, 4)],
        "other type": [(1, 4), (2, 6)],
    }


def states(world: World, deal: str) -> dict[str, tuple[str, float | None, bool, bool]]:
    rows = world.by_deal(
        "(SELECT m.id FROM milestones AS m WHERE m.milestone = t.milestone), state, shown_at, reconfirm, holds",
        "milestone_states",
        "milestone",
    )
    return {row[0]: (STATE_NUMBERS[row[1]], *row[2:]) for row in rows[deal]}


OPEN = ("open", None, False, False)


def test_each_milestone_required_of_an_observed_deal_has_a_state_and_when_it_was_last_shown(world: World) -> None:
    assert states(world, "board") == {
        "pain": ("proven", 5, False, True),
        "board": ("proven", 9, False, True),
        "money": ("lapsed", 9, False, False),
        "signed": OPEN,
    }
    assert states(world, "small") == {"pain": ("proven", 5, False, True), "money": OPEN, "signed": OPEN}
    assert states(world, "lapsed")["money"] == ("lapsed", 60, False, False)
    assert states(world, "reconfirm")["money"] == ("lapsed", 60, True, True)
    assert states(world, "weak")["money"] == ("weak", 8, False, False)
    assert states(world, "disputed")["pain"] == ("proven", 9, False, True)
    assert states(world, "disputed for good")["pain"] == ("disputed", 5, False, False)
    assert states(world, "retracted")["pain"] == ("proven", 7, False, True)
    assert states(world, "retracted all") == {"pain": OPEN, "money": ("lapsed", 50, False, False), "signed": OPEN}
    assert states(world, "retracted later")["pain"] == ("proven", 4, False, True)
    assert states(world, "after all")["pain"] == OPEN
    assert states(world, "quick")["signed"] == ("proven", 4, False, True)


def test_what_was_said_against_evidence_reaches_it_from_its_own_moment_until_the_decision(world: World) -> None:
    assert states(world, "retracted at once")["pain"] == OPEN
    assert states(world, "retracted at the end")["pain"] == OPEN
    assert states(world, "disputed at once")["pain"] == ("disputed", 4, False, False)


def test_evidence_disputed_twice_is_one_piece_of_evidence(world: World) -> None:
    assert world.by_deal("disputed", "standing_evidence", "happened_at")["disputed twice"] == [(True,)]
    assert world.by_deal("disputed", "standing_evidence", "happened_at")["disputed"] == [(True,), (False,)]


def test_only_fresher_proof_of_a_later_stage_lets_a_lapse_stand(world: World) -> None:
    assert states(world, "rent fresher")["fresh"] == ("lapsed", 10, True, True)
    assert states(world, "rent as fresh")["fresh"] == ("lapsed", 10, False, False)
    assert states(world, "rent same stage")["fresh"] == ("lapsed", 10, False, False)


def test_deals_never_observed_have_no_states(world: World) -> None:
    found = world.by_deal("state", "milestone_states", "state")
    assert {"seller only", "word", "unpinned"}.isdisjoint(found)


def test_each_process_asks_its_own_milestones_of_its_own_deals(world: World) -> None:
    assert states(world, "van") == {
        "lessor": ("proven", 5, False, True),
        "pain": ("proven", 4, False, True),
        "money": OPEN,
    }
    assert states(world, "other type") == {"pain": ("proven", 4, False, True), "money": ("proven", 6, False, True)}


def test_standing_of_each_deal(world: World) -> None:
    rows = world.by_deal("process, claimed_rank, evidenced_rank, observed, waiting, activities", "standings", "process")
    assert {deal: row[0] for deal, row in rows.items()} == {
        "acts": (0, None, 1, True, False, 1),
        "after all": (0, None, 0, True, False, 0),
        "ahead": (0, 1, 0, True, False, 0),
        "at the end": (0, None, 1, True, False, 1),
        "board": (0, None, 1, True, False, 0),
        "disputed": (0, None, 1, True, False, 0),
        "disputed for good": (0, None, 0, True, False, 0),
        "lapsed": (0, 3, 2, True, False, 0),
        "other type": (1, None, 2, True, False, 0),
        "quick": (0, 4, 4, True, False, 0),
        "reconfirm": (0, 4, 4, True, False, 0),
        "disputed twice": (0, None, 0, True, False, 0),
        "free": (3, 1, None, True, False, 0),
        "disputed at once": (0, None, 0, True, False, 0),
        "rent as fresh": (2, None, 0, True, False, 0),
        "rent fresher": (2, None, 2, True, False, 0),
        "rent same stage": (2, None, 0, True, False, 0),
        "retracted at once": (0, None, 0, True, False, 0),
        "retracted at the end": (0, None, 0, True, False, 0),
        "shown at the end": (0, None, 1, True, False, 0),
        "reopened": (0, None, 0, True, True, 0),
        "retracted": (0, None, 1, True, False, 0),
        "retracted all": (0, None, 0, True, False, 0),
        "retracted later": (0, None, 1, True, False, 0),
        "seller only": (0, 2, None, False, False, 2),
        "small": (0, None, 1, True, False, 0),
        "van": (1, None, 1, True, False, 0),
        "waiting": (0, None, 0, True, False, 1),
        "weak": (0, 2, 2, True, False, 0),
        "word": (0, None, None, False, False, 0),
    }


def test_both_clocks_run_from_the_last_act_to_the_moment_or_the_decision(world: World) -> None:
    rows = world.by_deal("silence_us, seller_silence_us, t.decided_at", "standings", "process")
    days = {deal: tuple(None if v is None else v / 86_400e6 for v in row[0][:2]) for deal, row in rows.items()}
    assert days["acts"] == (91, 92)
    assert days["after all"] == (9, None)
    assert days["at the end"] == (0, 0)
    assert days["reopened"] == (60, None)
    assert days["seller only"] == (None, 93)
    assert days["waiting"] == (97, 96)
    assert days["retracted"] == (93, None)
    assert (rows["after all"][0][2], rows["reopened"][0][2]) == (10, None)
