"""Movement on real deals, against lifelines, and on small cases worked by hand."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from headway.conformance.estimate import Unknown
from headway.conformance.movement import Movement, OutcomeCode, UsualTime, movement, usual_time

OPEN, WON, LOST, QUIET, WITHDRAWN = OutcomeCode
EXPORT = Path(__file__).parents[2] / "../shared/data/crm_sales/sales_pipeline.csv"


def known(result: Movement | Unknown) -> Movement:
    assert isinstance(result, Movement), result
    return result


@pytest.fixture(scope="module")
def real_deals() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Days from engagement to the end, or to the last day in the export; deals not engaged have no clock."""
    if not EXPORT.exists():
        pytest.skip("the real CRM export is not beside the repository (../shared/data/crm_sales)")

    def day(text: str) -> datetime:
        return datetime.strptime(text, "%d-%m-%y")  # noqa: DTZ007 - a date without a time

    with EXPORT.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["engage_date"]]
    last = max(day(row["close_date"]) for row in rows if row["close_date"])
    codes = [{"Won": WON, "Lost": LOST}.get(row["deal_stage"], OPEN) for row in rows]
    days = [((day(row["close_date"]) if row["close_date"] else last) - day(row["engage_date"])).days for row in rows]
    return np.array(days, dtype=float), np.array(codes)


def test_real_export_moves_as_lifelines_has_it(real_deals) -> None:
    days, codes = real_deals
    found = known(movement(days, codes))
    # Here every end is a decision: KaplanMeierFitter().fit(days, codes > 0) is the whole truth.
    fitted = KaplanMeierFitter().fit(days, codes > 0)
    share_decided = 1 - fitted.survival_function_["KM_estimate"]
    reached = share_decided / share_decided.iloc[-1]
    assert found.usual.days == reached[reached >= 0.75].index[0]
    assert found.reached.value == pytest.approx(share_decided.loc[: found.usual.days].iloc[-1])
    bounds = fitted.confidence_interval_.loc[found.usual.days].to_numpy()
    assert (found.open_beyond.low, found.open_beyond.high) == pytest.approx(bounds, abs=1e-9)
    assert found.median_days.days == fitted.median_survival_time_
    assert (found.n, int((codes == WON).sum()), int((codes == LOST).sum())) == (8300, 4238, 2473)
    assert found.ended_undecided.value == 0.0


def test_worked_example_of_the_method_page() -> None:
    """docs/methods/movement.md, worked example."""
    days = [10, 20, 20, 30, 40, 40, 50, 60, 70, 80, 35, 90]
    codes = [WON, LOST, WON, QUIET, WON, LOST, QUIET, WON, LOST, WON, OPEN, OPEN]
    found = known(movement(days, codes, 45))
    # By hand: 1/12; + 11/12 x 2/11 = 3/12; quiet 1/12, 8/12 left; one unseen from 35: 7 at risk; + 8/12 x 2/7
    assert found.reached.value == pytest.approx(3 / 12 + 8 / 12 * 2 / 7)
    assert found.ended_undecided.value == pytest.approx(1 / 12)
    assert found.open_beyond.value == pytest.approx(8 / 12 * 5 / 7)
    assert found.won.value == pytest.approx(2 / 12 + 8 / 12 / 7)
    assert (found.n, found.known, found.median_days.days) == (12, 11, 60)
    assert found.usual == UsualTime(45.0, None, None, 0, "process")


def test_quiet_competes_and_is_not_censored() -> None:
    """Ten decided by day 10, ten gone quiet by day 5: half reach a decision, not all of those 'left'."""
    days, codes = [10.0] * 10 + [5.0] * 10, [WON] * 10 + [QUIET] * 10
    found = known(movement(days, codes, 30))
    assert found.reached.value == pytest.approx(0.5)
    assert found.ended_undecided.value == pytest.approx(0.5)
    assert found.open_beyond.value == 0.0
    assert found.median_days.days == 10.0
    as_if_censored = known(movement(days, [WON] * 10 + [OPEN] * 10, 10))
    assert as_if_censored.reached.value == pytest.approx(1.0)


def test_withdrawn_is_no_decision_either() -> None:
    found = known(movement([5.0] * 12, [WITHDRAWN] * 6 + [QUIET] * 6, 10))
    assert (found.reached.value, found.ended_undecided.value) == (0.0, 1.0)
    assert found.median_days.days is None


def test_usual_time_is_the_75th_percentile_of_decided_where_none_is_open() -> None:
    days = np.arange(1.0, 101.0)
    found = usual_time(np.concatenate([days, [3.0] * 40]), [WON] * 100 + [QUIET] * 40)
    assert isinstance(found, UsualTime)
    assert (found.days, found.n, found.source) == (75.0, 100, "practice")
    # Order statistics around the 75 % quantile of 100: scipy.stats.binom(100, 0.75).ppf([0.025, 0.975]) = 66, 83
    assert (found.low_days, found.high_days) == (66.0, 84.0)


@pytest.mark.parametrize(("n", "low", "high"), [(12, 6.0, None), (13, 7.0, 13.0), (14, 7.0, 14.0), (20, 11.0, 19.0)])
def test_usual_time_says_when_it_has_no_upper_end(n: int, low: float, high: float | None) -> None:
    found = usual_time(np.arange(1.0, n + 1), [WON] * n)
    assert isinstance(found, UsualTime)
    assert found.days == np.ceil(0.75 * n)
    # scipy.stats.binom(n, 0.75).ppf([0.025, 0.975]), the upper one plus 1: beyond n there is no such deal
    assert (found.low_days, found.high_days) == (low, high)


