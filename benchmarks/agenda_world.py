"""Simulated firms week by week: what was known of every open deal, and apart from it whether talking could still help.

The truth is the simulator's own. A lost deal is *preventable* where the same buyer with the same luck would have
bought, had every step that helps (and none that harms) been done from the phase on in which it was lost. It can be
*met* on a review day on which the deal is open, such a step has fallen due, and the buyer is yet to give the last sign.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from headway.basics.periods import AsOf
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, Outcome, RecordedHow
from headway.deals.history import DealHistory, Event
from headway.demo.buyer import OWN_WAY_PHASE, logistic, pass_logit
from headway.demo.company import Company, SimulatedDeal
from headway.demo.export import process_text
from headway.demo.log_rows import SHORT_ID, fill_log
from headway.demo.seller import CLOSED_LOST, CLOSED_WON
from headway.evidence.attention import attention
from headway.evidence.known_about import awaited_act
from headway.evidence.many import record_proof
from headway.evidence.standing import DealStanding, deal_standing
from headway.forecast.known_at import Past, day_number, past_of
from headway.forecast.model import Model, TooFew, model_of
from headway.forecast.snapshots import WON, KnownAt
from headway.process.definition import Process
from headway.process.loader import load_process
from headway.reviews.left_out import LeftOut, steps_left_out

FIRST_WEEK = 26  # before it there is too little of a past to learn from
REVIEW_DAY = 2.15  # Wednesday, 09:30, as the firm's own reviews
NO_NEWS = (
    *(EventKind.REVIEW_HELD, EventKind.REVIEW_MISSED, EventKind.DEAL_INSPECTED, EventKind.ACTIVITY_DONE),
    *(EventKind.BUYER_ACTED, EventKind.AMOUNT_SET, EventKind.CLOSE_DATE_SET),
)
"""After which a deal stands where it stood: what reviews and sellers did, a reply, a price, a date."""
HORIZON_DAYS = 90
REFIT_WEEKS = 4  # the model that speaks in a week was fitted at most so many weeks before


@dataclass(frozen=True, slots=True)
class Seen:
    """One open deal as known at the end of the day before a review. `moved`: when it last came to stand elsewhere."""

    deal: int
    amount: float | None
    typical: float | None
    close_on: date | None
    standing: DealStanding
    attention: float
    chance: float | None
    left_out: tuple[LeftOut, ...]
    agreed_due_on: date | None
    moved: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """A review day, its moment in the firm's time, and the deals open then."""

    on: date
    moment: float
    deals: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Prevented:
    """A preventable loss. Moments: since when a step it lacked was due, the buyer's last sign, its end in the CRM."""

    amount: float
    phase: int
    start: float
    last_sign: float
    ends: float


@dataclass(frozen=True, slots=True)
class World:
    """A firm's weeks, and its preventable losses by the deal's number. `lost`: how many deals were lost in all."""

    weeks: tuple[Week, ...]
    losses: Mapping[int, Prevented]
    lost: int

    @property
    def open_deals(self) -> float:
        """On average."""
        return float(np.mean([len(week.deals) for week in self.weeks])) if self.weeks else 0.0


def world_of(company: Company) -> World:
    """The weeks from the 27th on in which a deal was open, and the truth about every loss."""
    with tempfile.TemporaryDirectory() as folder, EventLog(in_memory=True) as log:
        path = Path(folder) / "process.yaml"
        path.write_text(process_text(company.truth.process_file), encoding="utf-8")
        process = load_process(path)
        log.build(fill_log(company, log))
        pin_deals(log, [process])
        record_proof(log, [process])
        numbers = {deal.id[:SHORT_ID]: deal.number for deal in company.deals}
        places = {row["deal"]: numbers[row["id"]] for row in log.rows("SELECT deal, id FROM deal_ids")}
        past = past_of(log, [process])
        histories = _histories(log, numbers)
    weeks = tuple(week for week in _weeks(company, process, past, histories, places) if week.deals)
    losses = {deal.number: found for deal in company.deals if (found := preventable(company, deal))}
    lost = sum(deal.outcome is not None and deal.outcome is not Outcome.WON for deal in company.deals)
    return World(weeks, losses, lost)


