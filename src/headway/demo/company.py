"""A simulated firm whose truth is known: its deals, what its CRM says of them, and what their buyers did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headway.deals.events import Outcome
from headway.demo.buyer import BuyerWay, buyer_way
from headway.demo.names import LOSS_REASONS, SOURCES, Account, deal_subject, invented_accounts, record_id
from headway.demo.records import Act, Book, records
from headway.demo.reviews import Rhythm, rhythm_of
from headway.demo.seller import CLOSED_LOST, CLOSED_WON, Change, Circumstances, history, rounded
from headway.demo.theatre import kept_for_reviews
from headway.demo.truth import Owner, OwnWay, Truth, owners_of
from headway.demo.workdays import Workdays

OUTCOME_OF = {
    "won": Outcome.WON,
    "refused": Outcome.LOST,
    "silent": Outcome.NO_DECISION,
    "left": Outcome.WITHDRAWN,
}
NO_REASON = 0.03  # share of lost deals for which no reason was entered
HANDED_OVER = 0.04  # share of lasting deals that change hands
TRIAL_DAYS = 60  # the trial takes in the deals created in the last so many working days
REVIEWS_LAST = 0.6  # reviews stop after this share of the story


@dataclass(frozen=True, slots=True)
class SimulatedDeal:
    """One deal: what is really so (`readiness`, `pace`, `way`), and what was written down."""

    id: str
    number: int
    name: str
    account: Account
    owner: Owner
    final_owner: Owner
    handed_over: float  # the moment from which the final owner has it; infinite where it never changed hands
    source: str
    readiness: float
    pace: float
    way: BuyerWay
    inspections: tuple[float, ...]
    arm: bool | None
    changes: tuple[Change, ...]
    acts: tuple[Act, ...]
    outcome: Outcome | None
    reason: str
    own_way: OwnWay | None = None

    @property
    def allowed_at(self) -> float | None:
        """When its own way was allowed: in the third week; None where it was decided before, or goes none."""
        moment = self.changes[0].moment + 11.0
        return moment if self.own_way and moment < min(self.way.decided, self.changes[-1].moment) else None


@dataclass(frozen=True, slots=True)
class Company:
    """The firm: truth, time, rhythm and deals in the order in which they were created."""

    truth: Truth
    calendar: Workdays
    rhythm: Rhythm
    deals: tuple[SimulatedDeal, ...]

    def outcomes(self) -> dict[str, int]:
        """Deals by outcome; `open` counts those that have none."""
        return dict(Counter(deal.outcome.value if deal.outcome else "open" for deal in self.deals))

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the firm's export and its process into `folder` (made if missing); the paths, in reading order."""
        from headway.demo.export import write_company

        return write_company(self, folder)


def simulate(seed: int, ends_on: date, sellers: int = 12, months: int = 18) -> Company:
    """A firm whose story ends on `ends_on`, that day included; nothing happens after it, or on weekends.

    The same arguments give the same firm to the last byte. ValueError for no sellers or less than three months.
    """
    if sellers < 1 or months < 3:
        raise ValueError("a firm needs at least 1 seller and 3 months")
    calendar = Workdays.between(ends_on - timedelta(days=round(months * 30.44)), ends_on + timedelta(days=1))
    truth = _truth(seed, ends_on, calendar, sellers)
    rng = np.random.default_rng([seed, 1])
    rhythm = rhythm_of(truth, calendar, rng)
    count = int(rng.poisson(truth.deals_per_seller_month * sellers * months))
    return told(truth, calendar, rhythm, rng.uniform(0.0, calendar.days - 0.5, count), rng)


def told(
    truth: Truth, calendar: Workdays, rhythm: Rhythm, created: NDArray[np.float64], rng: np.random.Generator
) -> Company:
    """The firm whose deals were created at these moments; `rng` names its accounts."""
    accounts = invented_accounts(rng, max(1, round(len(created) * 0.84)))
    deals = tuple(
        _deal(truth, calendar, rhythm, accounts, number, float(moment))
        for number, moment in enumerate(np.sort(created))
    )
    return Company(truth, calendar, rhythm, deals)