@pytest.mark.parametrize(("n", "decided", "has_usual"), [(10, 10, True), (10, 9, False), (50, 9, False)])
def test_usual_time_needs_ten_decided_deals(n: int, decided: int, has_usual: bool) -> None:
    found = usual_time(np.arange(1.0, n + 1), [LOST] * decided + [QUIET] * (n - decided))
    assert isinstance(found, UsualTime) == has_usual


def test_a_deal_is_known_if_it_ended_at_any_time_or_was_seen_to_the_usual_one() -> None:
    days, codes = [10.0] * 4 + [30.0] * 4 + [50.0] * 4 + [29.0] * 9, [WON] * 4 + [OPEN] * 4 + [LOST] * 4 + [OPEN] * 9
    found = known(movement(days, codes, 30))
    assert (found.known, found.n) == (12, 21)


def test_usual_time_holds_its_level_with_open_deals() -> None:
    rng, true, held = np.random.default_rng(8), -40 * np.log(0.25), 0
    for _ in range(200):
        ends, seen = rng.exponential(40, 60), rng.uniform(0, 400, 60)
        found = usual_time(np.minimum(ends, seen), np.where(ends <= seen, rng.integers(1, 4, 60), OPEN))
        assert isinstance(found, UsualTime)
        held += (found.low_days or 0) <= true and (found.high_days is None or true <= found.high_days)
    assert held / 200 > 0.92


def test_intervals_hold_their_level_at_thirty_deals() -> None:
    rng, held, tried = np.random.default_rng(9), np.zeros(3), 200
    rates = np.array([0.25, 0.375, 0.375]) / 40
    gone = 1 - np.exp(-45 * rates.sum())
    truth = (gone * (rates[0] + rates[1]) / rates.sum(), 1 - gone, gone * rates[2] / rates.sum())
    for _ in range(tried):
        ends, seen = rng.exponential(1 / rates.sum(), 30), rng.uniform(0, 200, 30)
        codes = np.where(ends <= seen, rng.choice([WON, LOST, QUIET], 30, p=rates / rates.sum()), OPEN)
        found = known(movement(np.minimum(ends, seen), codes, 45))
        for place, part in enumerate((found.reached, found.open_beyond, found.ended_undecided)):
            held[place] += part.low <= truth[place] <= part.high
    assert (held / tried > 0.91).all()


@pytest.mark.parametrize("n", [0, 1, 9])
def test_few_deals_give_no_figure(n: int) -> None:
    found = movement([5.0] * n, [WON] * n, 30)
    assert isinstance(found, Unknown)
    assert (found.n, found.needed) == (n, 10)
    assert str(n) in found.reason
    assert isinstance(movement([5.0] * n, [WON] * n), Unknown)


def test_young_deals_say_nothing_about_a_time_not_yet_seen() -> None:
    found = movement([5.0] * 12 + [20.0] * 50, [WON] * 12 + [OPEN] * 50, 30)
    assert isinstance(found, Unknown)
    assert "30 days" in found.reason
    assert (found.n, found.needed) == (0, 1)
    assert isinstance(movement([20.0] * 50, [OPEN] * 50, 30), Unknown)


def test_all_decided_before_a_time_never_reached_is_known() -> None:
    found = known(movement([5.0] * 12, [WON] * 12, 30))
    assert (found.reached.value, found.reached.high, found.open_beyond.value) == (1.0, 1.0, 0.0)
    assert 0.7 < found.reached.low < 0.75  # the 12th root of 0.025


def test_all_open_long_enough_is_a_figure() -> None:
    found = known(movement([50.0] * 12, [OPEN] * 12, 30))
    assert (found.reached.value, found.open_beyond.value) == (0.0, 1.0)
    assert 0.25 < found.reached.high < 0.28


@pytest.mark.parametrize(
    ("days", "codes", "usual", "match"),
    [
        ([1, float("nan")], [1, 2], 30, "NaN"),
        ([1, 2], [1, 5], 30, "outcome_codes"),
        ([1, 2], [1, 2], 0, "usual_days"),
        ([1, 2], [1, 2], float("nan"), "usual_days"),
    ],
)
def test_what_cannot_be_counted_is_refused(days, codes, usual: float, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        movement(days, codes, usual)


deals = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4)), min_size=12, max_size=60)


@given(deals, st.one_of(st.none(), st.integers(1, 50)), st.randoms(use_true_random=False))
def test_parts_add_up_and_the_order_of_rows_changes_nothing(rows, usual: int | None, random) -> None:
    found = movement(*zip(*rows, strict=True), usual)
    other = movement(*zip(*random.sample(rows, len(rows)), strict=True), usual)
    if isinstance(found, Unknown):
        assert other == found
        return
    other = known(other)
    parts = (found.reached, found.open_beyond, found.ended_undecided)
    assert parts == (other.reached, other.open_beyond, other.ended_undecided)
    assert (found.median_days, found.usual, found.known) == (other.median_days, other.usual, other.known)
    assert sum(part.value for part in parts) == pytest.approx(1, abs=1e-9)
    assert found.won.value + found.lost.value == pytest.approx(found.reached.value, abs=1e-9)
    assert all(0 <= part.low <= part.value <= part.high <= 1 for part in (*parts, found.won, found.lost))
