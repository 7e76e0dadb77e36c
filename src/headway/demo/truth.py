"""What is true in the simulated firm: the parameters behind every deal, which a diagnosis must find again.

Logits throughout: a pull of 1.0 turns an even chance into 73 %.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from headway.deals.predictions import Predicted
from headway.demo.names import SELLERS


@dataclass(frozen=True, slots=True)
class StepTruth:
    """How one step is really practised, and what it really does.

    `habit`: logit of doing it in time. `pull`: what doing it adds to the buyer's chance of passing a phase: `acts_on`,
    or where that is 0 `phase`, the one after the stage that asks for the step and in which it falls to be done. `fade`:
    how far the habit falls once reviews have stopped. `by_owner`: how much of an owner's diligence it takes.
    """

    id: str
    phase: int
    habit: float
    pull: float
    fade: float
    due_days: int
    activity: str
    inspected: float = 0.5  # what a recent inspection adds to the habit
    planted: str = ""  # what a diagnosis should say about it
    acts_on: int = 0
    by_owner: float = 1.0

    @property
    def pulls_at(self) -> int:
        """The phase whose chance of being passed it changes."""
        return self.acts_on or self.phase


STEPS = (
    StepTruth("send_questions", 2, 3.4, 0.3, 0.0, 5, "questions sent", planted="works"),
    StepTruth("write_back_problem", 3, 0.4, 0.0, 0.2, 5, "problem summary sent", planted="process"),
    StepTruth("ask_who_signs", 3, 2.2, 1.3, 2.6, 10, "asked who signs", planted="rhythm"),
    StepTruth("offer_joint_session", 4, 1.4, 0.7, 1.6, 10, "joint session offered"),
    StepTruth("send_risk_answers", 5, 2.4, 1.6, 0.6, 7, "risk answers sent", inspected=0.0, planted="practice"),
    StepTruth("propose_path", 6, 1.6, 0.8, 1.6, 7, "decision path proposed"),
    StepTruth("press_for_date", 6, 0.5, -1.1, 0.0, 7, "call for a date", planted="helps"),
)


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of the buyer's way: the chance (logit) of passing it, usual working days, and how refusals split."""

    passes: float
    days: float
    refuses: float  # of those that do not pass: share that says no
    leaves: float  # share that the seller gives up on; the rest falls silent


PHASES = (
    Phase(3.2, 1.5, 0.2, 0.4),  # 1 Qualification
    Phase(1.3, 7.0, 0.22, 0.24),  # 2 Discovery
    Phase(1.0, 12.0, 0.34, 0.10),  # 3 Evaluation
    Phase(1.1, 13.0, 0.45, 0.06),  # 4 Proposal
    Phase(0.75, 14.0, 0.62, 0.04),  # 5 Validation
    Phase(1.5, 12.0, 0.72, 0.02),  # 6 Negotiation
)


@dataclass(frozen=True, slots=True)
class Owner:
    """A seller: team, and how this person's claims stand to the buyer's way.

    `inflation`: chance per week of claiming the next stage before the buyer is there. `sandbags`: claims late.
    `leaves_out`: steps this owner as a rule does not do.
    """

    number: int
    name: str
    team: str
    inflation: float
    sandbags: bool = False
    skill: float = 0.0
    diligence: float = 0.0
    leaves_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnWay:
    """A way of some sellers' own that is allowed as an exception to a rule, or to a step by its id.

    `share`: of deals; `pull`: what it adds to the chance of passing phase 4; `predicted`: what is expected of it.
    """

    rule: str
    why: str
    predicted: Predicted
    share: float
    pull: float


