"""Reinforcement: the estimators against statsmodels and scipy, planted and absent, and the tables they rest on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit
from statsmodels.api import GLM, families

from headway.conformance.decay import fitted, half_life
from headway.conformance.estimate import Estimate, Unknown
from headway.conformance.meetings import DAY_US, Meetings, lay_out_meetings
from headway.conformance.reinforcement import (
    Due,
    absence,
    absences,
    adjusted_difference,
    clusters_of,
    curve,
    held_minus_missed,
    reinforced,
    usual_interval_days,
)
from headway.deals.events import EventKind
from headway.process.definition import Process, Stage, Step
from tests.conformance.judged import judged
from tests.logs import claims, event

WEEKS = 60
PROCESS = Process(
    "New business",
    (Stage("Contact", steps=(Step("call", "Call them", "", 7, activities=("call",)),)), Stage("Offer")),
)


def estimate(answer: Estimate | Unknown) -> Estimate:
    assert isinstance(answer, Estimate), answer
    return answer


def due_rows(seed: int, gain: float, *, life: float = 7.0, stop: int = 30, teams: int = 3, a_day: int = 2) -> Due:
    """Weekly reviews of each team, held for `stop` weeks, then every tenth; two items, kept at 50 and at 30 %."""
    rng = np.random.default_rng(seed)
    rows = []
    for team in range(teams):
        held = np.array([week < stop or rng.random() < 0.1 for week in range(WEEKS)])
        held[0] = True
        last = np.maximum.accumulate(np.where(held, np.arange(WEEKS), 0))
        for day in range(7 * WEEKS):
            week = day // 7
            since = day - 7 * int(last[week])
            for item in range(2):
                chance = 0.5 - 0.2 * item + gain * 2 ** (-since / life)
                rows.append((team, item, day, held[week], not held[week], since, a_day, rng.binomial(a_day, chance)))
    team, item, day, after_held, after_missed, since, due, kept = np.array(rows).T
    return Due(team, item, day, after_held == 1, after_missed == 1, since, due, kept)


def meetings(*reviews: tuple[int, int, bool]) -> Meetings:
    """Reviews as (team, day, held)."""
    team, day, held = np.array(sorted(reviews)).T
    return Meetings(team, day * DAY_US, held == 1, np.zeros(team.size, int), ("Review",))


# --- held minus missed ---


def test_the_difference_is_that_of_a_regression_with_an_effect_of_each_item() -> None:
    rows = due_rows(1, 0.25)
    outcome = np.concatenate([np.ones(rows.item.size), np.zeros(rows.item.size)])
    weight = np.concatenate([rows.kept, rows.due - rows.kept])
    design = np.tile(np.column_stack([rows.after_held, rows.item == 0, rows.item == 1]).astype(float), (2, 1))
    some = weight > 0
    outside = GLM(outcome[some], design[some], family=families.Gaussian(), freq_weights=weight[some]).fit()
    one = estimate(held_minus_missed(rows, held=100, missed=80))
    assert one.value == pytest.approx(outside.params[0], abs=1e-9)
    # Team-weeks are independent here, so the bootstrap must agree with the regression's own standard error.
    assert one.high - one.low == pytest.approx(2 * 1.645 * outside.bse[0], rel=0.2)


def test_a_planted_effect_is_found_and_none_is_not() -> None:
    planted = estimate(held_minus_missed(due_rows(2, 0.25), held=100, missed=80))
    assert planted.low > 0.08
    held = [estimate(held_minus_missed(due_rows(seed, 0.0, teams=1), held=40, missed=20)) for seed in range(60)]
    wrong = sum(one.low > 0 or one.high < 0 for one in held)
    assert wrong <= 12  # 10 % of 60, and what chance adds to it once in fifty times


def test_a_mix_that_changes_is_no_effect() -> None:
    # After held reviews mostly the easy item falls due, after missed ones mostly the hard one; each is kept alike.
    weeks = np.repeat(np.arange(40), 2)
    item = np.tile([0, 1], 40)
    held = weeks % 2 == 0
    due = np.where(held == (item == 0), 90, 10)
    rows = Due(np.zeros(80, int), item, weeks * 7, held, ~held, np.zeros(80, int), due, due * (9 - 8 * item) // 10)
    assert estimate(held_minus_missed(rows, held=20, missed=20)).value == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("held", "missed", "reason"), [(0, 9, "held"), (2, 9, "held"), (30, 2, "missed")])
def test_hardly_any_review_is_unknown(held: int, missed: int, reason: str) -> None:
    answer = held_minus_missed(due_rows(1, 0.2), held=held, missed=missed)
    assert isinstance(answer, Unknown)
    assert reason in answer.reason


def test_no_missed_review_nothing_due_and_nothing_alike_are_unknown() -> None:
    rows = due_rows(1, 0.2, stop=WEEKS)
    answer = held_minus_missed(rows, held=60, missed=0)
    assert isinstance(answer, Unknown)
    assert "no review was missed" in answer.reason
    none = np.zeros(0, int)
    nothing = Due(none, none, none, none == 1, none == 1, none, none, none)
    assert isinstance(held_minus_missed(nothing, held=9, missed=9), Unknown)
    apart = due_rows(1, 0.2)
    first, second = apart.after_held & (apart.item == 0), apart.after_missed & (apart.item == 1)
    assert isinstance(adjusted_difference(first, second, apart, clusters_of(apart)), Unknown)


# --- half-life ---


def life_of(rows: Due, seed: int = 0) -> Estimate | Unknown:
    return half_life(rows.since_held, rows.due, rows.kept, rows.item, clusters_of(rows), seed=seed)


def test_the_fit_is_that_of_scipy() -> None:
    rng = np.random.default_rng(1)
    days = np.arange(120)
    due = rng.integers(5, 200, 120).astype(float)
    kept = rng.binomial(due.astype(int), 0.4 + 0.35 * 2 ** (-days / 11)).astype(float)
    (_, gain, life), _ = curve_fit(
        lambda d, floor, gain, life: floor + gain * 2 ** (-d / life), days, kept / due, (0.4, 0.3, 10), due**-0.5
    )
    lives, gains = fitted(due[None], kept[None])
    assert lives[0] == pytest.approx(life, rel=0.03)  # the grid's width
    assert gains[0] == pytest.approx(gain, rel=0.02)


def test_a_planted_half_life_lies_in_its_interval() -> None:
    covered = []
    for seed in range(12):
        one = estimate(life_of(due_rows(seed, 0.35, life=10.0, a_day=3), seed))
        covered.append(one.low <= 10.0 <= one.high)
        assert one.high < 60
    assert sum(covered) >= 9


def test_flat_adherence_and_a_short_look_have_no_half_life() -> None:
    unknown = [life_of(due_rows(seed, 0.0), seed) for seed in range(8)]
    assert sum(isinstance(one, Unknown) for one in unknown) >= 7
    weekly = life_of(due_rows(1, 0.3, stop=WEEKS))
    assert isinstance(weekly, Unknown)
    assert "21 days" in weekly.reason


# --- absence ---


def test_an_absence_is_two_weeks_in_which_no_team_was_reviewed() -> None:
    weekly = [(0, 7 * week, week not in (5, 6, 7)) for week in range(20)]
    one_team = meetings(*weekly)
    assert usual_interval_days(one_team) == 7
    assert absences(one_team, 7, last_day=200) == [(35, 56)]
    assert absences(meetings(*weekly, (1, 44, True)), 7, last_day=200) == []  # somebody held one
    ended = meetings(*[(0, 7 * week, week < 10) for week in range(20)])
    assert absences(ended, 7, last_day=200) == [(70, 133)]
    assert absences(meetings(*[(0, 7 * week, False) for week in range(20)]), 7, last_day=200) == []


def test_absence_is_set_against_the_weeks_around_it_only() -> None:
    rows = due_rows(3, 0.0, teams=2, a_day=6)
    away = (rows.day >= 140) & (rows.day < 168)
    rows.kept[away] = rows.kept[away] // 3
    rows.kept[rows.day < 90] = 0  # long before
    one = estimate(absence(rows, [(140, 168)]))
    assert one.high < -0.1
    assert one.n == rows.due[(rows.day >= 98) & (rows.day < 210)].sum()
    assert isinstance(absence(rows, []), Unknown)


# --- from a log ---


def test_reviews_concern_the_team_whose_deals_they_look_at_or_name_or_else_all() -> None:
    def inspected(name: str, times: int) -> list:
        return [event(EventKind.DEAL_INSPECTED, 2 + place / 50, name) for place in range(times)]

    deals = {
        "n": [*claims((1, "Contact")), *inspected("Tuesdays", 25)],
        "s": [*claims((1, "Contact")), *inspected("Tuesdays", 1)],
    }
    held = [event(EventKind.REVIEW_HELD, 3, name) for name in ("Tuesdays", "Pipeline review South", "All hands")]
    about = {"n": {"team": "North"}, "s": {"team": "South"}}
    with judged([PROCESS], {**deals, "held": held}, about=about) as found:
        lay_out_meetings(found.log)
        rows = found.rows(
            "SELECT DISTINCT m.name, t.label FROM meetings AS m JOIN deal_teams AS t ON t.team = m.team ORDER BY ALL"
        )
    everywhere = [("All hands", label) for label in ("", "North", "South")]
    assert rows == [*everywhere, ("Pipeline review South", "South"), ("Tuesdays", "North")]


def test_a_log_with_a_rhythm_that_stops_shows_what_it_did() -> None:
    rng = np.random.default_rng(4)
    deals = {}
    for number in range(180):
        start = 1 + 1.65 * number
        kept = rng.random() < (0.95 if start + 7 < 150 else 0.3)
        calls = [event(EventKind.ACTIVITY_DONE, start + 2, "call")] if kept else []
        deals[f"d{number}"] = [*claims((start, "Contact")), *calls]
    reviews = [
        event(EventKind.REVIEW_HELD if week < 21 or week % 7 == 0 else EventKind.REVIEW_MISSED, 7 * week, "Review")
        for week in range(44)
    ]
    with judged([PROCESS], {**deals, "reviews": reviews}, at=310) as found:
        answer = reinforced(found.log, lay_out_meetings(found.log))
    assert not isinstance(answer, Unknown)
    assert (answer.reviews_held, answer.reviews_missed) == (25, 19)
    assert estimate(answer.difference).low > 0.2
    assert [week.held is not None for week in answer.curve][:3] == [True, False, False]
    assert all(week.missed is not None for week in answer.curve[1:5])
    assert answer.stretches >= 3


def test_a_log_without_reviews_or_without_anything_due_says_so() -> None:
    with judged([PROCESS], {"d": claims((1, "Contact"))}) as found:
        answer = reinforced(found.log, lay_out_meetings(found.log))
    assert isinstance(answer, Unknown)
    with judged([PROCESS], {"d": [event(EventKind.REVIEW_HELD, day, "R") for day in range(1, 90, 7)]}, at=95) as found:
        nothing = reinforced(found.log, lay_out_meetings(found.log))
    assert not isinstance(nothing, Unknown)
    assert isinstance(nothing.difference, Unknown)
    assert nothing.curve == ()


def test_the_curve_has_no_week_that_hardly_anything_fell_due_in() -> None:
    rows = due_rows(1, 0.2, a_day=1, teams=1)
    for week in curve(rows):
        assert all(side is None or side.n >= 10 for side in (week.held, week.missed))