def preventable(company: Company, deal: SimulatedDeal) -> Prevented | None:
    """The loss, where it would have been a win with the same luck; None for any other deal."""
    if deal.outcome is None or deal.outcome is Outcome.WON:
        return None
    truth, way, fatal = company.truth, deal.way, len(deal.way.ends) + 1
    helpful = frozenset(step.id for step in truth.steps if step.pull > 0)
    harmful = frozenset(step.id for step in truth.steps if step.pull < 0)
    done = (way.done | helpful) - harmful
    amount = deal.changes[0].amount  # the one it began with, by which the buyer went
    for phase in range(fatal, len(truth.phases) + 1):
        logit = pass_logit(truth, phase, deal.readiness, deal.owner.skill, amount, done)
        own = deal.own_way.pull if deal.own_way and phase == OWN_WAY_PHASE else 0.0
        if way.draws[phase - 1] >= logistic(logit + own):
            return None
    wrong = [s for s in truth.steps if s.pulls_at == fatal and s.pull and (s.id in helpful) != (s.id in way.done)]
    if not wrong:
        return None
    began = (deal.changes[0].moment, *way.ends)
    return Prevented(
        amount=deal.changes[-1].amount,
        phase=fatal,
        start=began[min(step.phase for step in wrong) - 1],
        last_sign=way.last_sign,
        ends=next(change.moment for change in deal.changes if change.stage in (CLOSED_LOST, CLOSED_WON)),
    )


def _weeks(
    company: Company, process: Process, past: Past, histories: Mapping[int, DealHistory], places: Mapping[int, int]
) -> Iterator[Week]:
    calendar = company.calendar
    model: Model | TooFew | None = None
    for week in range(FIRST_WEEK, calendar.days // 5):
        moment = week * 5 + REVIEW_DAY
        on = calendar.day(moment)
        eve = on - timedelta(days=1)
        known = past.at(day_number(eve))
        if (week - FIRST_WEEK) % REFIT_WEEKS == 0 or not isinstance(model, Model):
            model = model_of(known)
        chances = _chances(model, known)
        amounts = known.now.amount[np.isfinite(known.now.amount) & (known.now.amount > 0)]
        typical = float(np.median(amounts)) if amounts.size else None
        deals = [places[deal] for deal in known.now.deal.tolist()]
        seen = (
            _seen(deal, histories[deal].known(AsOf.end_of(eve)), process, AsOf.end_of(eve), typical, chance)
            for deal, chance in zip(deals, chances, strict=True)
        )
        yield Week(on, moment, tuple(seen))


def _chances(model: Model | TooFew, known: KnownAt) -> list[float | None]:
    """To be won within 90 days, of the deals open; None where there are too few decided ones to say."""
    if isinstance(model, TooFew) or not len(known.now):
        return [None] * len(known.now)
    found: list[float | None] = model.chances(known.now, (HORIZON_DAYS,), interval=False).value[:, 0, WON].tolist()
    return found


def _seen(
    deal: int, known: DealHistory, process: Process, as_of: AsOf, typical: float | None, chance: float | None
) -> Seen:
    limit = float(process.limits.silence_days)
    standing = deal_standing(known, process, as_of, silence_limit_days=limit)
    close, agreed = known.last(EventKind.CLOSE_DATE_SET), awaited_act(known, as_of.at)
    close_on = close.due_on if close else None
    due = agreed.due_on if agreed else None
    found = attention(
        standing, known.amount, stages=len(process.stages), typical_amount=typical, close_on=close_on, as_of=as_of,
        silence_limit_days=limit, agreed_due_on=due,
    )  # fmt: skip
    moved = max((e.known_at for e in known.events if e.kind not in NO_NEWS), default=as_of.at)
    left = steps_left_out(known, process, standing.proofs, as_of)
    return Seen(deal, known.amount, typical, close_on, standing, found.score, chance, left, due, moved)


def _histories(log: EventLog, numbers: Mapping[str, int]) -> dict[int, DealHistory]:
    """Every deal's history as the CRM tells it; what only an export says is left out."""
    found: dict[int, list[Event]] = {number: [] for number in numbers.values()}
    for row in log.rows("SELECT * FROM source_events WHERE deal IS NOT NULL AND recorded_how <> 'snapshot'"):
        recorded = row["recorded_at"]
        found[numbers[row["deal"]]].append(
            Event(
                EventKind(row["kind"]), row["happened_at"].replace(tzinfo=UTC), row["ordinal"], row["name"],
                recorded.replace(tzinfo=UTC) if recorded else None, RecordedHow(row["recorded_how"]), row["actor"],
                row["contact"], row["grade"], None if row["amount"] is None else float(row["amount"]), row["due_on"],
                row["ref"], row["note"],
            )
        )  # fmt: skip
    return {number: DealHistory(str(number), _ordered(events)) for number, events in found.items()}


def _ordered(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: (event.happened_at, event.ordinal)))
