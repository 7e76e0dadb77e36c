"""What estimators say when they refuse a column, or have no honest figure: which one, and how many are needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headway.conformance.between_owners import variance_between_owners
from headway.conformance.change_point import ChangePoint, NoChangePoint, change_point
from headway.conformance.consistency import consistency
from headway.conformance.estimate import Unknown
from headway.conformance.fade import fade
from headway.conformance.movement import Movement, OutcomeCode, movement, usual_time
from headway.conformance.order import stage_order
from headway.conformance.pressure import Pressure, in_last_days, pressure
from headway.conformance.shares import money_share, share, share_difference, wilson_bounds
from headway.conformance.survival import cumulative_incidence, kaplan_meier
from headway.conformance.trend import Trend, trend
from headway.conformance.win_rates import gap_money, gap_rates, silence_curve, win_rate

THREE = [1, 2, 3]
FLAGS = [True, False, True]
DAYS = ["2026-01-01", "2026-01-02", "2026-01-03"]
NAN = math.nan

CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]] = {
    # function, what it takes, and what it takes besides
    "movement": (movement, {"days": THREE, "outcome_codes": [1, 2, 0]}, {"usual_days": 5}),
    "movement with entry": (
        movement,
        {"days": THREE, "outcome_codes": [1, 2, 0], "entry_days": [0, 0, 0]},
        {"usual_days": 5},
    ),
    "usual_time": (usual_time, {"days": THREE, "outcome_codes": [1, 2, 0], "entry_days": [0, 0, 0]}, {}),
    "kaplan_meier": (kaplan_meier, {"days": THREE, "outcome_codes": [1, 2, 0], "entry_days": [0, 0, 0]}, {}),
    "cumulative_incidence": (
        cumulative_incidence,
        {"days": THREE, "outcome_codes": [1, 2, 0], "entry_days": [0, 0, 0]},
        {"kinds": (1,)},
    ),
    "silence_curve": (
        silence_curve,
        {"deals": THREE, "stages": [0, 0, 0], "silence_days": THREE, "won": FLAGS},
        {"from_days": (0, 7)},
    ),
    "gap_rates": (
        gap_rates,
        {"evidenced": FLAGS, "outcome_codes": [1, 2, 0], "days": THREE, "followed_days": THREE},
        {"horizon_days": 90},
    ),
    "money_share": (money_share, {"amounts": THREE, "done": FLAGS}, {}),
    "fade": (fade, {"possible": THREE, "done": [1, 0, 1]}, {}),
    "pressure": (pressure, {"happened_on": DAYS, "deviates": FLAGS, "deals": THREE}, {}),
    "win_rate": (win_rate, {"outcome_codes": THREE}, {}),
    "gap_money": (gap_money, {"amounts": THREE}, {"rates": Unknown("why", 0, 30)}),
}
COLUMNS = [(name, column) for name, (_, columns, _) in CALLS.items() for column in columns]


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_a_column_that_cannot_be_counted_is_named(name: str, column: str) -> None:
    ask, columns, besides = CALLS[name]
    bad: Any = ["NaT", *DAYS[1:]] if column == "happened_on" else [NAN, 1, 1]
    with pytest.raises(ValueError, match=rf"^{column} holds"):
        ask(**columns | {column: bad}, **besides)
    with pytest.raises(ValueError, match=rf"^{column} must be one-dimensional, but has 2 dimensions"):
        ask(**columns | {column: [columns[column]]}, **besides)


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name, column in COLUMNS if column != next(iter(CALLS[name][1]))]
)
def test_a_column_of_another_length_is_named_with_both_lengths(name: str, column: str) -> None:
    ask, columns, besides = CALLS[name]
    with pytest.raises(ValueError, match=rf"^{column} has 2 rows where 3 are needed$"):
        ask(**columns | {column: columns[column][:2]}, **besides)


@pytest.mark.parametrize(
    ("done", "more", "match"),
    [
        ([[1, 0]] * 4, {}, r"^done must have shape \(5, 2\), not \(4, 2\)$"),
        ([[1, 2]] * 5, {}, "^done must hold only true and false$"),
        ([[1, 0]] * 5, {"asked": [[1]] * 5}, r"^asked must have shape \(5, 2\), not \(5, 1\)$"),
        ([[1, 0]] * 5, {"asked": [[1, 3]] * 5}, "^asked must hold only true and false$"),
        ([[1, 0]] * 5, {"adherence": [0.5] * 4}, "^adherence has 4 rows where 5 are needed$"),
        ([[1, 0]] * 5, {"adherence": [1.5] * 5}, "^adherence must lie between 0 and 1$"),
    ],
)
def test_tables_of_steps_are_named(done: Any, more: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        consistency([0, 0, 0, 1, 1], ["one", "two"], done, **more)


def test_tables_of_stages_are_named() -> None:
    with pytest.raises(ValueError, match=r"^first_entered must have shape \(2, 2\), not \(1, 1\)$"):
        stage_order(["A", "B"], [[0]])
    with pytest.raises(ValueError, match=r"^follows must have shape \(2, 2\), not \(3, 3\)$"):
        stage_order(["A", "B"], [[0, 1], [2, 0]], follows=np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"^first_entered must have shape \(0, 0\), not \(1, 1\)$"):
        stage_order([], [[4]])
    with pytest.raises(ValueError, match=r"^first_entered must hold whole numbers$"):
        stage_order(["A", "B"], [[0, 1.5], [2, 0]])
    with pytest.raises(ValueError, match=r"^first_entered holds negative values$"):
        stage_order(["A", "B"], [[0, -1], [2, 0]])


def test_the_last_day_seen_may_be_the_first() -> None:
    assert kaplan_meier([3, 4], [1, 1], entry_days=[3, 0]).n == 1
    with pytest.raises(ValueError, match="entry_days holds days after the last day"):
        kaplan_meier([3, 4], [1, 1], entry_days=[3.5, 0])


def test_movement_of_many_young_deals_says_how_many_are_known() -> None:
    codes, days = [OutcomeCode.WON] * 7 + [OutcomeCode.OPEN] * 9, [3] * 7 + [2] * 9
    found = movement(days, codes, 5)
    assert isinstance(found, Unknown)
    assert (found.reason, found.n, found.needed) == (
        "movement needs 10 deals seen for 5 days or to their end, here are 7",
        7,
        10,
    )
    assert isinstance(movement(days, codes, 2), Movement)


def test_movement_before_anything_was_seen_that_long_says_so() -> None:
    found = movement([2] * 12 + [3] * 3, [OutcomeCode.LOST] * 12 + [OutcomeCode.OPEN] * 3, 10)
    assert isinstance(found, Unknown)
    assert (found.reason, found.n, found.needed) == ("no deal has been seen for 10 days yet, and some are open", 0, 1)


def test_a_code_that_is_no_outcome_is_told() -> None:
    with pytest.raises(ValueError, match=r"^outcome_codes holds 7; the codes are \[0, 1, 2, 3, 4\]$"):
        movement([1, 2], [1, 7], 5)


def test_a_usual_time_needs_ten_decisions() -> None:
    found = usual_time([3] * 12, [1] * 9 + [0] * 3)
    assert isinstance(found, Unknown)
    assert (found.n, found.needed) == (9, 10)
    assert found.reason == "the usual time to a decision needs 10 decided deals, here are 9"


@pytest.mark.parametrize(("usual", "text"), [(0, "0"), (-1, "-1"), (math.inf, "inf"), (NAN, "nan")])
def test_a_usual_time_must_be_a_time(usual: float, text: str) -> None:
    with pytest.raises(ValueError, match=rf"^usual_days must be above 0, not {text}$"):
        movement([1.0] * 20, [1] * 20, usual)
    with pytest.raises(ValueError, match=rf"^horizon_days must be above 0, not {text}$"):
        gap_rates([True], [1], [1], [1], usual)


def test_variance_between_owners_says_why_there_is_none() -> None:
    for values, owners, reason in (
        ([1.0, 0.0, 1.0], [4, 4, 4], "a comparison of owners needs two owners and more deals than owners"),
        ([1.0, 0.0], [4, 5], "a comparison of owners needs two owners and more deals than owners"),
        ([1.0, 1.0, 1.0], [4, 4, 5], "all deals are alike in this"),
    ):
        found = variance_between_owners(np.array(values), np.array(owners))
        assert isinstance(found, Unknown)
        assert (found.reason, found.n, found.needed) == (reason, len(values), 3)


def test_what_is_still_open_rests_on_deals_seen_to_the_usual_time() -> None:
    found = movement([100.0] * 20 + [10.0] * 30, [OutcomeCode.OPEN] * 50, 50)
    assert isinstance(found, Movement)
    assert (found.open_beyond.value, found.open_beyond.low) == (1.0, pytest.approx(0.025 ** (1 / 20)))
    assert (found.n, found.known) == (50, 20)


def test_every_figure_of_movement_is_its_curve_at_the_usual_time() -> None:
    rng = np.random.default_rng(2)
    found = movement(rng.exponential(30, 200), rng.integers(0, 5, 200), 25)
    assert isinstance(found, Movement)
    assert found.reached == found.decided_curve.at(25)
    assert found.ended_undecided == found.undecided_curve.at(25)
    assert found.open_beyond == found.open_curve.at(25)
    assert found.reached.value + found.open_beyond.value + found.ended_undecided.value == pytest.approx(1)
    assert found.won.value + found.lost.value == pytest.approx(found.reached.value)


@pytest.mark.parametrize(("late", "rest"), [((4, 20), (30, 100)), ((6, 20), (4, 100)), ((6, 10), (30, 100))])
def test_few_deviations_of_one_move_a_deal_have_newcombes_interval(
    late: tuple[int, int], rest: tuple[int, int]
) -> None:
    flags = [place < late[0] for place in range(late[1])] + [place < rest[0] for place in range(rest[1])]
    found = pressure(["2026-03-31"] * late[1] + ["2026-02-01"] * rest[1], flags, list(range(len(flags))))
    assert isinstance(found, Pressure)
    expected = share_difference(*late, *rest)
    assert found.method == "score"
    assert (found.difference, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))


def test_a_change_point_takes_twelve_weeks_and_fifty_due() -> None:
    twelve = np.array([5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5])
    assert int(twelve.sum()) == 50
    assert isinstance(change_point(twelve // 2, twelve), NoChangePoint)
    for possible in (np.full(11, 9), np.array([4] * 11 + [5])):
        found = change_point(possible // 2, possible)
        assert isinstance(found, Unknown)
        assert (found.n, found.needed) == (possible.size, 12)
        assert found.reason.endswith(f"here are {possible.size} and {possible.sum()}")


def test_weeks_with_one_thing_due_are_weeks() -> None:
    possible = np.array([1, 9] * 8)
    assert isinstance(change_point(possible // 2, possible), NoChangePoint)
    found = trend(np.array([1, 0, 1, 1, 0, 1, 0, 1]), np.ones(8, dtype=np.int64))
    assert isinstance(found, Trend)
    assert (found.weeks, found.n) == (8, 8)


def test_a_trend_takes_eight_weeks() -> None:
    found = trend(np.ones(9, dtype=np.int64), np.array([1] * 7 + [0, 0]))
    assert isinstance(found, Unknown)
    assert (found.reason, found.n, found.needed) == (
        "a trend needs 8 weeks in which something was due, here are 7",
        7,
        8,
    )


@pytest.mark.parametrize(("before", "after"), [(10, 40), (40, 10)])
def test_each_side_of_a_change_has_four_weeks_and_ten_due_at_least(before: int, after: int) -> None:
    sides = [[n // 4 + (k < n % 4) for k in range(4)] for n in (before, after)]
    filler = [[2] * 5, [9] * 5] if before < after else [[9] * 5, [2] * 5]
    possible = (
        np.array(sides[0] + sides[1] + filler[1]) if before < after else np.array(filler[0] + sides[0] + sides[1])
    )
    split = 4 if before < after else possible.size - 4
    done = np.where(np.arange(possible.size) < split, possible, 0)
    found = change_point(done, possible)
    assert isinstance(found, ChangePoint)
    assert found.week == split


def test_consistency_says_how_many_owners_it_needs() -> None:
    found = consistency([0] * 5 + [1] * 5 + [2] * 4, ["s"], [[1]] * 14)
    assert isinstance(found, Unknown)
    assert (found.reason, found.n, found.needed) == ("consistency needs 3 owners with 5 deals each, here are 2", 2, 3)


def test_an_owner_who_never_did_a_step_counts_with_none() -> None:
    owners = np.repeat([0, 1, 2], 6)
    done = np.array([[1]] * 6 + [[1], [0]] * 3 + [[0]] * 6)
    found = consistency(owners, ["s"], done)
    assert not isinstance(found, Unknown)
    (step,) = found.steps
    assert (step.owners, step.done.done, step.done.n) == (3, 9, 18)
    assert step.typical_difference == pytest.approx(math.sqrt((3 / 2 - 0.1) / 6))


def test_pressure_says_what_it_needs_on_both_sides() -> None:
    late, early = ["2026-03-31"] * 12, ["2026-02-01"] * 9
    found = pressure(late + early, [True] * 21, list(range(21)))
    assert isinstance(found, Unknown)
    assert (found.n, found.needed) == (9, 10)
    assert found.reason == (
        "pressure needs 10 moves of 10 deals both in the last 10 days and in the rest; here are 12 of 12 and 9 of 9"
    )


def test_the_calendar_that_is_refused_is_told() -> None:
    with pytest.raises(ValueError, match=r"^period must be month or quarter, not 'week'$"):
        in_last_days(DAYS, period="week")  # type: ignore[arg-type]
    for wrong in ({"last_days": 0}, {"year_starts_in": 0}, {"year_starts_in": 13}):
        with pytest.raises(
            ValueError, match=r"^last_days must be at least 1, and year_starts_in a month from 1 to 12$"
        ):
            in_last_days(DAYS, period="month", **wrong)
    assert in_last_days(["2026-01-31"], period="month", last_days=1, year_starts_in=12).tolist() == [True]


def test_order_is_as_certain_as_its_fullest_pair() -> None:
    found = stage_order(["A", "B", "C"], [[0, 30, 12], [10, 0, 8], [0, 0, 0]])
    assert not isinstance(found.certainty, Unknown)
    value = 50 / 60
    assert (found.certainty.value, found.certainty.n, found.comparisons) == (value, 40, 60)
    assert (found.certainty.low, found.certainty.high) == wilson_bounds(value * 40, 40)


def test_nothing_to_share_says_nought_of_nought() -> None:
    empty = money_share([0.0, 0.0], [True, False])
    assert (empty.value, empty.low, empty.high) == (None, 0.0, 1.0)
    assert (empty.done_amount, empty.amount, empty.n, empty.effective_n) == (0.0, 0.0, 2, 0.0)
    nothing = share(0, 0)
    assert (nothing.value, nothing.low, nothing.high, nothing.done, nothing.n) == (None, 0.0, 1.0, 0, 0)
    half = share_difference(1, 2, 0, 0)
    assert (half.value, half.low, half.high, half.first, half.second) == (None, -1.0, 1.0, share(1, 2), share(0, 0))


def test_a_gap_that_is_unknown_stays_so_and_says_why() -> None:
    why = Unknown("too few", 3, 30)
    assert gap_money([1.0], why) is why
    few = gap_rates([True] * 20, [1] * 20, [5] * 20, [90] * 20, 60)
    assert isinstance(few, Unknown)
    assert (few.n, few.needed) == (20, 30)
    assert few.reason == (
        "the gap in money needs 30 past deals decided within 60 days, 5 of them on each side;"
        " evidenced: 20, not evidenced: 0"
    )


def test_figures_are_the_same_without_and_with_their_defaults_spelt_out() -> None:
    rng = np.random.default_rng(4)
    days = np.datetime64("2026-01-01") + rng.integers(0, 365, 400)
    odd, deals = rng.random(400) < 0.3, rng.integers(0, 80, 400)
    plain = pressure(days, odd, deals)
    assert isinstance(plain, Pressure)
    spelt = {"period": "quarter", "last_days": 10, "year_starts_in": 1, "level": 0.95, "seed": 0}
    assert plain == pressure(days, odd, deals, **spelt)  # type: ignore[arg-type]
    possible = np.full(30, 9)
    done = rng.binomial(9, 0.7, 30)
    assert fade(done, possible) == fade(done, possible, level=0.95, alpha=0.01, seed=0)
    assert change_point(done, possible) == change_point(done, possible, seed=0, replicates=1999, alpha=0.01, level=0.95)
    owners, steps = rng.integers(0, 5, 90), rng.random((90, 2)) < 0.6
    assert consistency(owners, ["a", "b"], steps) == consistency(owners, ["a", "b"], steps, level=0.95, seed=0)
