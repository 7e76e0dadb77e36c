"""Each rule of conformance at the age by which half of the deals that depart from it have departed.

Moving back and lapsed evidence are not among them: they are information, not something left out.
Method page: docs/methods/signal.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import IntArray
from headway.conformance.checker import missing_in
from headway.conformance.rules import RULES
from headway.deals.event_log import EventLog, sql_text
from headway.process.definition import Process
from headway.process.expectation import days_words
from headway.verdict.covariates import CLAIM
from headway.verdict.known import DAY_US, NEVER, Known
from headway.verdict.question import (
    Fallen,
    Naive,
    Question,
    comparable,
    followed,
    horizon_of,
    landmark_of,
    leaving_aside,
)


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """A rule as something to keep. `without`: what departing itself brings about, so it is not adjusted for.

    `of_observed`: asked only of deals on which the buyer was seen to act. `meant_for`: what else than winning the rule
    is for, so that one which wins no deals is not called useless.
    """

    name: str
    keep: str
    without: Collection[str] = ()
    of_observed: bool = False
    meant_for: str = ""


FORECAST = "knowing where deals stand"
JUDGED = (
    JudgedRule("unproven_claim", "Claim a stage only when the buyer has shown it", (CLAIM,), True, FORECAST),
    JudgedRule(
        "activity_without_movement", "Work on deals in which the buyer moves", meant_for="saving the sellers' time"
    ),
    JudgedRule("overstay", "Leave a stage within its time"),
    JudgedRule("pushed_close_date", "Keep to the expected close date", meant_for=FORECAST),
    JudgedRule("skip", "Enter every stage", (CLAIM,)),
    JudgedRule("jump", "Go one stage at a time", (CLAIM,)),
    JudgedRule("late_entry", "Record things when they happen", meant_for=FORECAST),
)


def rule_questions(
    log: EventLog, processes: Sequence[Process], known: Known, horizons: Mapping[str, float]
) -> tuple[Question, ...]:
    """One question per rule and process that the log can answer. `horizons`: days, of processes that have steps."""
    absent = missing_in(log)
    needs = {rule.name: rule.needs for rule in RULES}
    log.connection.execute(sql_text(__package__, "leaps"))
    rules = [rule for rule in JUDGED if needs[rule.name] not in absent]
    firsts = {rule.name: _first_departures(log, processes, known, rule.name) for rule in rules}
    found = []
    for name in dict.fromkeys(process.name for process in processes):
        versions = [number for number, process in enumerate(processes) if process.name == name]
        deals = np.flatnonzero(np.isin(known.process, versions) & ~known.repeated)
        aged = {rule.name: usual_age(known, deals, firsts[rule.name]) for rule in rules}
        fallen = {rule.name: _fallen(known, rule, deals, firsts[rule.name], aged[rule.name]) for rule in rules}
        horizon = horizons[name] if name in horizons else horizon_of(known, list(fallen.values()))
        for rule in rules:
            naive = _naive(known, deals, firsts[rule.name])
            found.append(_question(known, rule, name, fallen[rule.name], horizon, aged[rule.name], naive))
    return tuple(found)


def usual_age(known: Known, deals: IntArray, firsts: IntArray) -> int:
    """Days of age by which half of the deals that depart have; where none does, half the usual time to a decision."""
    departed = firsts[deals] != NEVER
    decided = known.decided[deals] != NEVER
    if departed.any():
        days = (firsts[deals][departed] - known.created[deals][departed]) / DAY_US
    else:
        days = (known.decided[deals][decided] - known.created[deals][decided]) / DAY_US / 2
    return max(1, int(np.ceil(np.median(days)))) if days.size else 1


def _fallen(known: Known, rule: JudgedRule, deals: IntArray, firsts: IntArray, age: int) -> Fallen:
    due = known.created[deals] + age * DAY_US
    first = firsts[deals]
    fallen = Fallen(deals, np.minimum(first, due), due, first <= due)
    return fallen.only(known.acts.count(deals, due) > 0) if rule.of_observed else fallen


def _question(
    known: Known, rule: JudgedRule, process: str, fallen: Fallen, horizon: float, age: int, naive: Naive
) -> Question:
    chosen, not_followed, decided_before = followed(known, fallen, horizon)
    chosen, aside = comparable(known, chosen)
    when = leaving_aside(f"{days_words(age)} after they were created", aside)
    landmark, adjusted_for, seen = landmark_of(known, chosen, horizon, without=rule.without)
    return Question(
        "rule", rule.name, rule.keep, process, "", when, landmark, horizon,
        not_followed, decided_before, adjusted_for, naive, seen, rule.meant_for,
    )  # fmt: skip


def _first_departures(log: EventLog, processes: Sequence[Process], known: Known, rule: str) -> IntArray:
    """(deals,) when each deal first departed, in microseconds; NEVER where it did not while it was open."""
    if rule == "activity_without_movement":
        return _first_idle_work(processes, known)
    query = sql_text(__package__, "departed").replace("{departures}", sql_text(__package__, f"departed_{rule}"))
    table = log.table(query)
    firsts = np.full(known.created.size, NEVER)
    firsts[table.column("deal").to_numpy()] = table.column("first_us").to_numpy()
    return firsts


def _first_idle_work(processes: Sequence[Process], known: Known) -> IntArray:
    """The first activity that was one too many, longer after the last buyer act or change of stage than silence is."""
    firsts = np.full(known.created.size, NEVER)
    if not processes:
        return firsts
    done = known.activities
    deals = np.repeat(np.arange(known.created.size), np.diff(np.append(done.first, done.at.size)))
    limits = [(p.limits.activities_without_movement, p.limits.silence_days * DAY_US) for p in processes]
    most, silence = (np.array([0, *column])[known.process[deals] + 1] for column in zip(*limits, strict=True))
    last = np.full(deals.size, -1)
    for track in (known.acts, known.claims):
        row = track.last(deals, done.at)
        if track.at.size:
            last = np.where(row >= 0, np.maximum(last, track.at[row]), last)
    since = done.count(deals, done.at) - done.count(deals, last)
    late = (last >= 0) & (known.process[deals] >= 0) & (since >= most) & (done.at - last > silence)
    late &= done.at < known.decided[deals]
    np.minimum.at(firsts, deals[late], done.at[late])
    return firsts


def _naive(known: Known, deals: IntArray, firsts: IntArray) -> Naive:
    finished = deals[known.decided[deals] != NEVER]
    departed, won = firsts[finished] != NEVER, known.won[finished]
    return Naive(int((~departed).sum()), int((won & ~departed).sum()), int(departed.sum()), int((won & departed).sum()))
