"""Decide on an item of a review: the real thing on the deal and what the minutes say of it, all or nothing.

`Decision.about`: {"from", "to"} of a stage; {"outcome"}; {"fields"} that were corrected; {"until", "agreed"} of what
the buyer is asked; {"rule", "until", "predicted"}; always {"events"}: ids of what it changed; {"promise"}: its key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.decisions import Promised, Terms, known_stages, need_whole, note_of
from headway.reviews.kinds import ON_DEALS, ON_PROCESS, What
from headway.store.actions.audit import append_entry
from headway.store.actions.commitments import make_commitment, take_back_commitment
from headway.store.actions.deals import claim_stage, decide_deal, set_amount, set_close_date, set_owner
from headway.store.actions.events import take_back
from headway.store.actions.evidence import agree_act
from headway.store.actions.exceptions import allow_exception
from headway.store.actions.passings import record_refusal
from headway.store.actions.reviews import CLOSED, DONE, OVER, WAITING, changed, hold, hold_running
from headway.store.actions.wordings import find_wording
from headway.store.gating import GateError
from headway.store.models import (
    AgendaItem,
    Commitment,
    Deal,
    Decision,
    DecisionVoiding,
    Event,
    Membership,
    Person,
    Review,
)
from headway.store.queries.versions import process_of

DECIDED_ALREADY = "This deal is decided and stands as it was that day: reopen it first."
NO_TERMS = Terms()
Done = tuple[list[Event], dict[str, Any]]


def decide(
    *,
    item: AgendaItem,
    what: What,
    by: Person,
    at: datetime,
    note: str = "",
    terms: Terms = NO_TERMS,
    promise: Promised | None = None,
) -> Decision:
    """What is decided on the item, done at once on its deal; with `promise`, somebody promises something with it.

    A deal may be decided on more than once. UserError where the review is not open, something is missing
    (`headway.reviews.decisions.missing_of`), or the promise is none; ChangedMeanwhileError as in `actions.deals`;
    GateError where a gate holds the claim back: the note is the reason that a gate asks for.
    """
    try:
        return _decide(item, What(what), by, at, note, terms, promise)
    except GateError as refused:
        assert item.deal is not None
        record_refusal(refused=refused, deal=item.deal, path="form", by=by, at=at)
        raise


@transaction.atomic
def _decide(
    item: AgendaItem, what: What, by: Person, at: datetime, note: str, terms: Terms, promise: Promised | None
) -> Decision:
    review = hold_running(item.review)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("deal__workspace").get(pk=item.pk)
    deal = item.deal
    if what not in (ON_PROCESS if deal is None else (*ON_DEALS, What.NOTHING)):
        raise UserError("That cannot be decided here: choose one of the decisions that are offered.")
    events: list[Event] = []
    about = dict(terms.about)
    if deal is not None and what in ACTS:
        if deal.outcome:
            raise UserError(DECIDED_ALREADY)
        stages, claimed = known_stages(process_of(deal.version) if deal.version else None, deal.claimed)
        need_whole(what, terms, note, stages, claimed)
        events, told = ACTS[what](Doing(deal, terms, note, by, at))
        about |= told
    if promise is not None:
        about["promise"] = _promise(review, item, promise, by, at).key
    said = note_of(what, terms, note, deal.currency if deal else "")
    made = Decision.objects.create(
        workspace=review.workspace, review=review, item=item, what=what.value, by=by, at=at,
        note_id=find_wording(review.workspace, said), event=events[0] if events else None,
        about=about | {"events": [event.pk for event in events]},
    )  # fmt: skip
    AgendaItem.objects.filter(pk=item.pk).update(state=DONE)
    _tell(made, by, at, "decide in review")
    return made


@transaction.atomic
def take_back_decision(*, decision: Decision, by: Person, at: datetime) -> None:
    """Undo, as long as the review is open: what it changed counts no more, and its promise is gone. Twice is once."""
    review = hold(decision.review)
    if DecisionVoiding.objects.filter(decision=decision).exists():
        return
    if review.state in OVER:
        raise UserError(CLOSED)
    DecisionVoiding.objects.create(workspace=review.workspace, decision=decision, at=at, by=by)
    events = Event.objects.filter(workspace=review.workspace)
    events = events.select_related("deal__workspace", "deal__version__process", "workspace")
    for event in events.filter(pk__in=decision.about.get("events", [])).order_by("-pk"):
        take_back(event=event, by=by, at=at)
    promise = Commitment.objects.filter(workspace=review.workspace, key=decision.about.get("promise", "")).first()
    if promise is not None:
        take_back_commitment(commitment=promise, by=by, at=at)
    if not Decision.objects.filter(item=decision.item_id, voiding=None).exists():
        AgendaItem.objects.filter(pk=decision.item_id, state=DONE).update(state=WAITING)
    _tell(decision, by, at, "take back decision")


@dataclass(frozen=True, slots=True)
class Doing:
    """A decision that is being taken on a deal."""

    deal: Deal
    terms: Terms
    note: str
    by: Person
    at: datetime

    @property
    def who(self) -> dict[str, Any]:
        """Arguments of every action on the deal."""
        return {"deal": self.deal, "by": self.by, "at": self.at}


def _claim(it: Doing) -> Done:
    before = it.deal.claimed
    event = claim_stage(**it.who, stage=it.terms.stage.strip(), was=it.terms.was.get("stage"), reason=it.note)
    return [event], {"from": before, "to": it.terms.stage.strip()}


def _end(it: Doing) -> Done:
    assert it.terms.outcome is not None
    event = decide_deal(**it.who, outcome=it.terms.outcome, reason=it.note, was=it.terms.was.get("outcome"))
    return [event], {"outcome": it.terms.outcome.value}


def _correct(it: Doing) -> Done:
    events, was = [], it.terms.was
    if "amount" in it.terms.corrected:
        events.append(set_amount(**it.who, amount=it.terms.amount, was=was.get("amount")))
    if "close date" in it.terms.corrected:
        events.append(set_close_date(**it.who, due_on=it.terms.close_on, was=was.get("close date")))
    if "owner" in it.terms.corrected:
        events.append(set_owner(**it.who, owner=it.terms.owner, was=was.get("owner")))
    return events, {"fields": list(it.terms.corrected)}


def _plan(it: Doing) -> Done:
    """Only what the buyer agreed to already is an agreed act; what they are still to be asked is none."""
    assert it.terms.due_on is not None
    about = {"until": it.terms.due_on.isoformat(), "agreed": it.terms.agreed}
    if not it.terms.agreed:
        return [], about
    event = agree_act(**it.who, what=it.terms.ask.strip(), due_on=it.terms.due_on, contact=it.terms.ask_to.strip())
    return [event], about


def _allow(it: Doing) -> Done:
    assert it.terms.due_on is not None
    assert it.terms.predicted is not None
    owner = it.terms.owner or (it.deal.owner.name if it.deal.owner else it.by.name)
    event = allow_exception(
        **it.who, rule=it.terms.rule, reason=it.note, owner=owner, expires_on=it.terms.due_on,
        predicted=it.terms.predicted,
    )  # fmt: skip
    told = {"rule": it.terms.rule, "until": it.terms.due_on.isoformat(), "predicted": it.terms.predicted.value}
    return [event], told


ACTS: dict[What, Callable[[Doing], Done]] = {
    What.FORWARD: _claim,
    What.BACK: _claim,
    What.DISQUALIFY: _end,
    What.CORRECT: _correct,
    What.PLAN: _plan,
    What.ALLOW: _allow,
}


def _promise(review: Review, item: AgendaItem, promise: Promised, by: Person, at: datetime) -> Commitment:
    if promise.due_on is None:
        raise UserError("Give the day by which it is done.")
    owner = " ".join(promise.owner.split())
    person = find_member(review, owner)
    return make_commitment(
        workspace=review.workspace, owner=owner, person=person, what=promise.what, shows=promise.shows,
        contact=promise.contact, milestone=promise.milestone, due_on=promise.due_on, by=by, at=at, deal=item.deal,
        review=review, item=item,
    )  # fmt: skip


def find_member(review: Review, name: str) -> Person | None:
    """Who here is called so, or owns deals under that name; None where nobody or more than one does."""
    members = Membership.objects.filter(workspace=review.workspace, ended_at=None).select_related("person", "owner")
    found = {
        member.person_id: member.person
        for member in members
        if name.casefold() in (member.person.name.casefold(), (member.owner.name if member.owner else "").casefold())
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _tell(decision: Decision, by: Person, at: datetime, verb: str) -> None:
    review = decision.review
    append_entry(
        workspace=review.workspace, by=by, at=at, verb=verb, target=f"review {review.key}",
        detail={"decision": decision.key, "what": decision.what},
    )  # fmt: skip
    changed(review)
