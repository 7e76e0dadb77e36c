"""What the screen of a review says: the agenda, the deal that is talked about, its questions, calls and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from headway.basics.money import money_text
from headway.reviews.agenda_letter import last_act_words
from headway.reviews.decisions import CHANCES
from headway.reviews.kinds import ASKED, DECIDED, ON_DEALS, Question, What
from headway.reviews.minutes import minutes_words
from headway.store.queries.minutes import title_of
from headway.store.queries.review_room import Decided, ItemRow, Room, Said
from headway.web.requests import Inside
from headway.web.reviews.entering import pass_for
from headway.web.reviews.points import where_words

QUESTIONS = (Question.WHERE, Question.HOW, Question.NEXT, Question.STOP, Question.WHEN)
HINTS = {
    Question.WHERE: "In the buyer's own words",
    Question.HOW: "What they did, said or sent",
    Question.NEXT: "What the buyer has to do",
    Question.STOP: "Who or what over there",
    Question.WHEN: "A day",
}
KEYS = {
    What.KEEP: "y", What.FORWARD: "f", What.BACK: "b", What.DISQUALIFY: "q", What.CORRECT: "e", What.PLAN: "a",
    What.ALLOW: "x",
}  # fmt: skip
SHORT = {
    What.KEEP: "Keep", What.FORWARD: "Move forward", What.BACK: "Move back", What.DISQUALIFY: "Disqualify",
    What.CORRECT: "Correct the data", What.PLAN: "Change the plan", What.ALLOW: "Allow an exception",
}  # fmt: skip
STATES = {"waiting": "", "answered": "Settled before", "done": "Decided", "passed": "Passed over"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the agenda. `said`: what was decided, or why it needs nothing; `here`: everybody looks at it."""

    item: ItemRow
    number: int
    title: str
    minutes: str
    said: str
    here: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question with its newest answer."""

    name: str
    words: str
    hint: str
    key: str
    said: Said | None
    own: bool


@dataclass(frozen=True, slots=True)
class CallShown:
    """A call that is open: whose, and how many of a hundred. `model`: Headway's own."""

    by: str
    percent: int
    model: bool = False


@dataclass(frozen=True, slots=True)
class CallsShown:
    """`until`: the period's last day. `waits_for`: whose call is still missing. `mine`: whether one has made one."""

    opened: bool
    until: date | None
    mine: bool
    waits_for: tuple[str, ...]
    made: int
    shown: tuple[CallShown, ...]


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision as a sentence."""

    one: Decided
    words: str


def screen_of(request: Inside, room: Room) -> dict[str, Any]:
    """Context of `reviews/room.html`."""
    review, item, deal = room.review, room.item, room.deal
    row = item.deal if item else None
    opened, lines = review.opened_at or request.now, agenda_lines(room)
    left = round(review.minutes - (request.now - opened).total_seconds() / 60)
    return {
        "review": review,
        "room": room,
        "item": item,
        "deal": deal,
        "row": row,
        "money": money_text(float(row.amount), row.currency or None) if row and row.amount is not None else "",
        "elsewhere": item is not None and review.at_item_id is not None and item.pk != review.at_item_id,
        "lines": lines,
        "line": next((line for line in lines if line.shown), None),
        "before": _beside(room, -1),
        "after": _beside(room, 1),
        "where": where_words(deal) if deal else "",
        "last_act": _capital(last_act_words(deal)) if deal else "",
        "account": room.said.get(Question.ACCOUNT.value),
        "questions": questions_of(request, room),
        "calls": calls_of(request, room) if row is not None else None,
        "percents": [(round(100 * chance), str(round(10 * chance))) for chance in CHANCES],
        "decisions": [(what.value, SHORT[what], KEYS[what]) for what in ON_DEALS],
        "decided": [DecisionShown(one, decision_words(one)) for one in room.decided_on(item)] if item else [],
        "promises": [one for one in room.promises if item and one.item == item.pk],
        "all_decided": len(room.decided),
        "here": [one for one in room.people if one.here],
        "may": request.access.may("review"),
        "may_back": row is not None and not row.outcome,
        "me": request.access.person,
        "now_ms": ms(request.now),
        "opened_ms": ms(opened),
        "since_ms": ms(review.item_since) if review.item_since and item and item.pk == review.at_item_id else 0,
        "minutes_left": left,
        "minutes_over": -left,
        "pass": pass_for(request.access, review),
    }


def agenda_lines(room: Room) -> list[Line]:
    """The agenda, short."""
    return [
        Line(
            item=item, number=number, title=title_of(item), minutes=minutes_words(item.minutes),
            said=_state_words(room, item), here=item.pk == room.review.at_item_id,
            shown=room.item is not None and item.pk == room.item.pk,
        )
        for number, item in enumerate(room.items, 1)
    ]  # fmt: skip


def _state_words(room: Room, item: ItemRow) -> str:
    decided = room.decided_on(item)
    if decided:
        return DECIDED_SHORT.get(decided[-1].what, decided[-1].what.capitalize())
    return STATES.get(item.state, "")


DECIDED_SHORT = {
    What.KEEP.value: "Kept", What.FORWARD.value: "Moved forward", What.BACK.value: "Moved back",
    What.DISQUALIFY.value: "Disqualified", What.CORRECT.value: "Data corrected", What.PLAN.value: "Plan changed",
    What.ALLOW.value: "Exception allowed", What.CHANGE.value: "Process changed", What.TRIAL.value: "Trial begun",
    What.NOTHING.value: "Left as it is",
}  # fmt: skip


def questions_of(request: Inside, room: Room) -> list[QuestionShown]:
    """The five, in their order."""
    found = []
    for number, question in enumerate(QUESTIONS, 1):
        said = room.said.get(question.value)
        own = said is not None and said.person == request.access.person.pk
        found.append(QuestionShown(question.value, ASKED[question], HINTS[question], str(number), said, own))
    return found


def calls_of(request: Inside, room: Room) -> CallsShown:
    """Blind until they are open; only then the model's chance stands beside them."""
    item, me = room.item, request.access.person.pk
    opened = item is not None and item.calls_opened_at is not None
    called = {call.person for call in room.calls}
    shown: list[CallShown] = []
    if opened:
        shown = [CallShown(call.by, round(100 * call.chance)) for call in room.calls]
        if room.deal is not None and room.deal.chance is not None:
            shown.append(CallShown("Headway", round(100 * room.deal.chance), model=True))
    waits = []
    if room.review.leader_id not in called:
        waits.append(room.review.leader.name)
    owner = item.deal.owner.name if item and item.deal and item.deal.owner else ""
    if owner and room.sellers and not called & set(room.sellers) and room.review.leader_id not in room.sellers:
        waits.append(owner)
    return CallsShown(opened, room.call_until, me in called, tuple(waits), len(called), tuple(shown))


def decision_words(one: Decided) -> str:
    """`Move the claim back: from Proposal to Problem.`, with the note."""
    name = DECIDED.get(What(one.what), one.what) if one.what in tuple(What) else one.what
    before, after = str(one.about.get("from") or ""), str(one.about.get("to") or "")
    change = (f" from {before}" if before and after else "") + (f" to {after}" if after else "")
    return f"{name}{change}."


def _beside(room: Room, step: int) -> ItemRow | None:
    """The item before or after the one shown."""
    if room.item is None:
        return None
    at = next(place for place, item in enumerate(room.items) if item.pk == room.item.pk) + step
    return room.items[at] if 0 <= at < len(room.items) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def ms(moment: datetime) -> int:
    """For clocks that run in the page: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
