"""Whether the documented order of milestones is the one in which winning buyers go, and the order to propose instead.

Method page: docs/methods/buyers-order.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from headway.basics.figures import counted
from headway.conformance.arrays import IntArray
from headway.conformance.order import EXACT_UP_TO, stage_order
from headway.conformance.shares import wilson_bounds
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Milestone, Process
from headway.verdict.value import BuyersOrder, Interval, OrderReversal

LEAST_BOTH = 20
"""A pair of milestones with fewer won deals that reached both is not compared."""

DOUBT = 0.05
"""Chance, over all pairs of a process together, that any of them is called surely one way and is not (Holm)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two milestones, by their place in the process (first < second), and how many won deals went which way.

    both: won deals with both dated; of these `as_listed` reached the first one before, `other_way` the second; the
    rest reached both at the same instant, which speaks for neither.
    """

    first: int
    second: int
    stages_differ: bool
    both: int
    as_listed: int
    other_way: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs with enough deals, and the places in it of those that surely go one way or the other."""

    pairs: tuple[Pair, ...]
    surely_listed: frozenset[int]
    surely_other: frozenset[int]


def buyers_orders(log: EventLog, processes: Sequence[Process], *, seed: int = 0) -> tuple[BuyersOrder, ...]:
    """One answer for each process, from the tables of `record_proof`; without enough won deals, the reason.

    seed: every judge takes one; nothing here is drawn at random.
    """
    del seed
    log.connection.execute(sql_text(__package__, "buyers_firsts"))
    won = {row["process"]: row for row in log.rows(sql_text(__package__, "buyers_won"))}
    counted = {(row["first"], row["second"]): row for row in log.rows(sql_text(__package__, "buyers_pairs"))}
    found, start = [], 0  # milestones are numbered over all processes, in order
    for number, process in enumerate(processes):
        facts = won.get(number, {"won": 0, "recorded_after": 0})
        pairs = _pairs(process, start, counted)
        found.append(order_of(process, pairs, won=facts["won"], recorded_after=facts["recorded_after"]))
        start += len(process.milestones)
    return tuple(found)


def _pairs(process: Process, start: int, counted: Mapping[tuple[int, int], Mapping[str, int]]) -> tuple[Pair, ...]:
    ranks = [rank for rank, _ in process.milestones]
    pairs = []
    for first in range(len(ranks)):
        for second in range(first + 1, len(ranks)):
            row = counted.get((start + first, start + second), {})
            both, listed, other = (int(row.get(name, 0)) for name in ("both", "as_listed", "other_way"))
            pairs.append(Pair(first, second, ranks[first] != ranks[second], both, listed, other))
    return tuple(pairs)


def order_of(process: Process, pairs: Sequence[Pair], *, won: int, recorded_after: int = 0) -> BuyersOrder:
    """What the pairs of one process come to. `won`: won deals; `recorded_after`: milestones dated too late to count."""
    milestones = [milestone for _, milestone in process.milestones]
    compared = compare(pairs)
    between = [place for place, pair in enumerate(compared.pairs) if pair.stages_differ]
    reason = _reason(process, pairs, won) if not between else None
    if reason is not None:
        return BuyersOrder(process.name, won, 0, (), (), _with_late(reason, recorded_after), reason, recorded_after, 0)
    places = sorted(
        (place for place in between if place in compared.surely_other),
        key=lambda place: (-compared.pairs[place].other_way / compared.pairs[place].both, place),
    )
    reversals = tuple(_reversal(compared.pairs[place], milestones) for place in places)
    proposed = proposed_order(len(milestones), compared) if reversals else ()
    as_documented = sum(place in compared.surely_listed for place in between)
    too_few = sum(pair.stages_differ for pair in pairs) - len(between)
    sentence = _sentence(won, len(between), as_documented, too_few, reversals)
    return BuyersOrder(
        process=process.name,
        won=won,
        pairs_compared=len(between),
        reversals=reversals,
        proposed=tuple((milestones[place].id, milestones[place].buyer) for place in proposed),
        sentence=_with_late(sentence, recorded_after),
        recorded_after=recorded_after,
        as_documented=as_documented,
    )


def compare(pairs: Sequence[Pair]) -> Compared:
    """Which pairs surely go one way: more than half of the deals with both, exact binomial test, Holm over all pairs.

    A tie speaks for neither, so it counts against both. Holm (1979), Scandinavian Journal of Statistics 6:65-70;
    it holds however the pairs hang together.
    """
    enough = tuple(pair for pair in pairs if pair.both >= LEAST_BOTH)
    larger = np.array([max(pair.as_listed, pair.other_way) for pair in enough], dtype=np.int64)
    chances = np.minimum(1.0, 2.0 * binom.sf(larger - 1, np.array([pair.both for pair in enough]), 0.5)).tolist()
    sure: set[int] = set()
    for tested, place in enumerate(sorted(range(len(enough)), key=lambda at: (chances[at], at))):
        if chances[place] > DOUBT / (len(enough) - tested):
            break
        sure.add(place)
    other = frozenset(place for place in sure if enough[place].other_way > enough[place].as_listed)
    return Compared(enough, frozenset(sure) - other, other)


