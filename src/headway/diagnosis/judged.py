"""What the judge says of a study: verdicts, signals and the rest put together, and the one sentence over all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headway.diagnosis.study import Study
from headway.trials.results import Plan, trial_results
from headway.verdict.buyers_order import buyers_orders
from headway.verdict.constraint import constraint_of
from headway.verdict.judge import MARGIN
from headway.verdict.judging import judge_log
from headway.verdict.own_ways import own_ways
from headway.verdict.reinforcement import reinforcement_of
from headway.verdict.theatre import theatre_of
from headway.verdict.value import Judged, PlantedTruth, Verdict

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TRIAL = "run a trial: ask for a step on a randomly chosen half of new deals"
NOT_GIVEN = "No process was given, so it is not known which steps are asked of sellers."
NOT_ASKED = "The process asks no step of sellers, so there is none to judge."
NOT_RECORDED = "This log holds no activities, so there are no steps to judge."
NO_STEPS = {
    NOT_GIVEN: "Write the process down with the steps it asks of sellers, then judge it.",
    NOT_ASKED: "Write into it what sellers are asked to do, then judge it.",
    NOT_RECORDED: f"Bring in what sellers do and what buyers do, each with its day, or {TRIAL}.",
}
"""Why there are no steps to judge -> what to do."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What judging is told beside the log. `margin`: a cost below it does not matter, as a share.

    `truths`: what is really so in a simulated firm, by step id. `plans`: what is known of each trial, by its name.
    """

    margin: float = MARGIN
    truths: Mapping[str, PlantedTruth] = field(default_factory=dict)
    plans: Mapping[str, Plan] | None = None
    seed: int = 0


def judged_of(study: Study, judging: Judging, *, silence_limit_days: float | None = None) -> Judged:
    """Everything the judge says. Where a log holds no activities, no step is judged.

    `silence_limit_days`: beyond it a buyer is called silent (default: as the process says).
    """
    log, processes, margin = study.log, study.processes, judging.margin
    trials = trial_results(log, margin=margin, plans=judging.plans)
    verdicts, signals = judge_log(
        log, processes, study.items, margin=margin, seed=judging.seed, truths=judging.truths, trials=trials
    )
    no_steps = why_no_steps(study)
    kept = tuple(verdict for verdict in verdicts if not (no_steps and verdict.subject == "step"))
    theatre = theatre_of(log, processes, seed=judging.seed)
    horizons = [verdict.comparison.horizon_days for verdict in kept if verdict.comparison is not None]
    return Judged(
        sentence=sentence_of(kept, no_steps),
        so=so_of(kept, no_steps),
        margin=margin,
        horizon_days=horizons[0] if len(set(horizons)) == 1 else None,
        verdicts=kept,
        signals=signals,
        orders=buyers_orders(log, processes, seed=judging.seed),
        theatre=theatre,
        reinforcement=reinforcement_of(log, seed=judging.seed),
        own_ways=own_ways(log, processes, margin=margin),
        constraint=constraint_of(
            log, processes, silence_limit_days=silence_limit_days, theatre=theatre, seed=judging.seed
        ),
        no_steps=no_steps,
    )


def why_no_steps(study: Study) -> str | None:
    """Why no step can be judged at all; None where some can."""
    if any(process.practised for process in study.processes):
        return NOT_GIVEN
    if not any(process.steps for process in study.processes):
        return NOT_ASKED
    return None if study.log.value("SELECT count(*) FROM codes WHERE kind = 'activity_done'") else NOT_RECORDED


def sentence_of(verdicts: Sequence[Verdict], no_steps: str | None) -> str:
    """Who is at fault for how many of the steps, in one sentence: the one that settles the argument."""
    if no_steps:
        return no_steps
    words = Counter(verdict.word for verdict in verdicts if verdict.subject == "step" and verdict.word)
    steps, unknown = sum(words.values()), words["unknown"]
    if not steps:
        return "No step can be judged: buyers ask for all of them."
    if steps == unknown:
        return f"Whether {_of_all(steps)} matters cannot be told yet."
    parts = [*_faults(words), *_costly(words), *_harmless(words)]
    said = "; ".join(parts)
    if unknown:
        said += f"; {_number(unknown)} cannot be told yet"
    return f"{said[:1].upper()}{said[1:]}."


def _of_all(steps: int) -> str:
    return "the one step that is asked of sellers" if steps == 1 else f"any of your {_number(steps)} steps"


def _faults(words: Counter[str]) -> list[str]:
    """`the process is at fault for three of your steps, the practice for two`, where anything is."""
    parts: list[str] = []
    for word in ("process", "practice", "rhythm"):
        if words[word]:
            of_steps = f"{_number(words[word])} of your steps" if not parts else _number(words[word])
            parts.append(f"the {word} {'is at fault ' if not parts else ''}for {of_steps}")
    return [", ".join(parts)] if parts else []


def _costly(words: Counter[str]) -> list[str]:
    if not words["costly"]:
        return []
    others = f"{_number(words['costly'])} {'costs' if words['costly'] == 1 else 'cost'} deals where left out"
    return [f"{others}, and without reviews it is not known whether practice or rhythm is at fault"]


def _harmless(words: Counter[str]) -> list[str]:
    parts = []
    if words["helps"]:
        parts.append(f"{_number(words['helps'])} {'is' if words['helps'] == 1 else 'are'} better left out")
    if words["works"]:
        parts.append(f"{_number(words['works'])} {'works' if words['works'] == 1 else 'work'}")
    return parts


def so_of(verdicts: Sequence[Verdict], no_steps: str | None) -> str:
    """What to do first: what costs most deals where it is left out, then what is asked for nothing."""
    steps = [verdict for verdict in verdicts if verdict.subject == "step"]
    if no_steps:
        return NO_STEPS[no_steps]
    costing = [
        one for one in steps if one.word in DO_FIRST and one.ground != "harmless" and one.effect and one.left_out
    ]
    idle = [verdict for verdict in steps if verdict.ground == "harmless" and verdict.left_out]
    acts = []
    if costing:
        worst = min(
            costing, key=lambda one: one.effect.value * one.left_out.value if one.effect and one.left_out else 0
        )
        acts.append(f"Begin with “{worst.label}”: {DO_FIRST[worst.word]}.")
    if idle:
        widest = max(idle, key=lambda one: one.left_out.value if one.left_out else 0)
        acts.append(f"{'Then rewrite' if acts else 'Rewrite'} or drop “{widest.label}”.")
    helped = [verdict for verdict in steps if verdict.word == "helps"]
    if helped and len(acts) < 2:
        acts.append(f"{'Then try' if acts else 'Try'} leaving out “{helped[0].label}” as the new way.")
    return " ".join(acts) or _wait(steps)


DO_FIRST = {
    "practice": "coach the deals that leave it out",
    "rhythm": "look at these deals in the reviews",
    "costly": "start holding reviews that look at these deals",
    "process": "rewrite how it is asked",
}


def _lost(step: Verdict) -> float:
    """Deals that leaving it out loses, as a share of all: below zero, so the worst is the least."""
    return step.effect.value * step.left_out.value if step.effect and step.left_out else 0.0


def _wait(steps: Sequence[Verdict]) -> str:
    unknown = [verdict for verdict in steps if verdict.word == "unknown"]
    if not unknown:
        return "Leave them alone." if steps else ""
    needed = [verdict.deals_needed for verdict in unknown if verdict.deals_needed]
    return (
        f"Wait for about {min(needed):,} more decided deals, or {TRIAL}."
        if needed
        else f"{TRIAL[:1].upper()}{TRIAL[1:]}."
    )


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
