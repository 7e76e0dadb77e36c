"""Each milestone: among deals alive at one moment, how much better those do that have it. Not what having it causes.

The same estimator as for steps; but nothing that the buyer had done is adjusted for, since the milestone is that.
Method page: docs/methods/signal.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from headway.conformance.arrays import IntArray
from headway.deals.event_log import EventLog, folded, sql_text
from headway.process.definition import Milestone, Process
from headway.process.expectation import days_words
from headway.verdict.covariates import AGE, BUYER, CLAIM
from headway.verdict.judge import MARGIN, judge_landmarks
from headway.verdict.known import DAY_US, NEVER, Known
from headway.verdict.landmark import Judgement, Landmark
from headway.verdict.question import Fallen, followed, horizons_of, landmark_of
from headway.verdict.value import Interval, Signal
from headway.verdict.words import signal_sentence

USUAL_DAYS = 30
"""From the stage before to the landmark, where nobody has proven the milestone and the process names no usual time."""
WORDS = {
    "no reviews": ("telling", "better with it"),  # the table's line for: surely worse without
    "evidence tells nothing": ("not telling", "no better with it"),  # surely no worse; here no evidence is adjusted for
    "harmless": ("not telling", "no better with it"),
    "kept by nearly all": ("unknown", "nearly all have it"),
    "no buyer evidence": ("unknown", "no buyer evidence"),
    "too few": ("unknown", "too few"),
    "too wide": ("unknown", "too wide"),
}
"""What the grounds of `headway.verdict.decide` mean for a landmark without evidence columns and without reviews."""


@dataclass(frozen=True, slots=True)
class AskedMilestone:
    """A milestone as one or more versions of a process have it: its numbers, the latest wording, the stage before."""

    milestone: Milestone
    numbers: tuple[int, ...]
    process: str
    stage: str
    before: str | None


def asked_milestones(processes: Sequence[Process]) -> tuple[AskedMilestone, ...]:
    """Every milestone; versions of one process in which it says the same are one."""
    numbered = [(process, rank, milestone) for process in processes for rank, milestone in process.milestones]
    same: dict[tuple[object, ...], list[int]] = {}
    for number, (process, _, one) in enumerate(numbered):
        same.setdefault((folded(process.name), one.id, folded(one.buyer), one.usual_days), []).append(number)
    found = []
    for numbers in same.values():
        process, rank, one = numbered[numbers[-1]]
        earlier = [stage.name for stage in process.stages[: rank - 1] if stage.milestones]
        stage = process.stages[rank - 1].name
        found.append(AskedMilestone(one, tuple(numbers), process.name, stage, earlier[-1] if earlier else None))
    return tuple(found)


def judge_signals(
    log: EventLog, processes: Sequence[Process], known: Known, *, margin: float = MARGIN, seed: int = 0
) -> tuple[Signal, ...]:
    """One signal per milestone. The horizon is that of the milestones' own landmarks: one figure per process."""
    milestones = asked_milestones(processes)
    by_number = _fallen_by_milestone(log)
    asked = [_fallen(one, [by_number[n] for n in one.numbers if n in by_number]) for one in milestones]
    horizons = horizons_of(known, [one.process for one in milestones], [fallen for _, fallen in asked])
    landmarks, seen = [], []
    for one, (_, fallen) in zip(milestones, asked, strict=True):
        horizon = horizons[one.process]
        chosen, _, _ = followed(known, fallen, horizon)
        landmark, _, share = landmark_of(known, chosen, horizon, without=(BUYER, CLAIM, AGE), reviews=False)
        landmarks.append(landmark)
        seen.append(share)
    found = judge_landmarks(landmarks, margin=margin, seed=seed)
    return tuple(
        _signal(one, days, landmark, judgement, share, margin)
        for one, (days, _), landmark, judgement, share in zip(milestones, asked, landmarks, found, seen, strict=True)
    )


def _signal(one: AskedMilestone, days: int, landmark: Landmark, found: Judgement, seen: float, margin: float) -> Signal:
    word, ground = WORDS[found.ground]
    without = int(landmark.left_out.sum())
    effect = found.effect and Interval(-found.effect.value, -found.effect.high, -found.effect.low, found.effect.n)
    start = f"“{one.before}” was evidenced" if one.before else "the deal was created"
    signal = Signal(
        milestone=one.milestone.id,
        buyer=one.milestone.buyer,
        process=one.process,
        stage=one.stage,
        word=word,
        ground=ground,
        sentence="",
        effect=effect,
        with_it=landmark.won.size - without,
        without_it=without,
        landmark=f"{days_words(days)} after {start}",
        deals_needed=found.deals_needed,
    )
    return replace(signal, sentence=signal_sentence(signal, seen, margin))


def _fallen(one: AskedMilestone, rows: Sequence[tuple[IntArray, IntArray, IntArray]]) -> tuple[int, Fallen]:
    """Days from the stage before to the landmark, and the deals: their own usual time where the process says none."""
    nothing = np.zeros(0, dtype=np.int64)
    deals, started, first = (np.concatenate(column) for column in zip(*rows, strict=True)) if rows else (nothing,) * 3
    days = one.milestone.usual_days
    if days is None:
        proven = first != NEVER
        taken = np.maximum(first[proven] - started[proven], 0) / DAY_US
        days = max(1, int(np.ceil(np.median(taken)))) if taken.size else USUAL_DAYS
    due = started + days * DAY_US
    return days, Fallen(deals, started, due, first > due)


def _fallen_by_milestone(log: EventLog) -> dict[int, tuple[IntArray, IntArray, IntArray]]:
    table = log.table(sql_text(__package__, "milestone_landmarks"))
    number, deals, started = (
        table.column(name).to_numpy().astype(np.int64) for name in ("milestone", "deal", "started_us")
    )
    first = table.column("first_us").fill_null(NEVER).to_numpy().astype(np.int64)
    return {int(one): (deals[number == one], started[number == one], first[number == one]) for one in np.unique(number)}
