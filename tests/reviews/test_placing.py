"""Agreement against outside implementations and published numbers; which deals are chosen; what is said of stages."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from headway.reviews.agreement import Agreement, Measure, agreement, specific_agreement
from headway.reviews.placing import (
    BEFORE,
    Candidate,
    Placed,
    Word,
    chosen,
    confusion,
    more_needed,
    results_of,
    word_of,
)

NAMES = ("Problem", "Money", "People", "Risk")
KINDS = 5
two = st.lists(st.tuples(*[st.integers(0, KINDS - 1)] * 2), min_size=2, max_size=30)
three = st.lists(st.tuples(*[st.integers(0, KINDS - 1)] * 3), min_size=2, max_size=30)


# --- against others ---


@given(two)
def test_two_people_as_scikit_learn_has_it(rows: list[tuple[int, int]]) -> None:
    first, second = zip(*rows, strict=True)
    if len(set(first) | set(second)) == 1:
        assert agreement(rows, KINDS).value is None  # scikit-learn gives nan
        return
    labels = list(range(KINDS))
    assert agreement(rows, KINDS).value == pytest.approx(cohen_kappa_score(first, second, labels=labels))
    weighted = cohen_kappa_score(first, second, labels=labels, weights="quadratic")
    assert agreement(rows, KINDS, ordered=True).value == pytest.approx(weighted)


@given(three)
def test_three_people_as_statsmodels_has_it(rows: list[tuple[int, int, int]]) -> None:
    found = agreement(rows, KINDS)
    assert found.measure is Measure.FLEISS
    if len({one for row in rows for one in row}) == 1:
        assert found.value is None
        return
    assert found.value == pytest.approx(fleiss_kappa(aggregate_raters(np.array(rows), n_cat=KINDS)[0]))


# K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), example C: four observers, twelve units with
# blanks. Published: nominal 0.743, interval 0.849. Outside command that gives the same:
#   pip install krippendorff && python -c "import krippendorff as k, numpy as n; d = n.array(DATA, float); \
#   print(k.alpha(d, level_of_measurement='nominal'), k.alpha(d, level_of_measurement='interval'))"
DATA = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def test_blanks_as_krippendorff_published_it() -> None:
    rows = [tuple(None if one is None else one - 1 for one in unit) for unit in zip(*DATA, strict=True)]
    nominal, interval = agreement(rows, 5), agreement(rows, 5, ordered=True)
    assert nominal.measure is Measure.ALPHA
    assert nominal.value == pytest.approx(0.743, abs=5e-4)
    assert interval.value == pytest.approx(0.849, abs=5e-4)
    assert nominal.n == 11  # the twelfth was judged once


def test_nearly_all_alike_as_gwet_published_it() -> None:
    """K. L. Gwet, "Kappa statistic is not satisfactory for assessing the extent of agreement" (2002): 118, 5, 2, 0.

    There Cohen's kappa is -0.0234 and AC1 0.9408 though 94 % are alike. By hand:
    python -c "a = 118/125; p = (123 + 120)/250; e = 2*p*(1 - p); print((a - e)/(1 - e))"
    """
    rows = [(0, 0)] * 118 + [(0, 1)] * 5 + [(1, 0)] * 2
    assert agreement(rows, 2).value == pytest.approx(-0.0234, abs=1e-4)
    assert agreement(rows, 2, ac1=True).value == pytest.approx(0.9408, abs=1e-4)


def test_fleiss_as_published() -> None:
    """J. L. Fleiss, "Measuring nominal scale agreement among many raters" (1971), as worked out in many textbooks for
    ten subjects, fourteen raters and five categories: kappa = 0.210."""
    counts = ((0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1), (7, 7, 0, 0, 0),
              (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7))  # fmt: skip
    rows = [tuple(kind for kind, often in enumerate(row) for _ in range(often)) for row in counts]
    assert agreement(rows, 5).value == pytest.approx(0.210, abs=5e-4)


@given(two, st.integers(0, KINDS - 1))
def test_specific_agreement_is_that_of_a_two_by_two_table(rows: list[tuple[int, int]], kind: int) -> None:
    """2a / (2a + b + c), Cicchetti and Feinstein (1990)."""
    a = sum(x == y == kind for x, y in rows)
    apart = sum((x == kind) != (y == kind) for x, y in rows)
    expected = 2 * a / (2 * a + apart) if a or apart else None
    assert specific_agreement(rows, kind, KINDS) == pytest.approx(expected)


# --- the interval ---


@given(st.one_of(two, three), st.booleans())
def test_an_interval_holds_its_value_and_is_the_same_again(rows: list[tuple[int, ...]], ordered: bool) -> None:
    found = agreement(rows, KINDS, ordered=ordered)
    assert found == agreement(rows, KINDS, ordered=ordered)
    if found.value is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.value + 1e-9
        assert found.value - 1e-9 <= found.high <= 1


def test_ten_deals_alike_leave_doubt_and_a_hundred_less() -> None:
    ten = agreement([(n % KINDS, n % KINDS) for n in range(10)], KINDS)
    many = agreement([(n % KINDS, n % KINDS) for n in range(100)], KINDS)
    assert ten.value == many.value == 1.0
    assert ten.low is not None and many.low is not None
    assert 0.6 < ten.low < 0.8 < many.low < 1


def test_the_interval_covers_what_is_so_at_ten_deals() -> None:
    """People who err by one stage in 30 % of cases: of 120 placings of ten deals at least 85 % hold the true kappa."""
    draw = np.random.default_rng(1)

    def rows(n: int) -> list[list[int]]:
        true = draw.integers(0, KINDS, n)
        seen = [np.clip(true + draw.choice([-1, 1], n) * (draw.random(n) < 0.3), 0, KINDS - 1) for _ in range(2)]
        return np.stack(seen, 1).tolist()  # type: ignore[no-any-return]

    truth = agreement(rows(20_000), KINDS, seed=1).value
    assert truth is not None
    held = 0
    for _ in range(120):
        one = agreement(rows(10), KINDS)
        held += one.low is not None and one.high is not None and one.low <= truth <= one.high
    assert held >= 102


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        agreement([(0, 2)], 2)
    with pytest.raises(ValueError, match="no order"):
        agreement([(0, 1)], 2, ac1=True, ordered=True)


def test_nobody_judged_twice_is_not_to_be_told() -> None:
    assert agreement([(0, None), (None, 1)], 2) == Agreement(Measure.COHEN, 0, None, None)


# --- what is said ---


def same(n: int, kinds: int = KINDS) -> list[Placed]:
    return [Placed(number, (number % kinds, number % kinds), number % kinds) for number in range(1, n + 1)]


def test_stages_that_all_read_alike_are_clear() -> None:
    found = results_of(tuple(same(30)), NAMES)
    assert found.word is Word.CLEAR
    assert not found.convicted and not found.pairs
    assert found.headway.value == 1.0 and found.later == 0
    assert {stage.word for stage in found.stages} <= {Word.CLEAR, Word.UNKNOWN}


def test_low_agreement_names_the_stages_their_pair_and_the_deals() -> None:
    apart = [Placed(number, (2, 3) if number % 2 else (3, 2), 2) for number in range(31, 51)]
    found = results_of((*same(30), *apart), NAMES)
    assert {stage.name for stage in found.convicted} == {"Money", "People"}
    assert (found.pairs[0].first, found.pairs[0].second) == (2, 3)
    assert found.pairs[0].deals == tuple(range(31, 51))
    money = found.stages[2]
    assert money.confused == found.pairs[0]
    assert money.deals == tuple(range(31, 51))
    assert found.later == pytest.approx(20 * 0.5 / 50)


def test_ten_deals_of_which_three_differ_are_not_enough_and_it_says_how_many_more() -> None:
    rows = same(10)
    rows[0] = Placed(1, (1, 2), 1)
    rows[5] = Placed(6, (1, 2), 1)
    found = results_of(tuple(rows), NAMES)
    assert found.word is Word.UNKNOWN
    assert found.more is not None and 0 < found.more < 60
    assert found.alike.done == 8


def test_a_stage_that_two_deals_met_is_neither_clear_nor_convicted() -> None:
    rows = [Placed(number, (1, 1)) for number in range(1, 40)] + [Placed(40, (4, 4)), Placed(41, (4, 3))]
    found = results_of(tuple(rows), NAMES)
    risk = found.stages[4]
    assert (risk.met, risk.word) == (2, Word.UNKNOWN)
    assert risk.beyond.measure is Measure.AC1
    assert risk.more == 21  # a third deal in the stage, at two in 41
    assert found.stages[0].word is Word.NOT_MET
    assert found.stages[0].name == BEFORE


def test_a_rare_stage_on_which_nobody_agrees_is_never_clear() -> None:
    apart = [Placed(number, (2, 3) if number % 2 else (3, 2)) for number in range(1, 6)]
    found = results_of((*apart, *(Placed(number, (number % 2, number % 2)) for number in range(6, 61))), NAMES)
    for stage in found.stages[2:4]:
        assert (stage.met, stage.specific, stage.beyond.measure) == (5, 0.0, Measure.AC1)
        assert stage.beyond.low is not None and stage.beyond.low > 0.6  # on where the other fifty-five are not
        assert stage.word is Word.UNKNOWN
    assert found.stages[1].word is Word.CLEAR


def test_cannot_tell_is_counted_and_takes_no_part() -> None:
    found = results_of((*same(9), Placed(10, (1, None), 1)), NAMES)
    assert (found.unsure, found.n) == (1, 9)
    assert found.beyond.value == 1.0


@given(st.floats(-0.9, 1), st.floats(0.001, 1.9), st.integers(2, 60))
def test_more_is_asked_for_only_while_it_is_unknown(value: float, width: float, n: int) -> None:
    one = Agreement(Measure.COHEN, n, None, value, max(-1.0, value - width / 2), min(1.0, value + width / 2))
    more = more_needed(one)
    if word_of(one) is not Word.UNKNOWN:
        assert more is None
    assert more is None or 0 < more <= 100


@given(two)
def test_confusion_holds_every_deal_once_with_two_people(rows: list[tuple[int, int]]) -> None:
    placed = [Placed(number, row) for number, row in enumerate(rows, 1)]
    cells = confusion(placed, KINDS)
    assert sorted(number for row in cells for cell in row for number in cell) == list(range(1, len(rows) + 1))
    for number, (down, across) in enumerate(rows, 1):
        assert number in cells[down][across]


# --- which deals ---

candidates = st.lists(
    st.builds(Candidate, st.integers(1, 10**6), st.integers(0, 6), st.booleans(), st.booleans()),
    unique_by=lambda one: one.id, max_size=60,
)  # fmt: skip


@given(candidates, st.integers(0, 2**62), st.integers(1, 20), st.randoms())
def test_the_choice_is_spread_over_stages_and_the_same_again(
    given_: list[Candidate], seed: int, count: int, order: object
) -> None:
    found = chosen(given_, seed, count)
    mixed = list(given_)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert found == chosen(mixed, seed, count)
    assert len(found) == len(set(found)) == min(count, len(given_))
    by_id = {one.id: one for one in given_}
    if sum(not one.own for one in given_) >= count:  # then they are those to choose from
        given_ = [one for one in given_ if not one.own]
    had, got = Counter(one.rank for one in given_), Counter(by_id[one].rank for one in found)
    for times in got.values():
        for other in had:
            assert times <= got[other] + 1 or got[other] == had[other]


def test_own_deals_come_last_and_decided_and_open_in_turn() -> None:
    rows = [Candidate(n, n % 3, n % 2 == 0, own=n < 30) for n in range(60)]
    found = [one for one in rows if one.id in chosen(rows, 4)]
    assert not any(one.own for one in found)
    assert 4 <= sum(one.decided for one in found) <= 6


def test_the_order_shown_does_not_tell_the_stage() -> None:
    rows = [Candidate(n, n % 5, n % 2 == 0) for n in range(100)]
    ranks = [[rows[one].rank for one in chosen(rows, seed)] for seed in range(5)]
    assert all(one != sorted(one) for one in ranks)
    assert len({tuple(one) for one in ranks}) == 5
