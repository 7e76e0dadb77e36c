"""What the trials in a log have found: one result per trial, from nothing but events `trial_assigned`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.trials.assignment import AS_USUAL, LEFT_OUT, read_event_name
from headway.trials.course import RUNNING, Assigned, Course, course
from headway.trials.sentences import trial_sentence
from headway.verdict.value import Interval, TrialResult

FEWEST_DECIDED = 20
SHORTEST_HORIZON, USUAL_HORIZON = 30, 180  # days
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a trial beside its deals: days for which a deal is followed, and whether it was ended."""

    horizon_days: float
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """One deal assigned to an arm, and what became of it. `decided_at` None: open."""

    arm: str
    assigned_at: datetime
    decided_at: datetime | None
    won: bool


@dataclass(slots=True)
class _Rows:
    """The deals of one trial, each once: where it was assigned twice, the first time holds."""

    seen: set[int] = field(default_factory=set)
    rows: list[Assignment] = field(default_factory=list)


def trial_results(
    log: EventLog, *, margin: float = 0.10, plans: Mapping[str, Plan] | None = None
) -> dict[str, TrialResult]:
    """Trial (of a step: the step's id) -> what it found as of the log. Empty where no deal was ever assigned.

    `plans`: what is known of each trial; one that is missing runs still, and is followed for as long as deals of this
    log take. `margin`: a difference below it does not matter. Nothing is drawn at random here, so there is no seed.
    """
    found: dict[str, _Rows] = defaultdict(_Rows)
    for row in log.rows(sql_text(__package__, "assigned")):
        named = read_event_name(row["name"])
        if named is None or row["deal"] in found[named[0]].seen:
            continue
        found[named[0]].seen.add(row["deal"])
        found[named[0]].rows.append(Assignment(named[1], row["assigned_at"], row["decided_at"], row["won"]))
    if not any(one.rows for one in found.values()):
        return {}
    usual = Plan(log_horizon_days(log))
    today = naive_utc(log.as_of.at)
    return {
        trial: result_of(trial, one.rows, today, (plans or {}).get(trial, usual), margin)
        for trial, one in sorted(found.items())
        if one.rows
    }


def result_of(trial: str, rows: Iterable[Assignment], today: datetime, plan: Plan, margin: float = 0.10) -> TrialResult:
    """What one trial found by `today`; `rows` in the order of assignment."""
    rows = list(rows)
    if not rows:
        return TrialResult(trial, RUNNING, 0, 0, 0, None, "No deal was assigned yet: new deals will be.")
    return result_from(trial, course_of(rows, today, plan, margin), leaves_out(rows), plan, margin)


def course_of(rows: Iterable[Assignment], today: datetime, plan: Plan, margin: float = 0.10) -> Course:
    """Every look at one trial; `rows` in the order of assignment, at least one. All instants aware, or all naive."""
    rows = list(rows)
    usual = usual_arm(row.arm for row in rows)
    start = rows[0].assigned_at
    deals = Assigned(
        other=np.array([row.arm != usual for row in rows]),
        assigned_on=np.array([(row.assigned_at - start).total_seconds() / DAY for row in rows]),
        decided_on=np.array(
            [(row.decided_at - start).total_seconds() / DAY if row.decided_at else np.inf for row in rows]
        ),
        won=np.array([row.won for row in rows]),
    )
    return course(deals, (today - start).total_seconds() / DAY, horizon_days=plan.horizon_days, margin=margin)


def result_from(trial: str, seen: Course, leaves: bool, plan: Plan, margin: float = 0.10) -> TrialResult:
    """The same from a course; `leaves`: the other arm leaves the step out, else it asks in other words."""
    last = seen.last
    effect = None
    if last.value is not None and last.low is not None and last.high is not None:
        effect = Interval(last.value, last.low, last.high, last.deals)
    return TrialResult(
        name=trial,
        state="stopped" if plan.ended and seen.state == RUNNING else seen.state,
        asked=seen.usual,
        not_asked=seen.other,
        decided=seen.decided,
        effect=effect,
        sentence=trial_sentence(seen, plan.horizon_days, margin, leaves=leaves, ended=plan.ended),
    )


def usual_arm(arms: Iterable[str]) -> str:
    """Which of the arms is the one as usual: `asked` where there is one, else the first in the alphabet."""
    found = sorted(set(arms))
    if AS_USUAL in found or LEFT_OUT in found:
        return AS_USUAL
    return found[0] if found else AS_USUAL


def leaves_out(rows: Iterable[Assignment]) -> bool:
    """Whether the other arm leaves the step out."""
    arms = {row.arm for row in rows}
    return LEFT_OUT in arms or arms == {AS_USUAL}


def horizon_from(deals: int, days: float | None) -> int:
    """Days for which a deal is followed, from how many deals were decided and the days that 19 in 20 of them took."""
    if days is None or deals < FEWEST_DECIDED:
        return USUAL_HORIZON
    return max(SHORTEST_HORIZON, round(days))


def log_horizon_days(log: EventLog) -> int:
    """`horizon_from` the decided deals of a log."""
    (row,) = log.rows(sql_text(__package__, "days_to_decision"))
    return horizon_from(row["deals"], row["days"])
