"""What trials in a log have found: by the arm assigned, among deals that count, in words with figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.trials.course import Assigned, course
from headway.trials.results import Plan, trial_results
from headway.verdict.value import TrialResult
from tests.logs import as_of_day, decided, event, fill

PLAN = Plan(60)


def deal(
    number: int, arm: str, at: float, ends: float | None, outcome: str = "lost", trial: str = "call"
) -> DealHistory:
    """One deal of a trial."""
    happened = [event(EventKind.DEAL_CREATED, at), event(EventKind.TRIAL_ASSIGNED, at, f"{trial}: {arm}")]
    if ends is not None:
        happened.append(decided(ends, outcome))
    return DealHistory(f"d{number:04d}", tuple(happened))


def many(won: dict[str, float], deals: int = 150) -> list[DealHistory]:
    """Two deals a day, one per arm, decided after ten days; of each arm the first of every ten are won."""
    return [
        deal(2 * n + place, arm, n, n + 10, "won" if n % 10 < 10 * share else "lost")
        for n in range(deals)
        for place, (arm, share) in enumerate(won.items())
    ]


def found(
    histories: Sequence[DealHistory], day: float, plan: Plan | None = PLAN, **more: float
) -> dict[str, TrialResult]:
    """The results of a log of these deals."""
    numbered, ordinal = [], 0
    for history in histories:
        events: list[Event] = []
        for one in history.events:
            ordinal += 1
            events.append(replace(one, ordinal=ordinal))
        numbered.append(replace(history, events=tuple(events)))
    with EventLog(in_memory=True) as log:
        fill(log, numbered)
        log.build(as_of_day(day))
        return trial_results(log, plans={"call": plan} if plan else None, **more)  # type: ignore[arg-type]


def test_a_step_that_hurts_is_found_out() -> None:
    result = found(many({"asked": 0.2, "left out": 0.6}), 400)["call"]
    assert (result.state, result.asked, result.not_asked, result.decided) == ("better without", 150, 150, 300)
    assert result.effect is not None
    assert result.effect.value == pytest.approx(0.4)
    assert 0.2 < result.effect.low < result.effect.value < result.effect.high < 0.6
    assert result.effect.n == 300
    assert result.sentence.startswith("Stop: leave it out from now on. Left out, 40 points more deals are won (")


@pytest.mark.parametrize(
    ("shares", "state", "begins"),
    [
        ({"asked": 0.6, "left out": 0.2}, "better with", "Stop: keep asking for it. Left out, 40 points fewer"),
        ({"asked": 0.1, "left out": 0.1}, "no difference", "Stop: it makes no difference of 10 points or more."),
        ({"asked": 0.5, "left out": 0.4}, "running", "Go on. Left out, 10 points fewer"),
    ],
)
def test_every_other_answer(shares: dict[str, float], state: str, begins: str) -> None:
    result = found(many(shares), 400)["call"]
    assert result.state == state
    assert result.sentence.startswith(begins)


def test_a_trial_of_words_compares_the_other_words_with_the_ones_as_usual() -> None:
    result = found(many({"asked": 0.2, "other words": 0.6}), 400)["call"]
    assert result.state == "better without"
    assert result.sentence.startswith("Stop: take the other words from now on. In other words, 40 points more")


def test_ended_before_an_answer_is_stopped_and_an_answer_stays_one() -> None:
    ended = replace(PLAN, ended=True)
    none = found(many({"asked": 0.5, "left out": 0.4}), 400, ended)["call"]
    assert (none.state, none.sentence[:34]) == ("stopped", "Ended before there was an answer. ")
    assert found(many({"asked": 0.2, "left out": 0.6}), 400, ended)["call"].state == "better without"


def test_quick_losses_do_not_count_before_the_deals_beside_them_are_known() -> None:
    lost = [deal(n, ("asked", "left out")[n % 2], n / 10, n / 10 + 5) for n in range(200)]
    still_open = [deal(1000 + n, ("asked", "left out")[n % 2], n / 10, None) for n in range(100)]
    rows = sorted([*lost, *still_open], key=lambda history: history.events[0].happened_at)
    early = found(rows, 40)["call"]
    assert (early.decided, early.effect) == (200, None)
    assert early.sentence.startswith("Too early: 300 deals assigned, 200 decided. A deal counts once 19 in 20")


def later(one: Event, days: float) -> Event:
    """The same, but later where it is a deal won."""
    return replace(one, happened_at=one.happened_at + timedelta(days=days)) if one.name == "won" else one


def test_what_is_won_after_the_horizon_is_not_won() -> None:
    late = many({"asked": 0.6, "left out": 0.2})
    late = [replace(h, events=(*h.events[:2], later(h.events[2], 60))) for h in late]
    result = found(late, 400)["call"]
    assert result.effect is None  # nobody won within 60 days, so there is nothing to tell apart
    assert found(late, 400, Plan(90))["call"].state == "better with"


def test_a_deal_assigned_twice_stays_where_it_was_first_and_other_names_are_passed_over() -> None:
    once = many({"asked": 0.2, "left out": 0.6})
    again = [replace(h, events=(*h.events, event(EventKind.TRIAL_ASSIGNED, 200, "call: asked"))) for h in once]
    odd = DealHistory("odd", (event(EventKind.DEAL_CREATED, 0), event(EventKind.TRIAL_ASSIGNED, 0, "no arm")))
    assert found([*again, odd], 400) == found(once, 400)
    assert found([odd], 400) == {}


def test_two_trials_of_one_deal_are_told_apart() -> None:
    rows = many({"asked": 0.2, "left out": 0.6})
    mail = [event(EventKind.TRIAL_ASSIGNED, 0, f"mail: {arm}") for arm in ("asked", "left out")]
    both = [replace(h, events=(*h.events, mail[n // 2 % 2])) for n, h in enumerate(rows)]
    results = found(both, 400)
    assert list(results) == ["call", "mail"]
    assert results["call"] == found(rows, 400)["call"]
    assert results["mail"].asked == 150


@pytest.mark.parametrize(
    "shares", [{"asked": 0.0, "left out": 0.0}, {"asked": 1.0, "left out": 1.0}, {"left out": 0.5}]
)
def test_no_figure_where_all_are_lost_or_won_or_one_arm_is_empty(shares: dict[str, float]) -> None:
    result = found(many(shares), 400)["call"]
    assert (result.state, result.effect) == ("running", None)
    assert result.sentence.startswith("Too early: ")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_the_deals_a_course_never_narrows_and_widens_again(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 120))
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    assigned = np.sort(rng.uniform(0, 100, n))
    ends = np.where(rng.random(n) < 0.2, np.inf, assigned + rng.exponential(20, n))
    deals = Assigned(rng.random(n) < data.draw(st.sampled_from([0.0, 0.5, 1.0])), assigned, ends,
                     (rng.random(n) < data.draw(st.sampled_from([0.0, 0.4, 1.0]))) & np.isfinite(ends))  # fmt: skip
    today = data.draw(st.floats(0, 300))
    seen = course(deals, today, horizon_days=40, margin=0.3)
    counts = [look.deals for look in seen.looks]
    assert counts == sorted(counts)
    shown = [(look.low, look.high) for look in seen.looks if look.low is not None and look.high is not None]
    assert all(a[0] <= b[0] <= b[1] <= a[1] for a, b in pairwise(shown))
    assert seen.usual + seen.other == n
