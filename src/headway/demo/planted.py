"""What a diagnosis of the simulated firm should find, worked out from its truth."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np

from headway.deals.events import Outcome
from headway.demo.buyer import OWN_WAY_PHASE, logistic, pass_logit
from headway.demo.company import Company, SimulatedDeal
from headway.demo.seller import STAGES
from headway.demo.truth import StepTruth
from headway.verdict.value import PlantedTruth

USUAL = 0.7  # the share in which a step counts as done where nobody knows


@dataclass(frozen=True, slots=True)
class PlantedStep:
    """A step as it really is. `done` of the `asked` deals had it in time; `cost`: what leaving it out really costs.

    `cost` is a difference in the chance of winning (0 to 1, positive: worse without it), averaged over the deals for
    which the step fell due: the change in the chance of passing its phase, the same buyer met with and without it,
    times the share won of those that passed. `naive`: share won where done minus where left out, among decided deals:
    what a dashboard would show, confounded as in life. `verdict` is the one meant, empty where none is.
    """

    id: str
    verdict: str
    asked: int
    done: int
    done_before: float
    done_after: float
    cost: float
    naive: float


def planted_steps(company: Company) -> tuple[PlantedStep, ...]:
    """Every step, in the order of the process. Shares done are before and after the reviews stopped (NaN: none)."""
    return tuple(_planted(company, step.id) for step in company.truth.steps)


def _planted(company: Company, name: str) -> PlantedStep:
    truth, step = company.truth, company.truth.step(name)
    asked = [deal for deal in company.deals if name in deal.way.fell_due]
    done = np.array([name in deal.way.done for deal in asked], bool)
    won = np.array([deal.way.fate == "won" for deal in asked], bool)
    decided = np.array([deal.outcome is not None for deal in asked], bool)
    passed = np.array([len(deal.way.ends) >= step.phase for deal in asked], bool)
    effects = []
    for deal in asked:
        skill, amount = deal.owner.skill, deal.changes[0].amount
        chances = [
            logistic(pass_logit(truth, step.phase, deal.readiness, skill, amount, steps))
            for steps in (deal.way.done | {name}, deal.way.done - {name})
        ]
        effects.append(chances[0] - chances[1])
    stopped = company.calendar.moment(truth.reviews_stopped_on)
    starts = np.array([([deal.changes[0].moment, *deal.way.ends])[step.phase - 1] for deal in asked])
    return PlantedStep(
        id=name,
        verdict=step.planted,
        asked=len(asked),
        done=int(done.sum()),
        done_before=_mean(done[starts < stopped]),
        done_after=_mean(done[starts >= stopped]),
        cost=_mean(np.array(effects)) * _mean(won[passed]),
        naive=_mean(won[decided & done]) - _mean(won[decided & ~done]),
    )


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> float:
    return float(np.mean(values.astype(float))) if len(values) else float("nan")


def planted_truths(company: Company) -> dict[str, PlantedTruth]:
    """By step id: the word meant, what leaving it out truly costs among deals open when it fell due, the naive figure.

    The cost is counterfactual: the same buyers, met with the step and without it, everything else being what it was.
    `naive`: share won of decided deals that never did it minus of those that did, as a dashboard would show it.
    NaN never: where no deal was open when the step fell due, the cost is 0 and the word empty.
    """
    return {step.id: _truth_of(company, step) for step in company.truth.steps}


def truths_text(company: Company) -> str:
    """The same as JSON: `{"ask_who_signs": {"word": "rhythm", "cost": 0.0861, "naive": -0.2525}}`."""
    told = {step: asdict(truth) for step, truth in planted_truths(company).items()}
    rounded = {
        step: {name: round(value, 4) if isinstance(value, float) else value for name, value in truth.items()}
        for step, truth in told.items()
    }
    return json.dumps(rounded, indent=2) + "\n"


def _truth_of(company: Company, step: StepTruth) -> PlantedTruth:
    changes = [change_of_winning(company, deal, step) for deal in company.deals if open_when_due(company, deal, step)]
    decided = [deal for deal in company.deals if deal.outcome is not None]
    done = np.array([any(a.name == step.activity for a in deal.acts) for deal in decided], bool)
    won = np.array([deal.outcome is Outcome.WON for deal in decided], bool)
    naive = _mean(won[~done]) - _mean(won[done]) if done.any() and not done.all() else None
    return PlantedTruth(step.planted if changes else "", float(np.mean(changes)) if changes else 0.0, naive)


def due_of(company: Company, deal: SimulatedDeal, step: StepTruth) -> datetime | None:
    """When a step fell due: so many days after its stage was first claimed. None where it never was."""
    stage = STAGES[step.phase - 2]
    claimed = next((change.moment for change in deal.changes if change.stage == stage), None)
    return None if claimed is None else company.calendar.instant(claimed) + timedelta(days=step.due_days)


def open_when_due(company: Company, deal: SimulatedDeal, step: StepTruth) -> bool:
    """Whether a deal was still open when a step fell due."""
    due = due_of(company, deal, step)
    last = deal.changes[-1].moment if deal.outcome else float(company.calendar.days)
    return due is not None and due <= company.calendar.instant(last)


def change_of_winning(company: Company, deal: SimulatedDeal, step: StepTruth) -> float:
    """By how much doing a step changes this deal's chance of being won, as things stood when it fell due.

    Phases that the buyer had passed by then are passed. A buyer who had gone already, in a phase that the step does
    not change, is gone either way. Steps that the deal never came to count as usually practised.
    """
    due = due_of(company, deal, step)
    if due is None:
        return 0.0
    passed = sum(company.calendar.instant(end) <= due for end in deal.way.ends)
    gone = deal.way.fate != "won" and company.calendar.instant(deal.way.last_sign) <= due
    if gone and len(deal.way.ends) + 1 < step.pulls_at:
        return 0.0
    begins = min(passed + 1, step.pulls_at)
    with_it, without = (_chance_from(company, deal, begins, {step.id: share}) for share in (1.0, 0.0))
    return with_it - without


def _chance_from(company: Company, deal: SimulatedDeal, begins: int, told: dict[str, float]) -> float:
    """Chance of passing every phase from `begins` on; `told`: shares done that outrank what happened."""
    truth, way, chance = company.truth, deal.way, 1.0
    shares = {s.id: float(s.id in way.done) if s.id in way.fell_due else USUAL for s in truth.steps} | told
    skill, amount = deal.owner.skill, deal.changes[0].amount
    for phase in range(begins, len(truth.phases) + 1):
        logit = pass_logit(truth, phase, deal.readiness, skill, amount, frozenset())
        logit += sum(s.pull * shares[s.id] for s in truth.steps if s.pulls_at == phase)
        chance *= logistic(logit + deal.own_way.pull if deal.own_way and phase == OWN_WAY_PHASE else logit)
    return chance