@dataclass(frozen=True, slots=True)
class Truth:
    """Every parameter of the firm. `reviews_stopped_on` is the Monday from which reviews were hardly held."""

    seed: int
    starts_on: date
    ends_on: date
    reviews_stopped_on: date
    owners: tuple[Owner, ...]
    steps: tuple[StepTruth, ...] = STEPS
    phases: tuple[Phase, ...] = PHASES
    deals_per_seller_month: float = 3.55
    review_held: tuple[float, float] = (0.93, 0.08)  # chance per week and team, before and after the stop
    inspection: float = 0.30  # chance that a review held looks at a deal of median size
    readiness_pull: float = 0.8  # one standard deviation of the buyer's readiness, on passing each phase
    size_pull: float = 0.25  # half of it: how much less a phase is passed, by the logarithm of the amount
    left_out_when_ready: float = 0.45  # how much less a step is done when the buyer is readier: the confounder
    pressure: float = 0.9  # how far habits fall in the last ten days of a quarter
    pressed_inflation: float = 4.0  # how many times likelier an early claim is then
    leaps: tuple[float, float] = (0.18, 0.55)  # share of early claims that pass over a stage: usually, and then
    unreviewed_inflation: float = 1.5  # ... and once reviews have stopped
    fade_days: float = 7.0  # working days in which 63 % of the fade has happened
    entered: float = 0.97  # chance that a milestone's evidence is recorded at all
    late: tuple[float, float] = (0.14, 0.34)  # chance that it is recorded late, before and after the stop
    unseen: float = 0.07  # share of deals for which no buyer act is ever recorded
    median_amount: float = 30_000.0
    amount_spread: float = 1.0  # standard deviation of the logarithm
    catches_up: float = 0.6  # chance that a stage is passed over where the buyer is two ahead of the claim
    created_later: float = 0.07  # share of deals created in the second stage: the buyer came with a problem
    paper_days: float = 7.0  # half the working days that the paper of a deal to be won usually takes
    lingers: float = 1.0  # how many times longer than usual nobody writes a silent deal off
    pushes: float = 0.85  # chance that a close date gone by is moved
    odd_owners: tuple[str, ...] = field(default=())  # the owners who differ in one step
    odd_step: str = "send_risk_answers"
    trial_step: str = "press_for_date"
    trial_starts_on: date | None = None
    process_file: str = "process.yaml"
    odd_keeps: float = 0.12  # how often an owner who leaves a step out does it all the same
    left_out_when_small: float = 0.0  # how much less a step is done, by the logarithm of the amount
    replies: float = 0.16  # small buyer acts per working day
    opening_replies: float = 0.0  # replies in the first `OPENING_DAYS` of a deal of usual readiness
    reply_pull: float = 0.0  # one standard deviation of readiness, on the logarithm of both
    absences: tuple[tuple[int, int], ...] = ()  # weeks (first, last) in which the leader is away and no review is held
    inspects_from: float = 2.0  # working days after its creation from which reviews look at a deal
    period_ends: tuple[float, float] = (0.8, 0.8)  # share of first, and of moved, close dates that are a period's end
    staged: float = 0.0  # share of changes that are kept for the hours before the next review
    mandatory: str = ""  # the milestone without which, from some day on, the CRM lets nobody claim the third stage
    mandatory_from: date | None = None
    own_ways: tuple[OwnWay, ...] = ()

    def step(self, name: str) -> StepTruth:
        """The truth about a step. Raises KeyError for a name that is none."""
        return {step.id: step for step in self.steps}[name]


_INFLATION = (0.12, 0.24, 0.08, 0.16, 0.30, 0.11, 0.15, 0.03, 0.32, 0.13, 0.20, 0.10)
_SKILL = (0.2, -0.1, 0.3, 0.0, -0.2, 0.1, 0.0, 0.25, -0.15, 0.05, -0.25, 0.1)
_SANDBAGGERS = (2, 7)
_ODD = (1, 5, 10)


def owners_of(count: int) -> tuple[Owner, ...]:
    """The first `count` sellers; beyond twelve they are numbered. Three of them leave out the odd step."""
    owners = []
    for number in range(count):
        name, team = SELLERS[number % len(SELLERS)]
        habit = number % len(SELLERS)
        owners.append(
            Owner(
                number=number,
                name=name if number < len(SELLERS) else f"{name} {number // len(SELLERS) + 1}",
                team=team,
                inflation=_INFLATION[habit],
                sandbags=habit in _SANDBAGGERS,
                skill=_SKILL[habit],
                leaves_out=("send_risk_answers",) if habit in _ODD else (),
            )
        )
    return tuple(owners)
