"""Firms with one known cause: what is wrong in each, and what a judge of it should therefore say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from headway.deals.predictions import Predicted
from headway.demo.company import Company, told
from headway.demo.costs import with_costs
from headway.demo.names import SELLERS
from headway.demo.reviews import Rhythm, rhythm_of
from headway.demo.truth import Owner, OwnWay, Phase, StepTruth, Truth
from headway.demo.workdays import Workdays

CAUSES = ("bad process", "bad practice", "no rhythm", "theatre", "healthy", "mixed")
STARTS_ON = date(2024, 1, 1)  # a Monday
YEAR = 250  # working days in which deals are created
LONGEST = 900  # working days after which every deal is surely decided
WON = 0.24
SKILL = 1.0  # spread of sellers' skill, logits
NOTHING: Mapping[str, bool] = {}
CERTAIN = 60.0  # a logit that no draw gets past
FEW = 0.3  # share of owners who leave out what few leave out
DECISIVE = 4  # the phase whose passing the steps change: long after they fell due
PHASES = (
    Phase(5.0, 1.5, 0.2, 0.4),
    Phase(4.5, 16.0, 0.22, 0.24),
    Phase(4.2, 14.0, 0.34, 0.10),
    Phase(0.0, 13.0, 0.45, 0.06),  # solved
    Phase(2.0, 5.0, 0.62, 0.04),
    Phase(2.5, 4.0, 0.72, 0.02),
)
STEPS = (
    StepTruth("send_questions", 2, 0.0, 0.0, 0.0, 14, "questions sent"),
    StepTruth("hear_second_voice", 2, 0.0, 0.0, 0.0, 14, "second conversation asked for"),
    StepTruth("write_back_problem", 3, 0.0, 0.0, 0.0, 10, "problem summary sent"),
    StepTruth("ask_who_signs", 3, 0.0, 0.0, 0.0, 10, "asked who signs"),
)
OWN_WAYS = (
    OwnWay("jump", "A visit to their plant instead of the usual order because they had named the problem themselves",
           Predicted.WON, share=0.08, pull=1.6),
    OwnWay("overstay", "One more month instead of an end because their board meets late",
           Predicted.PROVEN, share=0.06, pull=0.0),
    OwnWay("pushed_close_date", "A later date instead of an end because they asked for it",
           Predicted.ENDED, share=0.04, pull=0.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm to be simulated: what is wrong in it, and how much of it can be seen.

    `readiness`: recorded (dated buyer acts before the due time carry it) or hidden (no buyer act is ever recorded).
    `decided` deals are created within one year and followed until all are decided. `cost`: points (0, 5, 10 or 20)
    that leaving out a costly step costs among deals open when it falls due. `trial`: one step is drawn by lot in the
    last quarter of the year.
    """

    cause: str
    readiness: str = "recorded"
    decided: int = 200
    sellers: int = 10
    cost: int = 20
    trial: bool = False

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"{self.cause!r} is no cause; known are {', '.join(CAUSES)}")
        if self.readiness not in ("recorded", "hidden"):
            raise ValueError("readiness is recorded or hidden")
        if not (30 <= self.decided <= 2_000 and 3 <= self.sellers <= 60 and 0 <= self.cost <= 30):
            raise ValueError("a firm has 30 to 2,000 decided deals, 3 to 60 sellers, and costs of 0 to 30 points")


@dataclass(frozen=True, slots=True)
class Practised:
    """How one step is practised: by whom it is left out, how often, and the word a judge should find for it."""

    word: str
    left_out: float  # share of deals
    costs: bool | float  # the firm's cost, none, or a cost of its own
    few: int = 0  # 1 or 2: left out as a rule by the first or the second few owners


def _steps_of(firm: Firm) -> tuple[Practised, ...]:
    """The four steps as the firm's cause has them: in the first stage two, in the second two."""
    harmless, kept = Practised("process", BROAD, False), Practised("works", KEPT, True)
    by_few = [Practised("practice", KEPT, True, few) for few in (1, 2)]
    unheld = Practised("rhythm", BROAD, True)
    return {
        "bad process": (harmless, kept, harmless, Practised("process", BROAD, True)),
        "bad practice": (kept, by_few[0], by_few[1], kept),
        "no rhythm": (harmless, unheld, Practised("rhythm", BROAD, AT_MARGIN), unheld),
        "theatre": (harmless, kept, harmless, kept),
        "healthy": (kept,) * 4,
        "mixed": (unheld, harmless, by_few[0], kept),
    }[firm.cause]


BROAD, KEPT, AT_MARGIN = 0.38, 0.02, 0.10


def points_meant(firm: Firm) -> dict[str, int]:
    """By step, the points that leaving it out is meant to cost; what it truly costs is in `planted_truths`."""
    return {step.id: round(100 * _cost(firm, one)) for step, one in zip(STEPS, _steps_of(firm), strict=True)}


def _cost(firm: Firm, one: Practised) -> float:
    return firm.cost / 100 if one.costs is True else float(one.costs)


def simulate_firm(firm: Firm, seed: int, *, decreed: Mapping[str, bool] = NOTHING) -> Company:
    """The firm with this seed; the same arguments give the same firm to the last byte.

    decreed: another world with the same people, buyers and luck, in which a step (by id) is always done, or never.
    """
    rng = np.random.default_rng([seed, 3])
    owners = _owners(firm, rng)
    odd = tuple(owner.name for owner in owners if owner.leaves_out)
    truth = _as_decreed(replace(_truth(firm), seed=seed, owners=owners, odd_owners=odd), decreed)
    calendar = Workdays(STARTS_ON, LONGEST)
    rhythm = rhythm_of(truth, calendar, rng)
    company = told(truth, calendar, rhythm, rng.uniform(0.0, YEAR, firm.decided), rng)
    return _until_decided(company)


