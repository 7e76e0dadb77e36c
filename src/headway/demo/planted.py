"""What a diagnosis of the simulated firm should find, worked out from its truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.demo.buyer import logistic, pass_logit
from headway.demo.company import Company


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
