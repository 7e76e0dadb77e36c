"""The order in which winning buyers go: on real logs, and the counting below them against outside implementations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from headway.conformance.pinning import pin_deals
from headway.conformance.shares import wilson_bounds
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.many import record_proof
from headway.process.definition import Milestone, Process, Proof, Stage
from headway.verdict.buyers_order import DOUBT, LEAST_BOTH, Compared, Pair, buyers_orders, compare, proposed_order
from headway.verdict.value import BuyersOrder
from tests.logs import as_of_day, claims, decided, event, fill, numbered


def milestone(name: str, grade: int = 1) -> Milestone:
    return Milestone(name, f"The buyer does {name}", proof=Proof(grade=grade))


SALES = Process(
    "Sales",
    (
        Stage("One", (milestone("a"), milestone("b"))),
        Stage("Two", (milestone("c"),)),
        Stage("Three", (milestone("d"),)),
    ),
)


def shown(at: float, name: str, **more: object) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, name, grade=1, **more)


def deal(order: str, *, outcome: str = "won", extra: Sequence[Event] = ()) -> list[Event]:
    """Evidence on days 1, 2, ... in the order given, decided on day 50."""
    return [*claims((0, "One")), *(shown(n, name) for n, name in enumerate(order, 1)), *extra, decided(50, outcome)]


def orders(
    deals: dict[str, list[Event]], processes: Sequence[Process] = (SALES,), **about: object
) -> tuple[BuyersOrder, ...]:
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, numbered([DealHistory(name, tuple(events)) for name, events in deals.items()]), **about)
        log.build(as_of_day(100))
        pin_deals(log, processes)
        record_proof(log, processes)
        return buyers_orders(log, processes)


def many(**counts: int) -> dict[str, list[Event]]:
    return {f"{order}{n}": deal(order) for order, count in counts.items() for n in range(count)}


def test_a_reversal_is_told_with_its_share_and_an_order_is_proposed() -> None:
    (found,) = orders(many(abdc=36, abcd=4) | {f"lost{n}": deal("abcd", outcome="lost") for n in range(90)})
    assert (found.won, found.pairs_compared, found.as_documented, found.reason) == (40, 5, 4, None)
    (turned,) = found.reversals
    assert (turned.first, turned.second, turned.share.n, turned.share.value) == ("c", "d", 40, 0.9)
    assert turned.share.low == pytest.approx(binomtest(36, 40).proportion_ci(method="wilson").low)
    assert [name for name, _ in found.proposed] == ["a", "b", "d", "c"]
    assert "of 40 won deals with both, 90 % (95 % interval 77 to 96 %)" in found.sentence
    assert "“The buyer does d” before “The buyer does c”" in found.sentence


def test_the_documented_order_is_kept_where_nothing_is_surely_otherwise() -> None:
    (kept,) = orders(many(abcd=30))
    assert kept.sentence.startswith(
        "Winning buyers go in the documented order: all 5 pairs of milestones surely come in it (30 won deals)"
    )
    (even,) = orders(many(abcd=18, abdc=22))  # 55 % is not surely more than half
    assert (even.reversals, even.proposed, even.as_documented) == ((), (), 4)
    assert "1 is too even to tell" in even.sentence
    (inside,) = orders(many(bacd=30))  # milestones of one stage have no order to depart from
    assert (inside.reversals, inside.proposed) == ((), ())


def test_the_same_instant_speaks_for_neither() -> None:
    together = {
        f"t{n}": [*claims((0, "One")), shown(1, "a"), shown(5, "c"), shown(5, "d"), decided(50, "won")]
        for n in range(20)
    }
    (found,) = orders(together | many(abdc=20))
    assert found.reversals == ()  # 20 of 40, although nobody went the documented way
    assert found.as_documented == 4


def test_what_counts_is_when_it_happened_by_evidence_that_stood_and_was_recorded_before_the_decision() -> None:
    late = [shown(0.5, "d", recorded=60.0)]  # said afterwards to have come first: recorded after the deal was won
    weak = [event(EventKind.EVIDENCE_RECORDED, 0.5, "d", grade=0)]
    taken_back = [shown(0.5, "d", ref="x"), event(EventKind.EVIDENCE_RETRACTED, 3, "d", ref="x")]
    disputed = [shown(0.5, "d", ref="x"), event(EventKind.EVIDENCE_DISPUTED, 3, "d", ref="x")]
    for extra in (late, weak, taken_back, disputed):
        (found,) = orders({f"w{n}": deal("abcd", extra=extra) for n in range(25)})
        assert (found.reversals, found.as_documented, found.recorded_after) == ((), 5, 0), extra
    (found,) = orders({f"w{n}": deal("abc", extra=late) for n in range(25)})
    assert (found.recorded_after, found.pairs_compared) == (25, 2)
    assert "25 milestones of won deals, recorded only after" in found.sentence
    entered_late = [shown(0.5, "d", recorded=40.0)]  # late, but before the deal was won
    (found,) = orders({f"w{n}": deal("abc", extra=entered_late) for n in range(25)})
    assert len(found.reversals) == 3


def test_deals_exported_twice_count_once() -> None:
    twice = {f"{copy}{n}": deal("abdc", extra=[shown(20 + n / 100, "a")]) for n in range(12) for copy in "xy"}
    about = {name: {"name": f"Deal {name[1:]}", "account": "Acme"} for name in twice}
    (found,) = orders(twice, **about)
    assert found.won == 12
    assert found.reason is not None


@pytest.mark.parametrize(
    ("deals", "process", "said"),
    [
        ({}, SALES, "No deal was won yet"),
        ({"l": deal("abcd", outcome="lost")}, SALES, "No deal was won yet"),
        ({"w": deal("")}, SALES, "On none of 1 won deal did evidence"),
        (many(abcd=5) | many(b=5), SALES, "at most 5 of 10 have two milestones dated and 20 are needed; about 30 more"),
        (many(ab=30), Process("One stage", SALES.stages[:1]), "milestones are needed in at least two stages"),
        (many(ab=3), Process("No milestones", (Stage("One"),)), "milestones are needed in at least two stages"),
    ],
)
def test_too_little_is_said_with_what_it_takes(deals: dict[str, list[Event]], process: Process, said: str) -> None:
    (found,) = orders(deals, [process])
    assert said in str(found.reason)
    assert (found.sentence, found.pairs_compared, found.reversals, found.proposed) == (found.reason, 0, (), ())


def test_each_version_of_a_process_is_asked_of_its_own_deals() -> None:
    from datetime import date

    new = Process("Sales 2", SALES.stages[::-1], version="2", valid_from=date(2026, 1, 20))
    later = {
        f"later{n}": [*claims((30, "One")), *(shown(31 + k, name) for k, name in enumerate("abcd")), decided(50, "won")]
        for n in range(30)
    }
    first, second = orders(many(abcd=30) | later, [SALES, new])
    assert (first.won, second.won) == (30, 30)
    assert not first.reversals
    assert [name for name, _ in second.proposed] == ["a", "b", "c", "d"]


# --- the counting ---

counts = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))


def pairs_of(size: int, drawn: Sequence[tuple[int, int, int]]) -> tuple[Pair, ...]:
    places = [(a, b) for a in range(size) for b in range(a + 1, size)]
    return tuple(
        Pair(a, b, True, one + other + ties, one, other)
        for (a, b), (one, other, ties) in zip(places, drawn, strict=True)
    )


@settings(deadline=None, max_examples=15)
@given(st.lists(counts, min_size=10, max_size=10))
def test_sure_pairs_are_those_of_an_exact_binomial_test_and_holm(drawn: list[tuple[int, int, int]]) -> None:
    """Against scipy's binomtest (n both, at 1/2, two-sided by doubling) and statsmodels' multipletests("holm")."""
    found = compare(pairs_of(5, drawn))
    assert all(pair.both >= LEAST_BOTH for pair in found.pairs)
    if not found.pairs:
        return
    chances = [
        min(1.0, 2 * binomtest(max(p.as_listed, p.other_way), p.both, 0.5, "greater").pvalue) for p in found.pairs
    ]
    sure = set(np.flatnonzero(multipletests(chances, DOUBT, "holm")[0]))
    assert found.surely_listed | found.surely_other == sure
    for place in found.surely_other:
        pair = found.pairs[place]
        assert wilson_bounds(pair.other_way, pair.both)[0] > 0.5  # what is shown says the same


def test_where_buyers_have_no_order_a_reversal_is_rarely_called() -> None:
    rng = np.random.default_rng(4)
    called = 0
    for _ in range(400):
        drawn = [(k, 40 - k, 0) for k in rng.binomial(40, 0.5, 28).tolist()]
        called += bool(compare(pairs_of(8, drawn)).surely_other)
    assert called / 400 <= DOUBT


@settings(deadline=None, max_examples=60)
@given(st.lists(counts, min_size=10, max_size=10))
def test_no_order_agrees_better_than_the_one_proposed(drawn: list[tuple[int, int, int]]) -> None:
    found = compare(pairs_of(5, drawn))
    agree = np.zeros((5, 5), dtype=int)
    for place, pair in enumerate(found.pairs):
        if place in found.surely_other or pair.as_listed >= pair.other_way:
            agree[pair.first, pair.second], agree[pair.second, pair.first] = pair.as_listed, pair.other_way

    def worth(order: Sequence[int]) -> tuple[int, int]:
        ahead = [(a, b) for n, a in enumerate(order) for b in order[n + 1 :]]
        return sum(int(agree[a, b]) for a, b in ahead), sum(a < b for a, b in ahead)

    proposed = proposed_order(5, found)
    assert worth(proposed) == max(worth(order) for order in permutations(range(5)))
    if not found.surely_other:
        assert proposed == tuple(range(5))


def test_with_many_milestones_the_order_is_found_by_moving_one_at_a_time() -> None:
    size, true = 15, [14, *range(14)]  # what the process has last comes first
    place = {one: n for n, one in enumerate(true)}
    pairs = tuple(
        Pair(a, b, True, 30, *((28, 2) if place[a] < place[b] else (2, 28)))
        for a in range(size)
        for b in range(a + 1, size)
    )
    assert proposed_order(size, compare(pairs)) == tuple(true)
    assert proposed_order(size, Compared((), frozenset(), frozenset())) == tuple(range(size))