def _truth(seed: int, ends_on: date, calendar: Workdays, sellers: int) -> Truth:
    owners = owners_of(sellers)
    stop_week = int(calendar.days * REVIEWS_LAST) // 5
    return Truth(
        seed=seed,
        starts_on=calendar.starts_on,
        ends_on=ends_on,
        reviews_stopped_on=calendar.day(stop_week * 5),
        owners=owners,
        odd_owners=tuple(owner.name for owner in owners if owner.leaves_out),
        trial_starts_on=calendar.day(max(0, calendar.days - TRIAL_DAYS)),
    )


def _deal(
    truth: Truth, calendar: Workdays, rhythm: Rhythm, accounts: list[Account], number: int, created: float
) -> SimulatedDeal:
    """One deal, from a stream of chance of its own, so that no deal disturbs another."""
    rng = np.random.default_rng([truth.seed, 2, number])
    # Most accounts come once; the rest come back with something else.
    account = accounts[number] if number < len(accounts) else accounts[int(rng.integers(len(accounts)))]
    owner = truth.owners[int(rng.integers(len(truth.owners)))]
    amount = rounded(truth.median_amount * float(np.exp(truth.amount_spread * rng.standard_normal())))
    readiness = float(rng.standard_normal())
    size = (amount / truth.median_amount) ** 0.12
    pace = size * float(np.exp(0.3 * rng.standard_normal() - 0.12 * readiness))
    inspections = tuple(rhythm.inspections(truth, rng, owner.team, created, amount))
    in_trial = truth.trial_starts_on is not None and created >= calendar.moment(truth.trial_starts_on)
    arm = bool(rng.random() < 0.5) if in_trial else None
    deal = Circumstances(truth, calendar, owner, created, readiness, amount, inspections, arm)
    own_way = _own_way(truth, rng)
    way = buyer_way(
        truth,
        rng,
        created=created,
        readiness=readiness,
        skill=owner.skill,
        amount=amount,
        pace=pace,
        does=lambda step, moment: deal.does(step, moment, float(rng.random())),
        own_way=own_way,
    )
    changes = tuple(history(deal, way, rng))
    if truth.staged:
        changes = kept_for_reviews(truth, rhythm, owner.team, changes, rng)
    decided = changes[-1].stage in (CLOSED_WON, CLOSED_LOST)
    ends = changes[-1].moment if decided else float(calendar.days)
    book = Book(deal, way, changes, account.contacts, rhythm, f"E{number + 1:04d}", ends)
    outcome = OUTCOME_OF[way.fate] if decided else None
    final_owner, handed_over = _handed_over(truth, owner, created, ends, rng)
    return SimulatedDeal(
        id=record_id("006", number),
        number=number,
        name=f"{account.name} – {deal_subject(rng)}",
        account=account,
        owner=owner,
        final_owner=final_owner,
        handed_over=handed_over,
        source=SOURCES[int(rng.integers(len(SOURCES)))],
        readiness=readiness,
        pace=pace,
        way=way,
        inspections=tuple(looked for looked in inspections if looked < ends),
        arm=arm,
        changes=changes,
        acts=tuple(records(book, rng)),
        outcome=outcome,
        reason=_reason(outcome, rng),
        own_way=own_way,
    )


def _handed_over(
    truth: Truth, owner: Owner, created: float, ends: float, rng: np.random.Generator
) -> tuple[Owner, float]:
    """Now and then a deal that has lasted is given to a colleague in the same team."""
    mates = [mate for mate in truth.owners if mate.team == owner.team and mate is not owner]
    if not mates or ends - created < 30 or rng.random() > HANDED_OVER:
        return owner, float("inf")
    return mates[int(rng.integers(len(mates)))], created + (ends - created) * float(rng.uniform(0.3, 0.8))


def _own_way(truth: Truth, rng: np.random.Generator) -> OwnWay | None:
    """The way of its seller's own that a deal goes, if any. No draw in a firm that has none."""
    if not truth.own_ways:
        return None
    draw = float(rng.random())
    for way in truth.own_ways:
        if draw < way.share:
            return way
        draw -= way.share
    return None


def _reason(outcome: Outcome | None, rng: np.random.Generator) -> str:
    if outcome is None or outcome is Outcome.WON or (outcome is Outcome.LOST and rng.random() < NO_REASON):
        return ""
    reasons = LOSS_REASONS[outcome.value]
    return reasons[int(rng.integers(len(reasons)))]
