"""The order of stages against every permutation, and against Kemeny's order of a published example."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.conformance.estimate import Unknown
from headway.conformance.order import _searched_order, stage_order
from headway.conformance.shares import share


def agreement(order: tuple[int, ...], counts: np.ndarray) -> int:
    return sum(int(counts[a, b]) for a, b in itertools.combinations(order, 2))


def test_published_kemeny_order_of_the_capital_of_tennessee() -> None:
    """Kemeny-Young on the usual example: Nashville, Chattanooga, Knoxville, Memphis, with a score of 393 of 600."""
    cities = ["Memphis", "Nashville", "Chattanooga", "Knoxville"]
    ballots = {42: "MNCK", 26: "NCKM", 15: "CKNM", 17: "KCNM"}
    counts = np.zeros((4, 4), dtype=int)
    for voters, ranking in ballots.items():
        for first, second in itertools.combinations(ranking, 2):
            counts["MNCK".index(first), "MNCK".index(second)] += voters
    found = stage_order(cities, counts)
    assert found.stages == ("Nashville", "Chattanooga", "Knoxville", "Memphis")
    assert not isinstance(found.certainty, Unknown)
    assert found.certainty.value == pytest.approx(393 / 600)
    assert (found.comparisons, found.certainty.n, found.exact) == (600, 100, True)
    assert [pair.agree.done for pair in found.adjacent] == [68, 83, 58]
    assert [pair.ordered for pair in found.adjacent] == [True, True, False]
    assert found.adjacent[0].agree == share(68, 100)


small = st.integers(1, 6).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k)
)


@given(small)
def test_no_permutation_agrees_better(rows: list[list[int]]) -> None:
    counts = np.array(rows)
    names = [f"s{place}" for place in range(len(rows))]
    found = stage_order(names, counts)
    best = max(agreement(order, counts) for order in itertools.permutations(range(len(rows))))
    order = tuple(names.index(name) for name in found.stages)
    assert agreement(order, counts) == best
    # of several as good, the first by name
    assert order == min(o for o in itertools.permutations(range(len(rows))) if agreement(o, counts) == best)


@given(small, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(rows: list[list[int]], random) -> None:
    counts = np.array(rows)
    names = [f"s{place}" for place in range(len(rows))]
    mixed = random.sample(range(len(rows)), len(rows))
    other = stage_order([names[place] for place in mixed], counts[np.ix_(mixed, mixed)])
    assert other == stage_order(names, counts)


def test_search_finds_a_clear_order_and_is_stable_for_many_stages() -> None:
    rng = np.random.default_rng(4)
    for size in (13, 40):
        truth = rng.permutation(size)
        rank = np.argsort(truth)
        forward = rank[:, None] < rank[None, :]
        counts = np.where(forward, rng.integers(60, 100, (size, size)), rng.integers(0, 50, (size, size)))
        names = [f"s{place:02}" for place in range(size)]
        found = stage_order(names, counts)
        assert not found.exact
        assert found.stages == tuple(names[place] for place in truth)


def test_up_to_twelve_stages_the_best_order_is_certain_terminal_ones_not_counted() -> None:
    names = [f"s{place:02}" for place in range(13)]
    counts = np.triu(np.full((13, 13), 5), 1)
    assert stage_order(names[:12], counts[:12, :12]).exact
    assert not stage_order(names, counts).exact
    assert stage_order(names, counts, terminal=("s00",)).exact


def test_counts_too_large_to_weigh_direct_moves_beside_are_still_ordered() -> None:
    huge = 2**40
    found = stage_order(["a", "b"], [[0, 1], [huge, 0]], follows=[[0, huge], [0, 0]])
    assert found.stages == ("b", "a")


def test_search_comes_close_to_the_best_where_nothing_is_clear() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        counts = rng.integers(0, 30, (9, 9))
        np.fill_diagonal(counts, 0)
        names = [f"s{place}" for place in range(9)]
        best = [names.index(name) for name in stage_order(names, counts).stages]
        searched = agreement(tuple(_searched_order(counts)), counts)
        assert 0.97 * agreement(tuple(best), counts) <= searched <= agreement(tuple(best), counts)


def test_terminal_stages_come_last_even_where_deals_were_reopened() -> None:
    counts = [[0, 9, 1, 1], [1, 0, 9, 1], [9, 1, 0, 9], [9, 9, 1, 0]]
    found = stage_order(["Won", "Lost", "Talk", "Offer"], counts, terminal=("Won", "Lost"))
    assert found.stages == ("Talk", "Offer", "Won", "Lost")
    assert found.is_ordered("Talk", "Offer")
    assert not found.is_ordered("Offer", "Talk")


def test_direct_moves_decide_where_deals_tie_and_names_where_those_tie_too() -> None:
    tied = [[0, 5], [5, 0]]
    assert stage_order(["a", "b"], tied).stages == ("a", "b")
    assert stage_order(["a", "b"], tied, follows=[[0, 3], [8, 0]]).stages == ("b", "a")
    # one deal more outweighs any number of direct moves
    assert stage_order(["a", "b"], [[0, 6], [5, 0]], follows=[[0, 3], [800, 0]]).stages == ("a", "b")


def test_each_pair_is_found_by_its_stages() -> None:
    counts = np.random.default_rng(7).integers(0, 20, (6, 6))
    found = stage_order(list("abcdef"), counts)
    assert len(found.pairs) == 15
    assert {pair.ordered for pair in found.pairs} == {True, False}
    for pair in found.pairs:
        assert found.is_ordered(pair.before, pair.after) == pair.ordered
        assert not found.is_ordered(pair.after, pair.before)
    assert not found.is_ordered("a", "a")
    with pytest.raises(ValueError, match="not in"):
        found.is_ordered("a", "z")


@pytest.mark.parametrize(("agree", "ordered"), [(60, True), (59, False), (50, False), (100, True)])
def test_pairs_under_sixty_percent_have_no_order(agree: int, ordered: bool) -> None:
    found = stage_order(["a", "b"], [[0, agree], [100 - agree, 0]])
    assert found.pairs[0].ordered is ordered


def test_stages_that_no_deal_shares_have_no_order_and_nothing_is_certain() -> None:
    found = stage_order(["b", "a"], [[0, 0], [0, 0]])
    assert found.stages == ("a", "b")
    assert found.pairs[0].agree.value is None
    assert not found.pairs[0].ordered
    assert isinstance(found.certainty, Unknown)
    assert (found.certainty.n, found.certainty.needed) == (0, 1)


def test_no_stage_and_one_stage() -> None:
    assert stage_order([], []).stages == ()
    one = stage_order(["a"], [[7]])
    assert (one.stages, one.pairs, one.adjacent) == (("a",), (), ())


@pytest.mark.parametrize(
    ("names", "counts", "match"),
    [
        (["a", "a"], [[0, 1], [1, 0]], "different names"),
        (["a", "b"], [[0, 1]], "shape"),
        (["a", "b"], [[0, -1], [1, 0]], "negative"),
        (["a", "b"], [[0, float("nan")], [1, 0]], "whole numbers"),
    ],
)
def test_what_cannot_be_ordered_is_refused(names, counts, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        stage_order(names, counts)


def test_terminal_stages_must_be_stages() -> None:
    with pytest.raises(ValueError, match="terminal"):
        stage_order(["a"], [[0]], terminal=("Won",))
