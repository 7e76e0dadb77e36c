"""The quality standard of a promise: a named person at the buyer, an outcome that is either so or not, a date.

Whether the buyer's act can be seen, and is either done or not, is judged by the linter of processes. The few openings
below are what sellers write where nothing is promised; the linter, made for milestones, takes them for acts.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from headway.process.linter import lint_text
from headway.process.linter.parties import PARTIES, PRONOUNS
from headway.process.linter.report import Who

LONGEST = timedelta(days=366)
ENDLESS = re.compile(
    r"\b(follow(?:ing|s)?[ -]?ups?|touch(?:ing)? bases?|check(?:ing)?[ -]ins?|circl(?:e|ing) back|reach(?:ing)? out"
    r"|keep (?:in touch|an eye|on|at|pushing|trying|warm)|stay (?:close|on|in touch)|catch up|build (?:rapport|trust)"
    r"|as soon as possible|asap|at some point|if possible|do my best|try(?:ing)? to"
    r"|move (?:it|things|this|the deal) (?:along|forward|on))\b",
    re.IGNORECASE,
)
ENDLESS_FIRST = re.compile(
    r"^(?:i(?: will|'ll|’ll)? |we(?: will|'ll|’ll)? |to |please |let's |must )*"
    r"(push(?:ing)?|try(?:ing)?|chas(?:e|ing)|nudg(?:e|ing)|monitor(?:ing)?|watch(?:ing)?|improv(?:e|ing)"
    r"|work(?:ing)? (?:on|with)|explor(?:e|ing)|look(?:ing)? (?:at|into)|think(?:ing)? about|support(?:ing)?"
    r"|help(?:ing)?|encourag(?:e|ing)|pursu(?:e|ing)|handl(?:e|ing)|be (?:more|better)|focus(?:ing)? on)\b",
    re.IGNORECASE,
)
NOBODY = {
    "tbd",
    "tba",
    "n/a",
    "na",
    "none",
    "nobody",
    "unknown",
    "x",
    "-",
    "?",
    "all",
    "group",
    "management",
    "the board",
}


def field_faults(
    *, what: str, shows: str, contact: str, due_on: date | None, today: date, leader: bool
) -> dict[str, str]:
    """Field (what, shows, contact, due_on) -> one friendly sentence on what is still missing; empty: it is a promise.

    `leader`: a leader's promise, or one about no one deal: it needs nobody at the buyer.
    """
    faults = {
        "what": _what_fault(what),
        "shows": _shows_fault(shows, contact, needed=not leader),
        "contact": _contact_fault(contact, needed=not leader),
        "due_on": _day_fault(due_on, today),
    }
    return {field: fault for field, fault in faults.items() if fault}


def faults_of(what: str, shows: str, contact: str, due_on: date | None, today: date, leader: bool) -> tuple[str, ...]:
    """The sentences of `field_faults`, in the order of the fields; none: it is a promise."""
    found = field_faults(what=what, shows=shows, contact=contact, due_on=due_on, today=today, leader=leader)
    return tuple(found.values())


def _what_fault(what: str) -> str:
    said = " ".join(what.split())
    if len(said) < 3 or not any(letter.isalpha() for letter in said):
        return "Say in one sentence what will be done."
    return _endless(said, "write what is either done or not, as in “send Jana the risk sheet”")


def _endless(said: str, instead: str) -> str:
    found = ENDLESS.search(said) or ENDLESS_FIRST.search(said)
    return f"“{found.group(1)}” has no end: {instead}." if found else ""


def _shows_fault(shows: str, contact: str, *, needed: bool) -> str:
    said = " ".join(shows.split())
    if not said:
        return "Say what the buyer will do that shows it was kept, as in “signs the plan”." if needed else ""
    if not any(letter.isalpha() for letter in said):
        return "Say it in words, as in “signs the plan”."
    endless = _endless(_without_subject(said, contact), "write what they do that one can see, as in “signs the plan”")
    if endless:
        return endless
    return _unseen(_without_subject(said, contact))


def _unseen(act: str) -> str:
    """What the linter lacks in the act. Read also as an order (`sign the plan`, `reply`): the kinder reading counts."""
    judged = lint_text(f"The buyer {act}").lines
    if not judged or judged[0].who is not Who.BUYER or (judged[0].observable and judged[0].binary):
        return ""  # where the linter cannot tell there is no reason to hinder anybody
    first, _, rest = act.partition(" ")
    third = f"{first[:-1]}ies" if first.endswith("y") else f"{first}s"
    ordered = lint_text(f"The buyer {third} {rest}").lines
    if ordered and ordered[0].who is Who.BUYER and ordered[0].observable and ordered[0].binary:
        return ""
    if not judged[0].observable:
        return "Nobody could see that happen: write what they do, say or send, as in “signs the plan”."
    return "It has no moment at which it is done: write one act, as in “signs the plan”."


def _without_subject(said: str, contact: str) -> str:
    """Without who does it, which stands in its own field: `Jana signs the plan` is `signs the plan`."""
    first = contact.split()[0] if contact.split() else ""
    starts = [
        start for start in (contact.strip(), first, "the buyer", "buyer", "the customer", "she", "he", "they") if start
    ]
    for start in starts:
        if said.casefold().startswith(f"{start.casefold()} "):
            return said[len(start) + 1 :]
    return said


def _contact_fault(contact: str, *, needed: bool) -> str:
    said = " ".join(contact.casefold().removeprefix("the ").split())
    if not said:
        return "Name the person at the buyer whose act it is." if needed else ""
    words = tuple(said.split())
    if said in NOBODY or words in PARTIES or said in PRONOUNS or not any(letter.isalpha() for letter in said):
        return f"“{' '.join(contact.split())}” is nobody one can ask: give the name of a person there."
    return ""


def _day_fault(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "Give the day by which it is done."
    if due_on < today:
        return "That day is over: give one from today on."
    if due_on > today + LONGEST:
        return "That is more than a year away: promise the next thing instead."
    return ""
