"""Decide on the deal that is talked about: one form for each decision, each with a promise where one is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.deals.predictions import Predicted
from headway.reviews.decisions import CORRECTED, ENDINGS, Promised, Terms, known_stages, missing_of, stages_for
from headway.reviews.kinds import DECIDED, ON_DEALS, What
from headway.reviews.promise_wording import field_faults
from headway.store.actions.commitments import needs_no_buyer
from headway.store.actions.deals import ChangedMeanwhileError, field_text
from headway.store.actions.decisions import decide, find_member, take_back_decision
from headway.store.gating import GateAsksError, GateError
from headway.store.queries.access import NotFoundError, get_item
from headway.store.queries.deal_page import DealRow
from headway.store.queries.review_room import DecidingFacts, ItemRow, deciding_facts, get_decision
from headway.web.exception_words import KEPT_TO, PREDICTIONS, steps_of
from headway.web.requests import Inside, inside
from headway.web.reviews.answering import acted, to_room
from headway.web.typed import amount_of, day_of
from headway.web.undo import done, way_back

LONGEST = 2_000
USUAL_DAYS = 30
OUTCOMES = {
    Outcome.NO_DECISION.value: ("No decision", "They went quiet, or stay as they are"),
    Outcome.WITHDRAWN.value: ("Withdrawn", "We leave"),
}
SAID = {
    What.KEEP: "Kept as it is.",
    What.FORWARD: "Claim moved forward to {stage}.",
    What.BACK: "Claim moved back to {stage}.",
    What.DISQUALIFY: "Disqualified. The time goes to the next.",
    What.CORRECT: "Data corrected.",
    What.PLAN: "Plan changed.",
    What.ALLOW: "Exception allowed. You will see whether it came true.",
}
LEADS = {
    What.KEEP: "Nothing changes. Say why, if it helps whoever reads the minutes.",
    What.FORWARD: "The evidenced stage stays what the buyer has shown.",
    What.BACK: "Moving back is information. It counts against nobody.",
    What.DISQUALIFY: "“No” is a decision too. The deal stands as it is from now on.",
    What.CORRECT: "Change what is wrong; leave the rest.",
    What.PLAN: "What the buyer does next, who there, by when.",
    What.ALLOW: "Left out on this deal, until a day, and scored later.",
}
TERMS = ("stage", "outcome", "amount", "close_on", "owner", "ask", "ask_to", "due_on", "agreed", "rule", "predicted")
PROMISE = ("p_owner", "p_what", "p_contact", "p_shows", "p_milestone", "p_due_on")
FIELDS = {"amount": "amount", "close_on": "close date", "owner": "owner"}


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it, by field."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def read_day(self, name: str) -> date | None:
        """A day; a problem where it is none."""
        try:
            return day_of(self.typed[name])
        except UserError as error:
            self.problems[name] = str(error)
            return None


@inside("review")
def decision(request: Inside, key: str, item: str, what: str) -> HttpResponse:
    """GET: the form. POST: decide; 422 with everything typed where something is missing."""
    row, chosen = get_item(request.access, key, item), _what(what)
    deal = row.deal
    if deal is None:
        raise NotFoundError(item)
    deal.workspace = request.access.workspace
    facts = deciding_facts(row)
    if request.method != "POST":
        return _show(request, row, chosen, facts, Form(_fresh(request, deal, chosen)))
    form = Form({name: request.POST.get(name, "")[:LONGEST] for name in ("note", *TERMS, *PROMISE, *_was_names())})
    terms, promise = _terms(form, chosen), _promise(request, form, row, facts)
    note = form.typed["note"]
    stages, claimed = known_stages(facts.process, deal.claimed)
    missing = missing_of(chosen, terms, note, stages, claimed)
    if terms.rule and terms.rule not in {*KEPT_TO, *dict(facts.findings), *dict(steps_of(facts.process, deal.claimed))}:
        missing["rule"] = "Choose one of what is offered."
    form.problems |= {_field_of(name): text for name, text in missing.items() if _field_of(name) not in form.problems}
    if not form.problems:
        try:
            made = decide(
                item=row, what=chosen, note=note, terms=terms, promise=promise, by=request.access.person, at=request.now
            )
        except ChangedMeanwhileError as error:
            form.problems["was"] = f"Somebody else just changed the {error.field} to “{error.now}”. Look again."
            deal.refresh_from_db()
            form.typed |= _was_of(deal)
        except GateError as error:
            form.problems["note" if isinstance(error, GateAsksError) else "stage"] = str(error)
        except UserError as error:
            form.problems["whole"] = str(error)
        else:
            said = SAID[chosen].format(stage=terms.stage)
            done(request, said, way="decision", about={"review": key, "decision": made.key})
            return acted(request, row)
    return _show(request, row, chosen, facts, form, status=422)


@inside("review")
def take_back(request: Inside, key: str, item: str) -> HttpResponse:
    """POST decision: it counts no more, nor does what it changed."""
    row = get_item(request.access, key, item)
    if request.method != "POST":
        return to_room(request, row)
    made = get_decision(request.access, key, request.POST.get("decision", ""))
    take_back_decision(decision=made, by=request.access.person, at=request.now)
    done(request, "Taken back.")
    return acted(request, row)


@way_back("decision")
def _decision_back(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("review")
    made = get_decision(request.access, about["review"], about["decision"])
    take_back_decision(decision=made, by=request.access.person, at=request.now)
    return "Undone."


def _what(text: str) -> What:
    if text not in [what.value for what in ON_DEALS]:
        raise NotFoundError(text)
    return What(text)


def _terms(form: Form, what: What) -> Terms:
    """From what was typed; what cannot be read is a problem of its field."""
    typed = form.typed
    amount = close_on = None
    corrected: tuple[str, ...] = ()
    if what is What.CORRECT:
        corrected = tuple(FIELDS[name] for name in FIELDS if typed[name].strip() != typed[f"was_{name}"].strip())
        try:
            amount = amount_of(typed["amount"])
        except UserError as error:
            form.problems["amount"] = str(error)
        close_on = form.read_day("close_on")
        assert set(corrected) <= set(CORRECTED)
    outcome = Outcome(typed["outcome"]) if typed["outcome"] in [one.value for one in ENDINGS] else None
    return Terms(
        stage=typed["stage"].strip(), outcome=outcome, corrected=corrected, amount=amount, close_on=close_on,
        owner=" ".join(typed["owner"].split())[:200], ask=typed["ask"][:300], ask_to=" ".join(typed["ask_to"].split()),
        due_on=form.read_day("due_on") if what in (What.PLAN, What.ALLOW) else None, agreed=typed["agreed"] == "yes",
        rule=typed["rule"], predicted=Predicted(typed["predicted"]) if typed["predicted"] in PREDICTIONS else None,
        was={FIELDS.get(name, name): typed[f"was_{name}"] for name in ("stage", "outcome", *FIELDS)},
    )  # fmt: skip


def _promise(request: Inside, form: Form, item: ItemRow, facts: DecidingFacts) -> Promised | None:
    """None where nothing but what stood there already was typed."""
    typed = form.typed
    if not any(typed[name].strip() for name in ("p_what", "p_contact", "p_shows", "p_milestone")):
        return None
    due_on = form.read_day("p_due_on")
    milestones = dict(facts.open)
    milestone = typed["p_milestone"] if typed["p_milestone"] in milestones else ""
    shows = typed["p_shows"].strip() or milestones.get(milestone, "")
    owner = " ".join(typed["p_owner"].split())
    faults = field_faults(
        what=typed["p_what"], shows=shows, contact=typed["p_contact"], due_on=due_on, today=_today(request),
        leader=needs_no_buyer(request.access.workspace, find_member(item.review, owner), item.deal),
    )  # fmt: skip
    form.problems |= {f"p_{name}": text for name, text in faults.items() if f"p_{name}" not in form.problems}
    if not owner:
        form.problems["p_owner"] = "A promise is somebody's: say whose."
    return Promised(owner, typed["p_what"], shows, typed["p_contact"], due_on, milestone)


def _show(
    request: Inside, row: ItemRow, what: What, facts: DecidingFacts, form: Form, *, status: int = 200
) -> HttpResponse:
    deal = row.deal
    assert deal is not None
    stages, claimed = known_stages(facts.process, deal.claimed)
    context = {
        "review": row.review, "item": row, "row": deal, "what": what.value, "title": DECIDED[what], "lead": LEADS[what],
        "was": {name: form.typed[name] for name in _was_names()}, "t": form.typed, "problems": form.problems,
        "moves": what not in (What.FORWARD, What.BACK) or not stages or stages_for(what, stages, claimed),
        "facts": facts, "today": _today(request).isoformat(), "free": not stages, "outcomes": OUTCOMES,
        "stages": stages_for(what, stages, claimed), "predictions": PREDICTIONS, "findings": facts.findings,
        "steps": steps_of(facts.process, deal.claimed) if what is What.ALLOW else (),
        "rules": KEPT_TO,
        "frame": "reviews/bare.html" if request.htmx else "base.html", "h": "h2" if request.htmx else "h1",
        "promised": any(form.typed.get(name, "").strip() for name in PROMISE[1:5]),
    }  # fmt: skip
    return render(request, "reviews/room_decide.html", context, status=status)


def _fresh(request: Inside, deal: DealRow, what: What) -> dict[str, str]:
    """What a form begins with."""
    today = _today(request)
    empty = dict.fromkeys(("note", *TERMS, *PROMISE), "")
    filled = empty | _was_of(deal) | {
        "amount": field_text(deal, "amount"), "close_on": field_text(deal, "close date"),
        "owner": field_text(deal, "owner"), "p_owner": deal.owner.name if deal.owner else request.access.person.name,
        "p_due_on": (today + timedelta(days=7)).isoformat(),
    }  # fmt: skip
    if what is What.ALLOW:
        filled["due_on"] = (today + timedelta(days=USUAL_DAYS)).isoformat()
    elif what is What.PLAN:
        filled |= {"ask": "", "ask_to": deal.question_to, "due_on": (today + timedelta(days=7)).isoformat()}
    return filled


def _was_of(deal: DealRow) -> dict[str, str]:
    """What the deal holds, so that two people who change the same thing notice."""
    names = {"stage": "stage", "outcome": "outcome", **FIELDS}
    return {f"was_{name}": field_text(deal, text) for name, text in names.items()}


def _was_names() -> tuple[str, ...]:
    return tuple(f"was_{name}" for name in ("stage", "outcome", *FIELDS))


def _field_of(name: str) -> str:
    return {"corrected": "whole"}.get(name, name)


def _today(request: Inside) -> date:
    return request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()
