"""A gate replayed on the past: what it sees, whom it stops, and which rung that supports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import quantile_test

from headway.basics.periods import AsOf
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory, Event
from headway.evidence.kinds import State
from headway.evidence.many import record_proof
from headway.evidence.proof import milestone_proofs
from headway.process.definition import Milestone, Process, Proof, Stage, Step
from headway.verdict.gate import Backtest, Gate
from headway.verdict.gate_backtest import _median, backtest
from headway.verdict.gate_replay import Replay, replay
from tests.logs import as_of_day, claims, day, decided, event, fill, numbered

SALES = Process(
    "Sales",
    (
        Stage("One", (Milestone("a", "The buyer replies", proof=Proof(acts=("reply",))),)),
        Stage(
            "Two",
            (
                Milestone("b", "The buyer pays", proof=Proof(grade=2, shelf_life_days=10)),
                Milestone("big", "B", amount_from=50),
            ),
            (
                Step("call", "Call", "b", 5, activities=("call",)),
                Step("twice", "Call twice after the reply", "b", 5, after="reply", activities=("call",), times=2),
                Step("ask", "Ask unless it was said", "b", 5, activities=("ask",), unless="a"),
            ),
        ),
        Stage("Three"),
    ),
)


@contextmanager
def proven(deals: Sequence[DealHistory], at: float = 400, process: Process = SALES) -> Iterator[EventLog]:
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, deals)
        log.build(as_of_day(at))
        pin_deals(log, [process])
        record_proof(log, [process])
        yield log


def replayed(gate: Gate, **deals: Sequence[Event]) -> tuple[Replay, dict[str, tuple[str, ...]]]:
    """The replay, and what each deal that was asked lacked, by its id."""
    with proven(numbered([DealHistory(name, tuple(events)) for name, events in deals.items()])) as log:
        return (past := replay(log, [SALES], gate)), _lacked(past)


def _lacked(past: Replay) -> dict[str, tuple[str, ...]]:
    return {row["id"]: past.lacked.get(row["deal"], ()) for row in past.deals.to_pylist()}


def shown(at: float, name: str, grade: int = 2, **more: Any) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, name, grade=grade, **more)


AT_TWO = Gate("g", stage="Two", milestones=("a", "b"))

# --- nothing recorded after the moment may change what the gate says ---

times = st.integers(0, 60).map(lambda half: half / 2)
lates = st.sampled_from([0.0, 0.0, 1.0, 20.0])
names = st.sampled_from(["a", "b", "big"])
refs = st.sampled_from([None, "x", "y"])
against = st.sampled_from([EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED])


def told(kind: EventKind, at: float, late: float, name: str | None = None, **more: Any) -> Event:
    return event(kind, at, name, recorded=at + late, **more)


def snapshot(at: float) -> Event:
    return event(EventKind.STAGE_CLAIMED, at, "Two", recorded_how=RecordedHow.SNAPSHOT, recorded=300)


happenings = st.one_of(
    st.builds(told, st.just(EventKind.STAGE_CLAIMED), times, lates, st.sampled_from(["One", "Two", "Two", "Three"])),
    st.builds(told, st.just(EventKind.AMOUNT_SET), times, lates, amount=st.sampled_from([10.0, 90.0])),
    st.builds(told, st.just(EventKind.EVIDENCE_RECORDED), times, lates, names, grade=st.integers(0, 2), ref=refs),
    st.builds(told, st.just(EventKind.BUYER_ACTED), times, lates, st.just("reply"), grade=st.just(1)),
    st.builds(told, against, times, lates, names, ref=refs),
    st.builds(told, st.just(EventKind.ACTIVITY_DONE), times, lates, st.sampled_from(["call", "ask"])),
    st.builds(told, st.just(EventKind.DEAL_CREATED), times, lates),
    st.builds(snapshot, times),
)
endings = st.builds(lambda t, o: decided(t, o), st.integers(5, 80).map(float), st.sampled_from(["won", "lost"]))
gates = st.builds(
    Gate,
    st.just("g"),
    stage=st.sampled_from(["Two", "One", None]),
    after_days=st.sampled_from([4, 9]),
    milestones=st.sampled_from([("a", "b"), ("b", "big"), ("a",)]),
    steps=st.sampled_from([(), ("call",), ("twice", "ask")]),
    buyer_act_within_days=st.sampled_from([None, 5]),
    amount_from=st.sampled_from([None, 50.0]),
) | st.just(AT_TWO)


def naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.lists(happenings, max_size=14), endings), min_size=4, max_size=12), gates)
def test_nothing_recorded_after_the_moment_changes_what_a_gate_says(
    drawn: list[tuple[list[Event], Event]], gate: Gate
) -> None:
    deals = numbered([DealHistory(f"D{n}", (*found, end)) for n, (found, end) in enumerate(drawn)])
    with proven(deals) as log:
        before = replay(log, [SALES], gate)
    moments = {row["id"]: naive(row["moment"]) for row in before.deals.to_pylist()}
    known = [
        replace(
            deal,
            events=tuple(
                e
                for e in deal.events
                if e.kind is EventKind.DEAL_DECIDED or max(e.happened_at, e.known_at) <= moments[deal.id]
            ),
        )
        for deal in deals
        if deal.id in moments
    ]
    with proven(known) as log:
        after = replay(log, [SALES], gate)
    assert {row["id"]: naive(row["moment"]) for row in after.deals.to_pylist()} == moments
    assert _lacked(after) == _lacked(before)
    assert after.proven.tolist() == before.proven.tolist()
    assert np.array_equal(after.last_act_us, before.last_act_us, equal_nan=True)
    for deal in known:  # the meaning of proof for one deal, as pure functions have it
        proofs = milestone_proofs(deal, SALES, AsOf.moment(moments[deal.id]))
        missing = {p.milestone.id for p in proofs if p.state is not State.PROVEN} & set(gate.milestones)
        assert missing == set(_lacked(before)[deal.id]) & set(gate.milestones)


def test_the_stage_counts_from_when_it_was_claimed_and_recorded_there_or_beyond() -> None:
    past, lacked = replayed(
        AT_TWO,
        in_time=[*claims((0, "One"), (10, "Two")), shown(1, "a"), shown(9, "b"), decided(30, "won")],
        too_late=[*claims((0, "One"), (10, "Two")), shown(1, "a"), shown(10.5, "b"), decided(30, "lost")],
        entered_late=[*claims((0, "One"), (10, "Two")), shown(1, "a"), shown(9, "b", recorded=12), decided(30, "won")],
        entered_very_late=[*claims((10, "Two")), shown(1, "a"), shown(9, "b", recorded=25), decided(30, "won")],
        claimed_late=[event(EventKind.STAGE_CLAIMED, 10, "Two", recorded=15), shown(1, "a"), shown(12, "b")],
        jumped=[*claims((0, "One"), (10, "Three")), shown(1, "a")],
        snapshot=[event(EventKind.STAGE_CLAIMED, 10, "Two", recorded_how=RecordedHow.SNAPSHOT)],
        decided_first=[*claims((0, "One"), (10, "Two")), decided(10, "won")],
        elsewhere=claims((0, "One")),
    )
    assert lacked == {
        "in_time": (), "too_late": ("b",), "entered_late": ("b",), "entered_very_late": ("b",),
        "claimed_late": (), "jumped": ("b",),
    }  # fmt: skip
    late = {row["id"] for row in past.deals.to_pylist() if row["deal"] in past.written_late}
    assert late == {"entered_late"}
    assert (past.asked.asked, past.asked.decided_before, past.asked.not_reached) == (6, 1, 2)


def test_after_days_asks_deals_that_are_still_there() -> None:
    gate = Gate("g", stage="Two", after_days=5, buyer_act_within_days=7)
    reply = event(EventKind.BUYER_ACTED, 3, "reply", grade=1)
    past, lacked = replayed(
        gate,
        stays=[*claims((0, "Two")), reply],
        silent=[*claims((6, "Two")), reply],
        gone=[*claims((0, "Two"), (4, "Three")), reply],
        moved_late=[*claims((0, "Two")), event(EventKind.STAGE_CLAIMED, 4, "Three", recorded=6), reply],
        taken_back=[
            *claims((0, "Two")), shown(3, "b", 1, ref="x"), event(EventKind.EVIDENCE_RETRACTED, 4, "b", ref="x"),
        ],
    )  # fmt: skip
    assert lacked == {"stays": (), "silent": ("buyer act",), "moved_late": (), "taken_back": ("buyer act",)}
    assert past.asked.not_reached == 1


def test_without_a_stage_days_count_from_the_creation_as_far_as_it_was_known() -> None:
    gate = Gate("g", after_days=5, milestones=("a",))
    made = lambda at, **more: event(EventKind.DEAL_CREATED, at, **more)  # noqa: E731
    past, _ = replayed(
        gate,
        made=[made(2), *claims((0, "One"))],
        made_known_late=[made(2, recorded=9), *claims((0, "One"))],
        not_said=claims((1, "One"), (3, "Two")),
        decided_first=[made(2), decided(6, "lost")],
    )
    moments = {row["id"]: naive(row["moment"]) for row in past.deals.to_pylist()}
    assert moments == {"made": day(7), "made_known_late": day(5), "not_said": day(6)}
    assert past.asked.decided_before == 1


def test_steps_are_asked_as_the_process_asks_them() -> None:
    call = [event(EventKind.ACTIVITY_DONE, at, "call") for at in (2, 4)]
    reply = event(EventKind.BUYER_ACTED, 3, "reply", grade=1)
    _, lacked = replayed(
        Gate("g", stage="Two", steps=("call", "twice", "ask")),
        nothing=claims((5, "Two")),
        called=[*claims((5, "Two")), *call],
        replied=[*claims((5, "Two")), *call, reply],  # only one call since the reply; told, so asking is spared
        asked=[*claims((5, "Two")), call[0], event(EventKind.ACTIVITY_DONE, 3, "ask", recorded=5)],
        late=[*claims((5, "Two")), call[0], event(EventKind.ACTIVITY_DONE, 3, "ask", recorded=5.5)],
    )
    assert lacked == {
        "nothing": ("call", "ask"), "called": ("ask",), "replied": ("twice",), "asked": (), "late": ("ask",),
    }  # fmt: skip


def test_the_amount_that_counts_is_the_one_known_then() -> None:
    set_to = lambda at, amount, **more: event(EventKind.AMOUNT_SET, at, amount=amount, **more)  # noqa: E731
    past, lacked = replayed(
        Gate("g", stage="Two", milestones=("a",), amount_from=50),
        large=[*claims((5, "Two")), set_to(1, 80)],
        grew=[*claims((5, "Two")), set_to(1, 20), set_to(6, 80)],
        unknown=[*claims((5, "Two")), set_to(1, 80, recorded_how=RecordedHow.SNAPSHOT, recorded=300)],
    )
    assert lacked == {"large": ("a",)}
    assert (past.asked.out_of_scope, past.asked.amount_unknown) == (1, 1)


# --- what it would have done, and the rung ---


def firm(
    stopped: tuple[int, int], through: tuple[int, int], *, open_deals: int = 0, unseen: bool = True
) -> list[DealHistory]:
    """(won, lost) of deals that lack the milestone at stage Two, and of deals that have it."""
    deals = []
    for kind, (won, lost) in (("s", stopped), ("t", through)):
        for n in range(won + lost):
            start = (n * 7) % 90
            has = [shown(start + 1, "a")] if kind == "t" else [] if unseen else [shown(start + 1, "b", 1)]
            end = decided(start + 20 + n % 5, "won" if n < won else "lost")
            deals.append(DealHistory(f"{kind}{n}", (*claims((start, "One"), (start + 4, "Two")), *has, end)))
    deals += [DealHistory(f"o{n}", tuple(claims((390, "Two")))) for n in range(open_deals)]
    return numbered(deals)


REPLIED = Gate("g", stage="Two", milestones=("a",))


def tried(deals: Sequence[DealHistory], gate: Gate = REPLIED, **more: Any) -> Backtest:
    with proven(deals) as log:
        return backtest(log, [SALES], gate, **more)


def test_what_a_gate_would_have_done_is_counted() -> None:
    found = tried(firm((4, 11), (30, 20), open_deals=3))
    assert found.sentence == (
        "This gate would have stopped 4 deals that you won and flagged 11 that you lost, 18 days earlier."
    )
    assert (found.stopped.deals, found.stopped.won, found.stopped.lost, found.stopped.open) == (18, 4, 11, 3)
    assert (found.let_through.deals, found.let_through.won) == (50, 30)
    assert found.days_earlier is not None
    assert (found.days_earlier.n, found.days_earlier.value) == (11, 18)
    assert [deal.outcome for deal in found.deals] == ["won"] * 4 + ["lost"] * 11 + [None] * 3
    assert all(deal.lacked == ("a",) for deal in found.deals)
    assert found.unseen == 18
    assert (found.difference.followed, found.difference.not_followed) == (65, 3)
    assert found.difference.raw is not None
    assert found.difference.raw.value == pytest.approx(4 / 15 - 30 / 50)
    assert (found.rung, found.known) == ("observe", False)  # 15 stopped deals are too few
    assert found.deals_needed is not None
    assert f"about {found.deals_needed} more decided deals" in found.so


@pytest.mark.parametrize(
    ("stopped", "through", "rung", "known"),
    [
        ((20, 30), (45, 30), "warn", True),  # 40 % against 60 %
        ((10, 60), (60, 30), "ask", True),  # 14 % against 67 %
        ((0, 80), (60, 30), "block", True),
        ((0, 30), (60, 30), "ask", True),  # none was won, but of 30 up to 8 % may be
        ((25, 25), (26, 24), "observe", False),  # even, and too few to tell
        ((150, 150), (150, 150), "observe", True),  # even, and enough to tell
        ((60, 30), (20, 50), "observe", True),  # better when stopped
    ],
)
def test_the_rung_follows_from_how_stopped_deals_fare(
    stopped: tuple[int, int], through: tuple[int, int], rung: str, known: bool
) -> None:
    found = tried(firm(stopped, through))
    assert (found.rung, found.known) == (rung, known), found.rungs
    assert [one.supported for one in found.rungs] == [
        n <= ["observe", "warn", "ask", "block"].index(rung) for n in range(4)
    ]
    assert found.difference.adjusted is not None
    raw = found.difference.raw
    assert raw is not None
    assert found.difference.adjusted.value == pytest.approx(raw.value, abs=0.06)  # nothing here to adjust for
    assert (found.deals_needed is None) == known


def test_a_gate_on_steps_is_not_judged_without_buyer_evidence() -> None:
    gate = Gate("g", stage="Two", steps=("call",))

    def with_calls(deals: Sequence[DealHistory], seen: bool) -> list[DealHistory]:
        found = []
        for deal in deals:
            first = deal.events[0].happened_at
            more = [event(EventKind.ACTIVITY_DONE, 0, "call"), event(EventKind.BUYER_ACTED, 0, "reply", grade=1)]
            more = [replace(e, happened_at=first + timedelta(days=1)) for e in more]
            kept = [e for e in deal.events if e.kind is not EventKind.EVIDENCE_RECORDED]
            called = more[:1] if deal.id.startswith("t") else []
            found.append(DealHistory(deal.id, (*kept, *called, *(more[1:] if seen else []))))
        return numbered(found)

    deals = firm((10, 60), (60, 30))
    blind, seen = (tried(with_calls(deals, seen), gate) for seen in (False, True))
    assert (blind.rung, blind.known, blind.deals_needed) == ("observe", False, None)
    assert "without dated buyer evidence" in blind.rungs[1].why
    assert seen.rung == "ask"
    assert "the buyer's silence" in seen.difference.adjusted_for


def test_where_buyers_were_never_seen_records_are_lacking_and_not_buyers() -> None:
    found = tried(firm((40, 60), (0, 0)))
    assert (found.rung, found.known, found.deals_needed) == ("observe", False, None)
    assert "for want of records, not of buyers" in found.rungs[1].why
    all_stopped = tried(firm((40, 60), (0, 0), unseen=False))
    assert "it stops every deal" in all_stopped.rungs[1].why
    assert "will hardly tell" in all_stopped.so


def test_without_a_history_of_stages_nothing_can_be_replayed() -> None:
    snapshots = [event(EventKind.STAGE_CLAIMED, 5, "Two", recorded_how=RecordedHow.SNAPSHOT, recorded=90)]
    found = tried(numbered([DealHistory(f"d{n}", (*snapshots, decided(30, "won"))) for n in range(3)]))
    assert "add the history of stages" in found.sentence
    assert found.asked.not_reached == 3


def test_a_deal_opened_again_is_asked_and_one_exported_twice_counts_once() -> None:
    again = [*claims((10, "Two")), decided(5, "lost"), event(EventKind.DEAL_REOPENED, 8), decided(30, "won")]
    closed = [*claims((10, "Two")), decided(5, "lost"), event(EventKind.DEAL_REOPENED, 20), decided(30, "won")]
    past, lacked = replayed(AT_TWO, again=again, closed=closed)
    assert set(lacked) == {"again"}
    assert past.asked.decided_before == 1
    deals = numbered([DealHistory(name, tuple(again)) for name in ("x", "y")])
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, deals, x={"name": "Acme"}, y={"name": "Acme"})
        log.build(as_of_day(100))
        pin_deals(log, [SALES])
        record_proof(log, [SALES])
        assert replay(log, [SALES], AT_TWO).asked.asked == 1


@pytest.mark.parametrize(
    ("stopped", "through"),
    [((0, 0), (0, 0)), ((0, 0), (5, 5)), ((5, 5), (0, 0)), ((30, 0), (30, 0)), ((0, 30), (0, 30))],
)
def test_bad_input_is_answered_with_observe(stopped: tuple[int, int], through: tuple[int, int]) -> None:
    found = tried(
        [*firm(stopped, through), DealHistory("x", tuple(replace(e, ordinal=10_000) for e in claims((0, "One"))))]
    )
    assert (found.rung, found.known) == ("observe", False)
    assert found.difference.adjusted is None
    assert found.sentence
    assert all(np.isfinite(i.value) for i in (found.stopped.share, found.let_through.share) if i)


def test_the_same_log_in_another_order_gives_the_same_answer() -> None:
    deals = firm((20, 30), (45, 30))
    turned = numbered([*deals[::-1]])
    first, second = (tried(d) for d in (deals, turned))
    assert replace(first, deals=()) == replace(second, deals=())
    assert {deal.id for deal in first.deals} == {deal.id for deal in second.deals}


def test_the_interval_of_a_median_is_that_of_an_exact_quantile_test() -> None:
    """Against scipy.stats.quantile_test(days, p=0.5).confidence_interval(0.9)."""
    rng = np.random.default_rng(1)
    for n in (5, 8, 11, 20, 51, 200):
        days = rng.exponential(30, n)
        found = _median(days.tolist())
        outside = quantile_test(days, p=0.5).confidence_interval(0.9)
        assert found is not None
        assert (found.low, found.high, found.n) == (outside.low, outside.high, n)
    assert _median([]) is None
    few = _median([3.0, 1.0])
    assert few is not None
    assert (few.low, few.high) == (1.0, 3.0)