def _as_decreed(truth: Truth, decreed: Mapping[str, bool]) -> Truth:
    steps = tuple(
        replace(s, habit=CERTAIN if decreed[s.id] else -CERTAIN, fade=0.0) if s.id in decreed else s
        for s in truth.steps
    )
    owners = tuple(
        replace(owner, leaves_out=tuple(step for step in owner.leaves_out if step not in decreed))
        for owner in truth.owners
    )
    return replace(truth, steps=steps, owners=owners)


def _until_decided(company: Company) -> Company:
    """The story ends with the week in which the last deal was decided."""
    last = max(max([deal.changes[-1].moment, *(act.recorded for act in deal.acts)]) for deal in company.deals)
    calendar = Workdays(company.calendar.starts_on, 5 * (math.floor(last / 5) + 1))
    reviews = tuple(review for review in company.rhythm.reviews if review.moment < calendar.days)
    truth = replace(company.truth, ends_on=calendar.day(calendar.days - 0.5))
    return Company(truth, calendar, Rhythm(reviews, company.rhythm.held), company.deals)


@lru_cache(maxsize=64)
def _truth(firm: Firm) -> Truth:
    """The firm's truth but for its people; solving the costs takes a quarter of a second, so it is kept."""
    practised = _steps_of(firm)
    held = (0.06, 0.06) if firm.cause == "no rhythm" else (0.95, 0.95)
    mixed, theatre, hidden = firm.cause == "mixed", firm.cause == "theatre", firm.readiness == "hidden"
    base = Truth(
        seed=0,
        starts_on=STARTS_ON,
        ends_on=STARTS_ON,
        reviews_stopped_on=STARTS_ON,
        owners=(),
        phases=PHASES,
        review_held=held,
        inspection=0.1 if firm.cause == "no rhythm" else 0.55 if mixed else 0.4,
        inspects_from=21.0 if mixed else 2.0,
        absences=() if firm.cause == "no rhythm" else ((14, 16), (38, 40)),
        left_out_when_ready=0.6,
        left_out_when_small=0.4,
        pressure=0.4,
        size_pull=0.8,
        created_later=0.0,
        catches_up=0.05,
        paper_days=2.5,
        lingers=1.6,
        late=(0.55, 0.55) if theatre else (0.08, 0.08),
        unseen=1.0 if hidden else 0.0,
        replies=0.1,
        opening_replies=11.0,
        reply_pull=0.6,
        period_ends=(0.9, 0.9) if theatre else (0.15, 0.15),
        staged=0.75 if theatre else 0.0,
        mandatory="criteria_written" if theatre else "",
        mandatory_from=Workdays(STARTS_ON, LONGEST).day(YEAR // 2 + 15) if theatre else None,
        own_ways=OWN_WAYS,
        odd_keeps=0.3,
        process_file="process_of_firms.yaml",
        trial_step=STEPS[0].id,
        trial_starts_on=Workdays(STARTS_ON, LONGEST).day(YEAR * 3 // 4) if firm.trial else None,
    )
    costs = [_cost(firm, one) for one in practised]
    shares = [FEW * (1 - base.odd_keeps) + (1 - FEW) * p.left_out if p.few else p.left_out for p in practised]
    steps: list[StepTruth] = []
    for step, one, cost in zip(STEPS, practised, costs, strict=True):
        word = one.word if cost or one.word == "works" else "process"
        steps.append(
            replace(
                step,
                acts_on=DECISIVE,
                habit=math.log(1 / one.left_out - 1),
                inspected=0.0 if one.left_out == KEPT else 0.3,
                by_owner=0.0 if one.left_out == KEPT else 1.0 if len(steps) % 2 else -1.0,
                planted=word,
            )
        )
    return with_costs(replace(base, steps=tuple(steps)), costs, shares, won=WON, skill=SKILL)


def _owners(firm: Firm, rng: np.random.Generator) -> tuple[Owner, ...]:
    """Sellers in three teams; those who leave out what few leave out are drawn by lot."""
    skills, diligence = rng.normal(0, SKILL, firm.sellers), rng.normal(0, 0.5, firm.sellers)
    inflation = (
        rng.uniform(0.2, 0.4, firm.sellers) if firm.cause == "theatre" else rng.uniform(0.02, 0.08, firm.sellers)
    )
    order, few = rng.permutation(firm.sellers), max(1, int(FEW * firm.sellers))
    names = [(step.id, one.few) for step, one in zip(STEPS, _steps_of(firm), strict=True)]
    odd = {1: set(order[:few].tolist()), 2: set(order[few : 2 * few].tolist())}
    owners = []
    for number in range(firm.sellers):
        name, team = SELLERS[number % len(SELLERS)]
        owners.append(
            Owner(
                number=number,
                name=name if number < len(SELLERS) else f"{name} {number // len(SELLERS) + 1}",
                team=team,
                inflation=float(inflation[number]),
                skill=float(skills[number]),
                diligence=float(diligence[number]),
                leaves_out=tuple(id_ for id_, group in names if group and number in odd[group]),
            )
        )
    return tuple(owners)
