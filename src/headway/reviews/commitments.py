"""A promise: how it must be worded to be one, and how it ended, by evidence where possible (docs/methods/kept.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.evidence.proof import is_withdrawn
from headway.reviews.kinds import Promise
from headway.reviews.promise_wording import faults_of, field_faults

__all__ = [
    "SETTLING",
    "Ending",
    "Promised",
    "Word",
    "ending_of",
    "faults_of",
    "field_faults",
    "is_carried",
    "last_moment",
]

WITHDRAWING = (EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)
SETTLING = (EventKind.BUYER_ACTED, EventKind.ACT_AGREED, EventKind.EVIDENCE_RECORDED, *WITHDRAWING)
SAID = (Promise.KEPT, Promise.LATE, Promise.BROKEN, Promise.LET_GO)


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised. `made_at`: aware. `due_on`: a day in `zone`, kept until its end.

    `milestone`: whose proof shows it, empty where none; `grade`, `acts`: what that milestone needs and takes as proof.
    `shows`, `contact`: the buyer act that shows it, and whose act that is.
    """

    made_at: datetime
    due_on: date
    zone: str = "UTC"
    milestone: str = ""
    grade: int = 1
    acts: tuple[str, ...] = ()
    shows: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of a promise. `how` OPEN: they took back what was said before.

    `happened_at`: when it is said to have been so; `said_at`: when it was recorded. `event`: the ordinal of an event
    they point at as what shows it: that is evidence, as long as it stands.
    """

    how: Promise
    happened_at: datetime
    said_at: datetime
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a promise stands. `at`: when it came to stand so, None while open. `event`: ordinal of the evidence.

    `by_word`: it rests on what somebody said, not on evidence and not on the calendar.
    """

    state: Promise
    at: datetime | None = None
    event: int | None = None
    by_word: bool = False


def last_moment(due_on: date, zone: str) -> datetime:
    """The last microsecond of that day in the zone, in UTC. The last day there is has no end: it is taken in UTC."""
    if due_on >= date.max - timedelta(days=1):
        return datetime.combine(due_on, time.max, UTC)
    following = datetime.combine(due_on + timedelta(days=1), time(), ZoneInfo(zone))
    return following.astimezone(UTC) - timedelta(microseconds=1)


def ending_of(promised: Promised, words: Iterable[Word], events: Iterable[Event], as_of: AsOf) -> Ending:
    """How it stands as of a moment, whatever the order in which words and events were recorded.

    Let go stays let go. Else the earliest evidence since it was made decides, kept or late by when it happened, not by
    when it was recorded. Else what was said last. Else its day: open until that is over, broken after.
    """
    known = [e for e in events if e.happened_at <= as_of.at and e.known_at <= as_of.known_by]
    said = sorted((w for w in words if w.said_at <= as_of.known_by), key=lambda word: word.said_at)
    word = _standing_word(said)
    if word is not None and word.how is Promise.LET_GO:
        return Ending(Promise.LET_GO, word.said_at, by_word=True)
    due = last_moment(promised.due_on, promised.zone)
    shown = _first_showing(promised, known, _pointed_at(said))
    if shown is not None:
        return Ending(_in_time(shown.happened_at, due), shown.happened_at, shown.ordinal)
    if word is not None:
        how = word.how if word.how is Promise.BROKEN else _in_time(word.happened_at, due)
        return Ending(how, word.happened_at, by_word=True)
    return Ending(Promise.BROKEN, due) if as_of.at > due else Ending(Promise.OPEN)


def is_carried(state: Promise) -> bool:
    """Whether it comes onto the next agenda: until it is kept, or let go with a reason."""
    return state in (Promise.OPEN, Promise.BROKEN)


def _standing_word(said: list[Word]) -> Word | None:
    """The newest that counts by itself: taking back clears what stands before it; what points at an event is none."""
    standing = None
    for word in said:
        if word.how is Promise.OPEN:
            standing = None
        elif word.event is None:
            standing = word
    return standing


def _pointed_at(said: list[Word]) -> set[int]:
    pointed: set[int] = set()
    for word in said:
        if word.how is Promise.OPEN:
            pointed.clear()
        elif word.event is not None:
            pointed.add(word.event)
    return pointed


def _in_time(at: datetime, due: datetime) -> Promise:
    return Promise.KEPT if at <= due else Promise.LATE


def _first_showing(promised: Promised, known: list[Event], pointed_at: set[int]) -> Event | None:
    taken = tuple(event for event in known if event.kind in WITHDRAWING)
    agreed = _agreed_acts(promised, known)
    showing = [
        event
        for event in known
        if (_shows_milestone(event, promised) or _is_agreed_act(event, promised, agreed) or event.ordinal in pointed_at)
        and (_is_since(event, promised) or event.ordinal in pointed_at)
        and not _is_taken(event, promised, taken)
    ]
    return min(showing, key=lambda event: (event.happened_at, event.ordinal), default=None)


def _is_since(event: Event, promised: Promised) -> bool:
    """Since it was made; evidence whose day alone is known (it stands at noon) counts on the day the promise was made,
    where it was recorded afterwards."""
    if event.happened_at >= promised.made_at:
        return True
    zone = ZoneInfo(promised.zone)
    same_day = event.happened_at.astimezone(zone).date() == promised.made_at.astimezone(zone).date()
    return same_day and event.known_at >= promised.made_at


def _shows_milestone(event: Event, promised: Promised) -> bool:
    if not promised.milestone or (event.grade or 0) < promised.grade:
        return False
    if event.kind is EventKind.EVIDENCE_RECORDED:
        return event.name == promised.milestone
    return event.kind is EventKind.BUYER_ACTED and event.name in promised.acts


def _is_taken(event: Event, promised: Promised, taken: tuple[Event, ...]) -> bool:
    names = {event.name or "", promised.milestone} - {""}
    return any(is_withdrawn(event, name, taken, kind) for name in names for kind in WITHDRAWING)


def _agreed_acts(promised: Promised, known: list[Event]) -> list[tuple[str, datetime]]:
    """What this contact agreed to do, and when they did so."""
    contact = _plain(promised.contact)
    return [
        (_plain(event.name), event.happened_at)
        for event in known
        if event.kind is EventKind.ACT_AGREED and contact and _plain(event.contact) == contact
    ]


def _is_agreed_act(event: Event, promised: Promised, agreed: list[tuple[str, datetime]]) -> bool:
    """The contact did what was agreed with them: the act that the promise names, or one agreed since it was made.

    Only under the same words: that somebody replied does not show that they signed.
    """
    if (
        promised.milestone
        or event.kind is not EventKind.BUYER_ACTED
        or _plain(event.contact) != _plain(promised.contact)
    ):
        return False
    name, wanted = _plain(event.name), _plain(promised.shows)
    return bool(wanted) and name == wanted and any(act == wanted and at <= event.happened_at for act, at in agreed)


def _plain(text: str | None) -> str:
    """Words alone, so that `Signed_the_plan.` is `signed the plan`."""
    return " ".join((text or "").replace("_", " ").replace("-", " ").strip(" .!").casefold().split())
