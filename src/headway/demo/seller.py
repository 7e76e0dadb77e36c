"""What the seller does about one deal: steps, claims of stages, close dates and amounts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from headway.demo.buyer import BuyerWay, logistic
from headway.demo.truth import Owner, StepTruth, Truth
from headway.demo.workdays import Workdays, month_end, quarter_end, working

STAGES = ("Qualification", "Discovery", "Evaluation", "Proposal", "Validation", "Negotiation")
REOPENED = 0.025  # share of deals closed as lost that are tried once more, in vain
CLOSED_WON, CLOSED_LOST = "Closed Won", "Closed Lost"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a deal's history: what the CRM says from this moment on."""

    moment: float
    stage: str
    amount: float
    close_on: date


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One deal as its seller meets it."""

    truth: Truth
    calendar: Workdays
    owner: Owner
    created: float
    readiness: float
    amount: float
    inspections: tuple[float, ...]
    arm: bool | None  # of the trial: asked to do the step, asked to leave it out, or not in it

    @property
    def reviews_stopped(self) -> float:
        """The moment from which reviews were hardly held."""
        return self.calendar.moment(self.truth.reviews_stopped_on)

    def inspected(self, moment: float, within: float) -> bool:
        """Whether a review looked at the deal in the `within` working days before a moment."""
        return any(moment - within <= looked <= moment for looked in self.inspections)

    def does(self, step: StepTruth, moment: float, draw: float) -> bool:
        """Whether the seller does a step that falls to be done at a moment, given a draw from 0 to 1."""
        truth = self.truth
        if self.arm is not None and step.id == truth.trial_step:
            return draw < (0.92 if self.arm else 0.08)
        if step.id in self.owner.leaves_out:
            return draw < truth.odd_keeps
        since = moment - self.reviews_stopped
        faded = step.fade * (1 - math.exp(-since / truth.fade_days)) if since > 0 else 0.0
        logit = step.habit + step.by_owner * self.owner.diligence - faded - truth.left_out_when_ready * self.readiness
        logit += truth.left_out_when_small * math.log(self.amount / truth.median_amount)
        logit += step.inspected * self.inspected(moment + 3, 10)
        logit -= truth.pressure * self.calendar.pressed(moment + working(step.due_days))
        return draw < logistic(logit)


def history(deal: Circumstances, way: BuyerWay, rng: np.random.Generator) -> list[Change]:
    """Every change the CRM saw, in order, up to the decision. The seller looks in about once a week."""
    calendar, owner = deal.calendar, deal.owner
    amount, claimed = deal.amount, 2 if rng.random() < deal.truth.created_later else 1
    close_on = _first_close(deal.truth, calendar, deal.created, rng)
    changes = [Change(deal.created, STAGES[claimed - 1], amount, close_on)]
    week = 0
    while (moment := deal.created + 5 * (week + float(rng.random()))) < way.decided - 0.3:
        week += 1
        if moment >= calendar.days:
            break
        level = max(1, sum(end <= moment for end in way.ends))
        rank = _claim(deal, claimed, level, moment, rng)
        today = calendar.day(moment)
        pushed = close_on
        if close_on <= today + timedelta(days=4) and rng.random() < deal.truth.pushes:
            pushed = _next_close(deal.truth, today, rng)
        repriced = _repriced(amount, claimed, rank, calendar.pressed(moment), rng)
        if (rank, pushed, repriced) != (claimed, close_on, amount):
            claimed, close_on, amount = rank, pushed, repriced
            changes.append(Change(moment, STAGES[claimed - 1], amount, close_on))
    if way.fate == "won" and claimed < len(STAGES) and rng.random() < (0.5 if owner.sandbags else 0.85):
        # Paper comes in, and the stage that should have been claimed before is claimed at last.
        last = changes[-1].moment
        changes.append(
            Change(last + (way.decided - last) * float(rng.uniform(0.5, 0.95)), STAGES[-1], amount, close_on)
        )
    stage = CLOSED_WON if way.fate == "won" else CLOSED_LOST
    changes.append(Change(way.decided, stage, amount, calendar.day(way.decided)))
    if stage == CLOSED_LOST and way.fate != "left" and rng.random() < REOPENED:
        again = way.decided + float(rng.uniform(8, 40))
        close_on = month_end(calendar.day(again) + timedelta(days=45))
        changes.append(Change(again, STAGES[claimed - 1], amount, close_on))
        closed = again + 6 + float(rng.gamma(2, 10))
        changes.append(Change(closed, CLOSED_LOST, amount, calendar.day(closed)))
    return [change for change in changes if change.moment < calendar.days]


def _claim(deal: Circumstances, claimed: int, level: int, moment: float, rng: np.random.Generator) -> int:
    """The stage claimed after this week's look at a deal whose buyer stands at `level`."""
    owner, pressed = deal.owner, deal.calendar.pressed(moment)
    draw = float(rng.random())
    back = (0.3 if claimed > level + 1 else 0.12) if deal.inspected(moment, 5) else 0.015
    if claimed > level and draw < back:
        return level  # moved back: the honest thing to do
    if claimed < level:
        if owner.sandbags:
            return claimed + 1 if draw < 0.16 else claimed
        if draw < 0.75:
            return level if level - claimed > 1 and rng.random() < deal.truth.catches_up else claimed + 1
        return claimed
    chance = owner.inflation * (deal.truth.pressed_inflation if pressed else 1.0)
    if moment >= deal.reviews_stopped:
        chance *= deal.truth.unreviewed_inflation
    if claimed >= 5:
        chance *= 0.7  # the last stage is shown to the board, so it is claimed with more care
    if not owner.sandbags and claimed < len(STAGES) and claimed <= level + 2 and draw > 1 - min(0.6, chance):
        return min(len(STAGES), claimed + (2 if rng.random() < deal.truth.leaps[int(pressed)] else 1))
    return claimed


def _first_close(truth: Truth, calendar: Workdays, created: float, rng: np.random.Generator) -> date:
    day = calendar.day(created) + timedelta(days=int(rng.integers(40, 110)))
    draw = rng.random()
    at_end = truth.period_ends[0]
    return quarter_end(day) if draw < at_end / 2 else month_end(day) if draw < at_end else day


def _next_close(truth: Truth, today: date, rng: np.random.Generator) -> date:
    draw, at_end = rng.random(), truth.period_ends[1]
    if draw < at_end * 0.625:
        return month_end(today + timedelta(days=10))
    if draw < at_end:
        return quarter_end(today + timedelta(days=10))
    return today + timedelta(days=int(rng.integers(14, 45)))


def _repriced(amount: float, claimed: int, rank: int, pressed: bool, rng: np.random.Generator) -> float:
    draw = float(rng.random())
    if claimed < 4 <= rank and draw < 0.45:
        return rounded(amount * float(rng.uniform(0.8, 1.25)))
    if rank >= 5 and draw < (0.22 if pressed else 0.04):
        return rounded(amount * float(rng.uniform(0.82, 0.96)))
    return amount


def rounded(amount: float) -> float:
    """An amount as people write it: to 50 below 20,000, else to 500."""
    unit = 50 if amount < 20_000 else 500
    return float(max(unit, round(amount / unit) * unit))
