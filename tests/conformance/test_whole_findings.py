"""Every column of a finding, for each rule, and where each rule begins to hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.process.definition import Limits, Milestone, Process, Proof, Stage
from tests.conformance.judged import Judged, judged
from tests.logs import claims, day, decided, event

PLAIN = Process("p", tuple(Stage(name) for name in "ABCDE"), pipelines=("Plain",))
LIMITED = Process("l", (Stage("A", limit_days=10), Stage("B", limit_days=4), Stage("C")), pipelines=("Limited",))
STRICT = Process("s", (Stage("A"),), limits=Limits(5, 2, 2), pipelines=("Strict",))
PROVABLE = Process(
    "b",
    (
        Stage("A", (Milestone("a", "A", proof=Proof(shelf_life_days=30)),)),
        Stage("B"),
        Stage("C", (Milestone("c", "C"),)),
    ),
    pipelines=("Provable",),
)


def acted(at: float, recorded: float | None = None) -> Event:
    return event(EventKind.BUYER_ACTED, at, "reply", grade=3, recorded=recorded)


def shown(at: float, name: str) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, name, grade=1)


def calls(*times: float) -> list[Event]:
    return [event(EventKind.ACTIVITY_DONE, at, "call") for at in times]


def due(at: float, on: float) -> Event:
    return event(EventKind.CLOSE_DATE_SET, at, due=on)


DEALS: dict[str, dict[str, list[Event]]] = {
    "Plain": {
        "all at once": claims((1, "A"), (4, "D"), (4, "E")),
        "back and forth": claims((1, "A"), (2, "B"), (3, "A"), (9, "D")),
        "claimed after winning": [*claims((1, "A")), decided(5, "won"), *claims((9, "B"))],
        "jumped": claims((1, "A"), (2.5, "D")),
        "jumped twice": claims((1, "A"), (3, "D"), (5, "A"), (7, "E")),
        "moved back": claims((1, "A"), (2, "B"), (3, "C"), (4.5, "A")),
        "pulled and pushed": [*claims((1, "A")), due(1, 30), due(2, 20), due(3, 20), due(4, 25), due(6, 40)],
        "pushed at the decision": [*claims((1, "A")), due(1, 30), due(9, 40), decided(9, "lost")],
        "pushed by a day": [*claims((1, "A")), due(1, 30), due(9, 31)],
        "skipped": claims((1, "A"), (3.5, "C")),
        "two calls": [*claims((1, "A")), *calls(30, 40)],
        "won from C": [*claims((1, "A"), (2, "B"), (3, "C")), decided(8, "won")],
        "won as claimed": [*claims((1, "A"), (2, "B"), (3, "C"), (4, "D")), decided(4, "won")],
    },
    "Limited": {
        "at the limit": claims((1, "A"), (11, "B"), (15, "A"), (20, "C")),
        "still there": claims((89.5, "A")),
        "lost late": [*claims((1, "A")), decided(12, "lost")],
        "twice over": claims((1, "A"), (12, "B"), (20, "A"), (40, "C")),
    },
    "Strict": {
        "called at once": [*claims((1, "A")), *calls(1, 60)],
        "late": [*claims((1, "A")), acted(3, recorded=5), acted(10, recorded=13), acted(20, recorded=29)],
        "silent for five days": [*claims((1, "A")), acted(95), *calls(96, 97)],
        "worked": [*claims((1, "A")), *calls(0.5, 30, 60.5)],
        "worked after an act": [*claims((1, "A")), acted(50), *calls(40, 60, 70)],
        "worked after two": [acted(50), acted(94.5), *claims((1, "A")), *calls(94.5, 94.6, 99)],
    },
    "Provable": {
        "at its shelf life": [*claims((1, "A")), shown(70, "a")],
        "behind": [*claims((1, "A"), (2, "B"), (7, "C")), shown(99, "a")],
        "lapsed": [*claims((1, "A")), shown(20, "a"), shown(40, "a")],
        "nothing yet": [*claims((3, "C")), acted(5)],
    },
}


@pytest.fixture(scope="module")
def world() -> Iterator[Judged]:
    deals = {name: events for group in DEALS.values() for name, events in group.items()}
    about = {name: {"pipeline": pipeline} for pipeline, group in DEALS.items() for name in group}
    with judged([PLAIN, LIMITED, STRICT, PROVABLE], deals, about=about) as found:
        yield found


def found(world: Judged, rule: str, pipeline: str) -> dict[str, list[tuple[Any, ...]]]:
    """Per deal: rank, day it departed, measure, count, other, and what the event behind it was (kind, day)."""
    start = day(0).replace(tzinfo=None)
    rows = world.rows(
        "SELECT d.id, f.rank, f.happened_at, f.measure, f.count, f.other, s.kind, s.happened_at, f.allowed"
        " FROM findings AS f JOIN deals AS d ON d.deal = f.deal"
        f" LEFT JOIN source_events AS s ON s.ordinal = f.ordinal WHERE f.rule = '{rule}' AND d.pipeline = '{pipeline}'"
        " ORDER BY d.id, f.happened_at, f.rank"
    )
    by_deal: dict[str, list[tuple[Any, ...]]] = {}
    for deal, rank, at, measure, count, other, kind, behind, allowed in rows:
        assert allowed is False
        days = [None if moment is None else (moment - start).total_seconds() / 86_400 for moment in (at, behind)]
        event_behind = None if kind is None else (kind, days[1])
        by_deal.setdefault(deal, []).append((rank, days[0], pytest.approx(measure), count, other, event_behind))
    return by_deal


def claimed(at: float) -> tuple[str, float]:
    return ("stage_claimed", at)


def test_jumps_name_both_ends_and_how_many_stages_lie_between(world: Judged) -> None:
    assert found(world, "jump", "Plain") == {
        "all at once": [(1, 4, 0, 2, 4, claimed(4))],
        "back and forth": [(1, 9, 0, 2, 4, claimed(9))],
        "jumped": [(1, 2.5, 0, 2, 4, claimed(2.5))],
        "jumped twice": [(1, 3, 0, 2, 4, claimed(3)), (1, 7, 0, 3, 5, claimed(7))],
        "won from C": [(3, 8, 0, 2, 6, None)],
    }


def test_skips_name_the_stage_and_the_one_gone_to_and_leave_out_those_of_a_jump(world: Judged) -> None:
    assert found(world, "skip", "Plain") == {
        "skipped": [(2, 3.5, 0, 1, 3, claimed(3.5))],
        "won as claimed": [(5, 4, 0, 1, 6, None)],
    }


def test_moves_back_name_both_stages_and_how_far(world: Judged) -> None:
    assert found(world, "regression", "Plain") == {
        "back and forth": [(1, 3, 0, 1, 2, claimed(3))],
        "jumped twice": [(1, 5, 0, 3, 4, claimed(5))],
        "moved back": [(1, 4.5, 0, 2, 3, claimed(4.5))],
    }


def test_overstays_tell_the_longest_stay_and_the_limit(world: Judged) -> None:
    assert found(world, "overstay", "Limited") == {
        "lost late": [(1, 1, 11, 10, None, claimed(1))],
        "still there": [(1, 89.5, 10.5, 10, None, claimed(89.5))],
        "twice over": [(2, 12, 8, 4, None, claimed(12)), (1, 20, 20, 10, None, claimed(20))],
    }


def test_pushes_are_summed_and_only_those_before_the_decision(world: Judged) -> None:
    set_at = "close_date_set"
    assert found(world, "pushed_close_date", "Plain") == {
        "pulled and pushed": [(None, 6, 20, 2, None, (set_at, 6))],
        "pushed by a day": [(None, 9, 1, 1, None, (set_at, 9))],
    }


def test_late_entries_are_counted_with_the_worst(world: Judged) -> None:
    assert found(world, "late_entry", "Strict") == {"late": [(None, 20, 9, 2, None, ("buyer_acted", 20))]}


def test_activities_count_since_the_last_move_of_buyer_or_stage(world: Judged) -> None:
    done = "activity_done"
    assert found(world, "activity_without_movement", "Strict") == {
        "worked": [(1, 60.5, 99, 2, None, (done, 60.5))],
        "worked after an act": [(1, 70, 50, 2, None, (done, 70))],
        "worked after two": [(1, 99, 5.5, 2, None, (done, 99))],
    }
    assert found(world, "activity_without_movement", "Plain") == {}


def test_claims_beyond_the_evidence_tell_how_far(world: Judged) -> None:
    assert found(world, "unproven_claim", "Provable") == {
        "behind": [(3, 7, 0, 1, 2, None)],
        "lapsed": [(1, 1, 0, 1, None, None)],
        "nothing yet": [(3, 3, 0, 3, None, None)],
    }


def test_lapsed_evidence_tells_the_milestone_and_the_age_of_its_latest_proof(world: Judged) -> None:
    milestone = world.rows("SELECT milestone FROM milestones WHERE id = 'a'")[0][0]
    assert found(world, "lapsed_evidence", "Provable") == {"lapsed": [(1, 40, 60, 1, milestone, None)]}
