"""Late evidence, dates at period ends, mandatory criteria: figures against outside ones, planted and absent."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from headway.conformance.estimate import Unknown
from headway.conformance.theatre.close_dates import EVEN, piling
from headway.conformance.theatre.late_evidence import USUAL, lateness
from headway.conformance.theatre.mandatory import fall_of_lift
from headway.conformance.theatre.measured import Measured


def measured(answer: Measured | Unknown) -> Measured:
    assert isinstance(answer, Measured), answer
    return answer


# --- late evidence ---


def evidence(late: int, prompt: int, others: int = 0, others_late: int = 0) -> Measured | Unknown:
    """One piece of evidence a deal."""
    table = [(1, 1, 0, 0), (1, 0, 0, 0), (0, 0, 1, 0), (0, 0, 1, 1)]
    return lateness(table, [late, prompt, others - others_late, others_late])


def test_late_evidence_is_set_against_what_else_people_record() -> None:
    assert measured(evidence(120, 80)).large
    assert measured(evidence(120, 80)).expected == USUAL
    slow_at_all = measured(evidence(120, 80, others=100, others_late=62))
    assert slow_at_all.expected == pytest.approx(0.62)
    assert not slow_at_all.large
    assert slow_at_all.p_value > 0.2


def test_the_interval_is_that_of_a_share_where_each_deal_has_one_piece() -> None:
    one = measured(evidence(60, 140))
    outside = binomtest(60, 200).proportion_ci(confidence_level=0.90, method="wilson")
    assert (one.low, one.high) == pytest.approx((outside.low, outside.high), abs=0.01)


def test_deals_count_and_not_their_pieces() -> None:
    alone = measured(evidence(60, 140))
    together = measured(lateness([(10, 10, 0, 0), (10, 0, 0, 0)], [6, 14]))
    assert together.value == alone.value
    assert together.high - together.low > 2.5 * (alone.high - alone.low)


def test_usual_lateness_is_hardly_ever_called_theatre() -> None:
    rng = np.random.default_rng(5)
    alarms = [measured(evidence(int(late), 100 - int(late))) for late in rng.binomial(100, USUAL, 60)]
    assert sum(one.large for one in alarms) == 0
    assert sum(one.p_value <= 0.05 for one in alarms) <= 7


def test_little_evidence_is_unknown() -> None:
    assert isinstance(evidence(10, 10), Unknown)
    assert isinstance(lateness(np.zeros((0, 4)), []), Unknown)
    assert isinstance(lateness([(100, 90, 0, 0)], [3]), Unknown)  # three deals


# --- close dates ---


def dates(late: int, rest: int, won_late: int, won_rest: int) -> Measured | Unknown:
    return piling([(1, 1, 0, 0), (1, 0, 0, 0), (1, 0, 1, 1), (1, 0, 1, 0)], [late, rest, won_late, won_rest])


def test_dates_piled_on_the_last_days_are_set_against_the_wins_there() -> None:
    one = measured(dates(150, 0, 5, 45))
    assert one.large
    assert (one.value, one.expected) == pytest.approx((0.75, 0.1))
    assert not measured(dates(20, 130, 10, 40)).large


def test_wins_at_period_ends_excuse_dates_there() -> None:
    assert not measured(piling([(1, 1, 1, 1), (1, 0, 1, 0)], [70, 30])).large


def test_no_win_there_does_not_make_a_few_dates_strange() -> None:
    assert measured(dates(10, 90, 0, 40)).expected == EVEN


def test_too_few_deals_or_wins_are_unknown() -> None:
    assert isinstance(dates(150, 0, 0, 0), Unknown)
    assert isinstance(dates(3, 3, 3, 6), Unknown)
    assert isinstance(dates(0, 0, 0, 0), Unknown)


# --- mandatory criteria ---


def cells(*counts: tuple[int, int]) -> np.ndarray:
    """(deals, won) of: before and empty, before and filled, after and empty, after and filled."""
    return np.array([[n - won, won] for n, won in counts]).reshape(2, 2, 2)


def test_a_criterion_that_everyone_ticks_falls_to_what_all_deals_do() -> None:
    one = measured(fall_of_lift(cells((120, 24), (80, 48), (10, 2), (190, 68))))
    assert one.large
    assert one.value == pytest.approx(0.6 - 68 / 190 - (0.36 - 0.35))


def test_a_criterion_that_keeps_what_it_told_is_none_though_it_is_filled_more_often() -> None:
    honest = measured(fall_of_lift(cells((120, 24), (80, 48), (10, 2), (190, 114))))
    assert not honest.large
    assert honest.p_value > 0.2


def test_worse_times_for_all_deals_are_no_sign() -> None:
    one = measured(fall_of_lift(cells((100, 40), (100, 60), (50, 10), (150, 60))))
    assert not one.large


def test_a_criterion_that_never_told_anything_has_nothing_to_lose() -> None:
    assert not measured(fall_of_lift(cells((100, 50), (100, 50), (5, 2), (195, 90)))).large


def test_the_interval_agrees_with_the_normal_one_where_all_deals_do_not_fall() -> None:
    one = measured(fall_of_lift(cells((200, 40), (200, 120), (20, 4), (380, 200))))
    reach = norm.ppf(0.95) * np.sqrt(0.6 * 0.4 / 200 + (200 / 380) * (180 / 380) / 380)
    value = 0.6 - 200 / 380
    assert (one.low, one.high) == pytest.approx((value - reach, value + reach), abs=0.01)


def test_false_alarms_keep_their_level_where_buyers_do_it_more_often() -> None:
    rng = np.random.default_rng(9)
    sure = 0
    for _ in range(60):
        before = [(120, rng.binomial(120, 0.2)), (80, rng.binomial(80, 0.6))]
        after = [(20, rng.binomial(20, 0.2)), (180, rng.binomial(180, 0.6))]
        one = measured(fall_of_lift(cells(*before, *after)))
        sure += one.large and one.p_value <= 0.05
    assert sure <= 7


def test_one_side_too_small_is_unknown() -> None:
    answer = fall_of_lift(cells((120, 24), (9, 5), (10, 2), (190, 68)))
    assert isinstance(answer, Unknown)
    assert answer.n == 9
