"""What gets written down about one deal: what the buyer did, what the seller did, and the evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from headway.deals.events import EventKind
from headway.demo.buyer import BuyerWay, Reached
from headway.demo.names import ROLES
from headway.demo.quotes import QUOTES
from headway.demo.reviews import Rhythm
from headway.demo.seller import STAGES, Change, Circumstances
from headway.demo.truth import StepTruth
from headway.demo.workdays import working

SMALL_ACTS = ("replied", "replied", "replied", "attended a meeting", "attended a meeting", "opened the shared plan")
AGREED_ACTS = (
    "send the current figures",
    "speak with finance",
    "invite the plant manager",
    "read the proposal",
    "send the security questionnaire",
    "name a date for the session",
    "ask legal",
    "try the test system",
)
ACTIVITIES = ("call", "call", "mail", "mail", "mail", "meeting", "demo")
OPENING_DAYS = 10.0  # working days in which a buyer's first replies come
AT_BUYERS_REQUEST = {3: "business case sent", 6: "contract sent"}  # by rank of the stage that asks for it


@dataclass(frozen=True, slots=True)
class Act:
    """One row beside the CRM's own: kind as in the event log, moments in working days."""

    kind: EventKind
    name: str
    happened: float
    recorded: float
    actor: str = ""
    contact: str = ""
    grade: int | None = None
    due_on: date | None = None
    ref: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything needed to write down one deal."""

    deal: Circumstances
    way: BuyerWay
    changes: tuple[Change, ...]
    contacts: dict[str, str]
    rhythm: Rhythm
    ref: str
    ends: float  # the decision, or the end of the story


def records(book: Book, rng: np.random.Generator) -> list[Act]:
    """All rows of a deal that is written about; only steps and activities where its buyer is unseen."""
    acts = [*_activities(book, rng), *_step_activities(book, rng)]
    if rng.random() >= book.deal.truth.unseen:
        acts += _milestones(book, rng)
        acts += _small_acts(book, rng)
        acts += _bare_claims(book, rng)
        acts += _opening_replies(book, rng)
        acts += _ticked_by_order(book)
    limit = book.deal.calendar.days
    return [act for act in acts if act.happened < limit and act.recorded < limit]


def _milestones(book: Book, rng: np.random.Generator) -> list[Act]:
    acts: list[Act] = []
    for number, reached in enumerate(book.way.reached, 1):
        if reached.moment >= book.ends:
            continue
        contact = book.contacts[reached.contact]
        seen = bool(rng.random() < 0.35)  # a connector saw it: mail, shared plan, signature
        entered = bool(rng.random() < book.deal.truth.entered)
        recorded = reached.moment + 0.002 if seen else _recorded(book, reached.moment, rng)
        if not seen and not entered:
            if book.way.fate != "won" or book.ends >= book.deal.calendar.days or rng.random() < 0.4:
                continue
            recorded = book.ends + 0.01 * number  # filled in when the deal was closed
        grade = _grade(seen, book.deal.calendar.pressed(recorded), rng)
        note = QUOTES[reached.milestone][int(rng.integers(len(QUOTES[reached.milestone])))]
        ref = f"{book.ref}-{number}"
        by = "" if seen else book.deal.owner.name
        acts.append(
            Act(EventKind.BUYER_ACTED, reached.act, reached.moment, recorded, by, contact, max(grade, 1), None, "", "")
        )
        acts.append(
            Act(EventKind.EVIDENCE_RECORDED, reached.milestone, reached.moment, recorded, by, contact, grade, None, ref,
                note if grade else "")
        )  # fmt: skip
        acts += _withdrawn(book, reached, recorded, ref, rng)
    return acts


def _withdrawn(book: Book, reached: Reached, recorded: float, ref: str, rng: np.random.Generator) -> list[Act]:
    """Now and then evidence is taken back by who recorded it, or disputed in a review."""
    draw = float(rng.random())
    if draw > 0.03:
        return []
    kind = EventKind.EVIDENCE_RETRACTED if draw < 0.015 else EventKind.EVIDENCE_DISPUTED
    moment = recorded + 1 + float(rng.exponential(5))
    if moment >= book.ends:
        return []
    note = "Said by someone else, about another project" if draw < 0.015 else "The contact does not remember it so"
    return [Act(kind, reached.milestone, moment, moment, book.deal.owner.name, "", None, None, ref, note)]


def _recorded(book: Book, moment: float, rng: np.random.Generator) -> float:
    """When the seller wrote it down: soon, or late, and then often the evening before a review."""
    deal = book.deal
    stopped = moment >= deal.calendar.moment(deal.truth.reviews_stopped_on)
    if rng.random() >= deal.truth.late[int(stopped)]:
        return moment + float(rng.exponential(0.8))
    eve = book.rhythm.eve_of_next(deal.owner.team, moment + 5)
    late = moment + 6 + float(rng.exponential(9))
    return min(max(eve + 0.08 * float(rng.random()), moment + 0.01) if eve else late, max(book.ends, moment + 0.01))


def _grade(seen: bool, pressed: bool, rng: np.random.Generator) -> int:
    draw = float(rng.random())
    if seen:
        return 4 if draw < 0.08 else 3 if draw < 0.4 else 2
    return 0 if draw < (0.12 if pressed else 0.04) else 2 if draw > 0.85 else 1


def _bare_claims(book: Book, rng: np.random.Generator) -> list[Act]:
    """Where a stage was claimed before the buyer was there, some sellers tick its milestone on their own word."""
    acts: list[Act] = []
    reached = {r.milestone: r.moment for r in book.way.reached}
    ticked = ("", "problem_stated", "budget_confirmed", "group_met", "risk_review_done", "path_agreed")
    for before, change in zip(book.changes, book.changes[1:], strict=False):
        if not {change.stage, before.stage} <= set(STAGES) or STAGES.index(change.stage) <= STAGES.index(before.stage):
            continue
        milestone = ticked[STAGES.index(change.stage)]
        if reached.get(milestone, 1e9) <= change.moment or rng.random() > 0.3:
            continue
        acts.append(
            Act(EventKind.EVIDENCE_RECORDED, milestone, change.moment, change.moment + 0.001, book.deal.owner.name, "",
                0, None, f"{book.ref}-w{len(acts) + 1}", "")
        )  # fmt: skip
    return acts


def _small_acts(book: Book, rng: np.random.Generator) -> list[Act]:
    acts: list[Act] = []
    start, until = book.deal.created, min(book.way.last_sign, book.ends)
    eager = math.exp(book.deal.truth.reply_pull * book.deal.readiness)
    count = int(rng.poisson(book.deal.truth.replies * eager * max(0.0, until - start)))
    for moment in np.sort(rng.uniform(start, until, count)):
        happened = float(moment)
        name = SMALL_ACTS[int(rng.integers(len(SMALL_ACTS)))]
        seen = name != "attended a meeting"
        grade = 3 if name == "opened the shared plan" else 2 if seen else 1
        contact = book.contacts[ROLES[int(rng.integers(3))]]
        recorded = happened + (0.001 if seen else float(rng.exponential(0.5)))
        by = "" if seen else book.deal.owner.name
        acts.append(Act(EventKind.BUYER_ACTED, name, happened, recorded, by, contact, grade))
        if not seen and rng.random() < 0.7:
            agreed = AGREED_ACTS[int(rng.integers(len(AGREED_ACTS)))]
            due_on = book.deal.calendar.day(happened) + timedelta(days=int(rng.integers(3, 18)))
            acts.append(
                Act(EventKind.ACT_AGREED, agreed, happened, recorded, book.deal.owner.name, contact, None, due_on)
            )
    return acts


def _opening_replies(book: Book, rng: np.random.Generator) -> list[Act]:
    """What the buyer writes in the first days: more of it, the readier the buyer is. No draw where there is none."""
    truth, start = book.deal.truth, book.deal.created
    until = min(start + OPENING_DAYS, book.way.last_sign, book.ends)
    if not truth.opening_replies or until <= start:
        return []
    rate = truth.opening_replies * math.exp(truth.reply_pull * book.deal.readiness) / OPENING_DAYS
    moments = np.sort(rng.uniform(start, until, int(rng.poisson(rate * (until - start)))))
    contact = book.contacts["champion"]
    return [Act(EventKind.BUYER_ACTED, "replied", float(m), float(m) + 0.001, "", contact, 2) for m in moments]


def _ticked_by_order(book: Book) -> list[Act]:
    """The criterion that the CRM has asked for since some day: whoever claims the third stage ticks it, true or not."""
    truth, owner = book.deal.truth, book.deal.owner.name
    if truth.mandatory_from is None:
        return []
    since = book.deal.calendar.moment(truth.mandatory_from)
    claim = next((c.moment for c in book.changes if c.stage in STAGES[2:]), None)
    if claim is None or claim < since:
        return []
    ref = f"{book.ref}-m"
    return [Act(EventKind.EVIDENCE_RECORDED, truth.mandatory, claim, claim + 0.001, owner, "", 1, None, ref, "Yes")]


def _activities(book: Book, rng: np.random.Generator) -> list[Act]:
    """Calls, mails, meetings: steady while the buyer answers, thinning out once nobody does."""
    start, silent, end = book.deal.created, min(book.way.last_sign, book.ends), book.ends
    persistence = float(rng.lognormal(2.9, 0.9))  # working days of going on after the last sign
    alive = rng.uniform(start, silent, int(rng.poisson(0.22 * max(0.0, silent - start))))
    after = silent + rng.exponential(persistence, int(rng.poisson(0.2 * persistence)))
    moments = np.sort(np.concatenate([alive, after[after < end]]))
    kinds = rng.integers(len(ACTIVITIES), size=len(moments))
    owner = book.deal.owner.name
    return [
        Act(EventKind.ACTIVITY_DONE, ACTIVITIES[int(kind)], float(moment), float(moment), owner)
        for moment, kind in zip(moments, kinds, strict=True)
    ]


def _step_activities(book: Book, rng: np.random.Generator) -> list[Act]:
    """Each step that was done, within its time from the claim of its stage; some of the others come late."""
    entered: dict[str, float] = {}
    for change in book.changes:
        entered.setdefault(change.stage, change.moment)
    acts = []
    for step in book.deal.truth.steps:
        moment = _step_moment(book, step, entered, rng)
        if moment is not None and moment < book.ends:
            acts.append(Act(EventKind.ACTIVITY_DONE, step.activity, moment, moment, book.deal.owner.name))
    for rank, name in AT_BUYERS_REQUEST.items():
        asked_at = entered.get(STAGES[rank - 1])
        if asked_at is not None and rng.random() < 0.6 and (sent := asked_at + float(rng.exponential(3))) < book.ends:
            acts.append(Act(EventKind.ACTIVITY_DONE, name, sent, sent, book.deal.owner.name))
    return acts


def _step_moment(book: Book, step: StepTruth, entered: dict[str, float], rng: np.random.Generator) -> float | None:
    due = working(step.due_days)
    draw, place = float(rng.random()), float(rng.random())
    claimed = entered.get(STAGES[step.phase - 2])
    if step.id not in book.way.fell_due:
        # The stage was claimed while the buyer was not there; now and then the step is done all the same.
        return None if claimed is None or draw > 0.4 else claimed + due * place
    if claimed is None:
        began = book.way.ends[step.phase - 2] if step.phase > 1 else book.deal.created
        return began + due * place if step.id in book.way.done else None
    if step.id in book.way.done:
        return claimed + due * (0.05 + 0.8 * place)
    return claimed + due * (1.5 + 2 * place) if draw < 0.2 else None
