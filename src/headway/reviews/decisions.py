"""What each decision on a deal needs, and the sentence it leaves in the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from headway.basics.errors import UserError
from headway.basics.money import money_text
from headway.deals.event_log import folded
from headway.deals.events import Outcome
from headway.deals.predictions import Predicted
from headway.process.definition import Process
from headway.reviews.kinds import What

ENDINGS = (Outcome.WITHDRAWN, Outcome.NO_DECISION)  # how a deal is disqualified; lost is the buyer's to say
LOOKED_SECONDS = 15  # a deal that was before everybody for less was only paged past
CHANCES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of a blind call on a deal
CORRECTED = ("amount", "close date", "owner")
NAMES_NOTHING = "Say what is wrong: change the amount, the close date or the owner."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision says beside itself; of a kind that does not need a field it stays as it is.

    `stage`: claimed from now on. `outcome`: of `ENDINGS`. `corrected`: which of `CORRECTED` the deal gets anew, with
    `amount` (None: nobody knows it), `close_on` and `owner`. `ask`, `ask_to`, `due_on`: what the buyer is asked to do
    next, who there, until when; `agreed`: they said so already. `rule` (or a step's id), `owner`, `due_on`,
    `predicted`: of an exception. `was`: what the form was opened with, by field, so that two people who change the
    same one notice. `about`: of a decision on the process, as its minutes tell it.
    """

    stage: str = ""
    outcome: Outcome | None = None
    corrected: tuple[str, ...] = ()
    amount: Decimal | None = None
    close_on: date | None = None
    owner: str = ""
    ask: str = ""
    ask_to: str = ""
    due_on: date | None = None
    agreed: bool = False
    rule: str = ""
    predicted: Predicted | None = None
    was: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as it is made with a decision. `owner`: a name; `milestone`: whose proof shows it, empty for none."""

    owner: str
    what: str
    shows: str
    contact: str
    due_on: date | None
    milestone: str = ""


def known_stages(process: Process | None, claimed: str) -> tuple[tuple[str, ...], str]:
    """The stages of a process, and the claimed one by its name there, whatever label the CRM gives it."""
    stages = process.stages if process else ()
    named = next((stage.name for stage in stages if folded(claimed) in map(folded, stage.labels)), claimed)
    return tuple(stage.name for stage in stages), named


def stages_for(what: What, stages: Sequence[str], claimed: str) -> tuple[str, ...]:
    """Where the claim may move to: later stages forward, earlier ones back, nearest first; all where it is nowhere."""
    if claimed not in stages:
        return tuple(stages)
    at = list(stages).index(claimed)
    return tuple(stages[at + 1 :]) if what is What.FORWARD else tuple(reversed(stages[:at]))


def missing_of(what: What, terms: Terms, note: str, stages: Sequence[str], claimed: str) -> dict[str, str]:
    """Field of the form to the sentence that says what it still needs; empty where the decision can be taken.

    `stages`: of the deal's process in their order, none where it has no process.
    """
    missing: dict[str, str] = {}
    if what in (What.FORWARD, What.BACK):
        if not terms.stage.strip():
            missing["stage"] = "Choose the stage."
        elif stages and terms.stage not in stages_for(what, stages, claimed):
            missing["stage"] = f"“{terms.stage[:40]}” does not lie {_where(what)} “{claimed[:40]}”: choose another."
    elif what is What.DISQUALIFY:
        if terms.outcome not in ENDINGS:
            missing["outcome"] = "Choose how it ends."
        if not note.strip():
            missing["note"] = "Write why in a few words: the next deal like it will profit."
    elif what is What.CORRECT and not terms.corrected:
        missing["corrected"] = NAMES_NOTHING
    elif what is What.PLAN:
        missing |= _plan_missing(terms)
    elif what is What.ALLOW:
        missing |= _exception_missing(terms, note)
    return missing


def note_of(what: What, terms: Terms, note: str, currency: str = "") -> str:
    """What the minutes say beside the decision: its terms where nothing else tells them, then what was noted."""
    told = ""
    if what is What.PLAN and terms.due_on is not None:
        first = "agreed to" if terms.agreed else "is asked to"
        told = f"{terms.ask_to.strip()} {first}: {terms.ask.strip().rstrip('.')}, by {_day(terms.due_on)}."
    elif what is What.ALLOW and terms.due_on is not None:
        told = f"Until {_day(terms.due_on)}."
    elif what is What.DISQUALIFY and terms.outcome is not None:
        told = "No decision." if terms.outcome is Outcome.NO_DECISION else "We leave it."
    elif what is What.CORRECT:
        texts = {
            "amount": "unknown" if terms.amount is None else money_text(float(terms.amount), currency or None),
            "close date": _day(terms.close_on) if terms.close_on else "unknown",
            "owner": terms.owner,
        }
        told = ", ".join(f"{name} {texts[name]}" for name in CORRECTED if name in terms.corrected) + "."
        told = told[0].upper() + told[1:]
    return f"{told} {note.strip()}".strip()


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def need_whole(what: What, terms: Terms, note: str, stages: Sequence[str], claimed: str) -> None:
    """UserError with the first thing that is missing."""
    for sentence in missing_of(what, terms, note, stages, claimed).values():
        raise UserError(sentence)


def _plan_missing(terms: Terms) -> dict[str, str]:
    missing = {}
    if not terms.ask.strip():
        missing["ask"] = "Write what the buyer is asked to do, as in “send the signed order form”."
    if not terms.ask_to.strip():
        missing["ask_to"] = "Name who at the buyer is asked."
    if terms.due_on is None:
        missing["due_on"] = "Pick the day by which they do it."
    return missing


def _exception_missing(terms: Terms, note: str) -> dict[str, str]:
    missing = {}
    if not terms.rule:
        missing["rule"] = "Choose what is left out, so that it can be seen how deals do without it."
    if not note.strip():
        missing["note"] = "An exception needs a reason: write why the buyer goes another way."
    if terms.predicted is None:
        missing["predicted"] = "Choose what you expect to happen, so that it can be seen later whether you were right."
    if terms.due_on is None:
        missing["due_on"] = "An exception ends: pick the day."
    return missing


def _where(what: What) -> str:
    return "after" if what is What.FORWARD else "before"