def proposed_order(size: int, compared: Compared) -> tuple[int, ...]:
    """Places of the milestones in the order with which the most won deals agree.

    A pair pulls away from the process only where it surely goes the other way; of orders that agree alike, the one
    that leaves most pairs as they are. Exact up to 12 milestones, beyond by moving one at a time from the order given.
    """
    agree: IntArray = np.zeros((size, size), dtype=np.int64)
    for place, pair in enumerate(compared.pairs):
        if place in compared.surely_other or pair.as_listed >= pair.other_way:
            agree[pair.first, pair.second], agree[pair.second, pair.first] = pair.as_listed, pair.other_way
    listed: IntArray = np.triu(np.ones((size, size), dtype=np.int64), 1)
    if size <= EXACT_UP_TO:
        # Names that sort as they are listed, since what is still equal goes by name.
        names = [f"{place:03}" for place in range(size)]
        return tuple(int(name) for name in stage_order(names, agree, follows=listed).stages)
    return _moved_one_by_one(agree * (size * size) + listed)


def _moved_one_by_one(weights: IntArray) -> tuple[int, ...]:
    """From the order given, move one milestone at a time to where most is gained, until nothing is."""
    gain = weights - weights.T
    order = list(range(weights.shape[0]))
    improved = True
    while improved:
        improved = False
        for one in tuple(order):
            now = order.index(one)
            others = [*order[:now], *order[now + 1 :]]
            worth = np.concatenate(([0], np.cumsum(-gain[one, others])))
            best = int(np.argmax(worth))
            if worth[best] > worth[now]:
                order = [*others[:best], one, *others[best:]]
                improved = True
    return tuple(order)


def _reversal(pair: Pair, milestones: Sequence[Milestone]) -> OrderReversal:
    low, high = wilson_bounds(float(pair.other_way), float(pair.both))
    first, second = milestones[pair.first], milestones[pair.second]
    share = Interval(pair.other_way / pair.both, low, high, pair.both)
    return OrderReversal(first.id, second.id, first.buyer, second.buyer, share)


def _reason(process: Process, pairs: Sequence[Pair], won: int) -> str:
    between = [pair for pair in pairs if pair.stages_differ]
    if not between:
        return "There is no order to compare: milestones are needed in at least two stages."
    if not won:
        return f"No deal was won yet; {LEAST_BOTH} won deals on which two milestones are dated are needed to compare."
    fullest = max(pair.both for pair in between)
    if not fullest:
        return (
            f"On none of {counted(won, 'won deal')} did evidence recorded by the decision date two milestones of "
            f"“{process.name}”; at least {LEAST_BOTH} such deals are needed."
        )
    more = math.ceil((LEAST_BOTH - fullest) * won / fullest)
    return (
        f"Too few won deals: at most {fullest} of {won:,} have two milestones dated and {LEAST_BOTH} are needed; "
        f"about {more:,} more won deals will tell."
    )


def _sentence(won: int, compared: int, as_documented: int, too_few: int, reversals: Sequence[OrderReversal]) -> str:
    unclear = compared - as_documented - len(reversals)
    deals, pairs = counted(won, "won deal"), counted(compared, "pair")
    if as_documented == compared:
        all_pairs = "the only pair" if compared == 1 else f"all {pairs}"
        counts = [f"{all_pairs} of milestones surely {'comes' if compared == 1 else 'come'} in it"]
    else:
        counts = [f"of {pairs} of milestones {as_documented} surely come in the documented order"]
    if unclear:
        counts.append(f"{unclear} {'is' if unclear == 1 else 'are'} too even to tell")
    if too_few:
        counts.append(f"{counted(too_few, 'more pair')} {'has' if too_few == 1 else 'have'} too few deals to compare")
    rest = ", ".join(counts)
    if not reversals:
        kept = "in the documented order" if as_documented == compared else "in no surely different order"
        return f"Winning buyers go {kept}: {rest} ({deals})."
    first, others = reversals[0], ""
    if len(reversals) > 1:
        others = f"; {counted(len(reversals) - 1, 'more pair')} {'is' if len(reversals) == 2 else 'are'} reversed too"
    share = first.share
    return (
        f"Winning buyers go another way: of {counted(share.n, 'won deal')} with both, {100 * share.value:.0f} % "
        f"(95 % interval {100 * share.low:.0f} to {100 * share.high:.0f} %) came to “{first.second_buyer}” before "
        f"“{first.first_buyer}”, which the process puts first{others}. Else, {rest} ({deals}; all pairs tested "
        f"together at {100 * DOUBT:.0f} %)."
    )


def _with_late(sentence: str, recorded_after: int) -> str:
    if not recorded_after:
        return sentence
    dates = "1 milestone of a won deal" if recorded_after == 1 else f"{recorded_after:,} milestones of won deals"
    return f"{sentence} Left out: {dates}, recorded only after the deal was won."
