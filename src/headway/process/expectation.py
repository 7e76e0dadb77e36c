"""What is expected at one stage, as one page of plain words: what the buyer must have done, its proof, the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.process.definition import Milestone, Process, Step

NO_LINES: Mapping[str, str] = {}
GRADE_WORDS = (
    "your word is enough",
    "at least a quote, a link or a file",
    "at least a mail that the buyer wrote",
    "seen in a shared or signed system",
    "shown by two contacts of the buyer",
)


@dataclass(frozen=True, slots=True)
class ExpectedMilestone:
    """One thing the buyer must have done, in words. `only_for` is empty where every deal needs it."""

    id: str
    buyer: str
    proof: str
    shelf_life: str
    usual: str
    question: str
    only_for: str


@dataclass(frozen=True, slots=True)
class ExpectedStep:
    """One thing asked of the seller, in words. `serves` is the text of the milestone it is for."""

    id: str
    seller: str
    due: str
    serves: str
    at_buyers_request: bool


@dataclass(frozen=True, slots=True)
class Expectation:
    """One stage of a process. `rank` from 1 of `stages`; `previous` and `next` are names, None at the ends.

    `usual`: how long a decision usually takes from here; `longest`: how long a deal stays at most.
    """

    process: str
    stage: str
    rank: int
    stages: int
    milestones: tuple[ExpectedMilestone, ...]
    steps: tuple[ExpectedStep, ...]
    usual: str
    longest: str
    previous: str | None
    next: str | None


def expectation(process: Process, rank: int) -> Expectation:
    """The page of the stage with this rank (1 = first). ValueError where the process has no such stage."""
    if not 1 <= rank <= len(process.stages):
        raise ValueError(f"rank must be from 1 to {len(process.stages)}, not {rank}")
    stage = process.stages[rank - 1]
    lines = {milestone.id: milestone.buyer for _, milestone in process.milestones}
    return Expectation(
        process=process.name,
        stage=stage.name,
        rank=rank,
        stages=len(process.stages),
        milestones=tuple(_milestone(milestone) for milestone in stage.milestones),
        steps=tuple(_step(step, lines) for step in stage.steps),
        usual=_or("a decision usually comes within {}", stage.usual_days, "no usual time is set"),
        longest=_or("at most {} here", stage.limit_days, "no longest stay is set"),
        previous=process.stages[rank - 2].name if rank > 1 else None,
        next=process.stages[rank].name if rank < len(process.stages) else None,
    )


def _milestone(milestone: Milestone) -> ExpectedMilestone:
    return ExpectedMilestone(
        id=milestone.id,
        buyer=milestone.buyer,
        proof=proof_words(milestone.proof.grade, milestone.proof.acts),
        shelf_life=shelf_life_words(milestone.proof.shelf_life_days),
        usual=_or("usually within {}", milestone.usual_days, "no usual time is set"),
        question=milestone.ask,
        only_for=bounds_words(milestone.amount_from, milestone.record_types),
    )


def _step(step: Step, lines: dict[str, str]) -> ExpectedStep:
    return ExpectedStep(
        step.id, step.seller, due_words(step, lines), lines.get(step.serves, ""), step.at_buyers_request
    )


def proof_words(grade: int, acts: Sequence[str] = ()) -> str:
    """`at least a quote, a link or a file`; acts that a connector sees prove it as well where their grade suffices."""
    words = GRADE_WORDS[min(max(grade, 0), len(GRADE_WORDS) - 1)]
    return f"{words}; observed acts count too: {listed(acts)}" if acts else words


def shelf_life_words(days: int | None) -> str:
    """`lapses after 180 days, about 6 months`."""
    return _or("lapses after {}", days, "does not lapse")


def bounds_words(amount_from: float | None, record_types: Sequence[str]) -> str:
    """Which deals need a milestone; empty where all do."""
    parts = [f"of {amount_from:,.0f} or more"] if amount_from is not None else []
    parts += [f"of type {listed(record_types, 'or')}"] if record_types else []
    return f"only deals {' and '.join(parts)}" if parts else ""


def due_words(step: Step, lines: Mapping[str, str] = NO_LINES) -> str:
    """`within 2 days of claiming the stage`, `twice, on the day of the buyer's “reply”`.

    `lines`: what milestones say, by id; a step that is not asked once a milestone is proven names it so.
    """
    start = f"the buyer's “{step.after}”" if step.after else "claiming the stage"
    words = f"within {days_words(step.due_days)} of {start}"
    if step.due_days <= 0:
        words = f"on the day of {start}" if step.after else "by the time the stage is claimed"
    if step.times > 1:
        words = f"{'twice' if step.times == 2 else f'{step.times} times'}, {words}"
    return f"{words}; not once “{lines.get(step.unless, step.unless)}”" if step.unless else words


def days_words(days: int) -> str:
    """`1 day`, `45 days`, `180 days, about 6 months`."""
    if days == 1:
        return "1 day"
    if days < 60:
        return f"{days} days"
    years, months = round(days / 365), round(days / 30.4)
    if months < 24:
        return f"{days} days, about {'a year' if months == 12 else f'{months} months'}"
    return f"{days:,} days, about {years} years"


def listed(names: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {joint} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _or(words: str, days: int | None, otherwise: str) -> str:
    return otherwise if days is None else words.format(days_words(days))
