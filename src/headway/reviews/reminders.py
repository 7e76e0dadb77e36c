"""What somebody is reminded of, and when that stops: done anywhere, told twice, snoozed, or not needed.

After the second time a thing is the agenda's: the next review asks about it, and no digest does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_TOLD = 2
SNOOZE_DAYS = 7


class Kind(StrEnum):
    """What a reminder may be about, in the order in which a digest tells it."""

    PROMISE = "commitment"  # one's own, due or overdue
    AGENDA = "review"  # items of the next agenda that wait for one's account
    COACHED = "coached"  # what somebody put down as agreed about a deal of theirs
    LOOK = "look"  # the day to look again came: whether the next deals changed
    GATE = "gate"  # one that stepped down by itself
    SILENCE = "silence"  # a buyer who fell silent
    SELF_REVIEW = "self_review"  # five minutes with oneself, on Fridays


class Reply(StrEnum):
    """What can be answered to a reminder from the message itself."""

    SNOOZE = "snooze"
    ENOUGH = "enough"  # not needed


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to tell. `about`: its mark, as in "commitment KEY"; of one silence, so that a new one counts anew.

    `title`: what it is; `detail`: why now; `address`: where it is done. `reply`: what signs a `Reply` to it, if any.
    """

    kind: Kind
    about: str
    title: str
    detail: str
    address: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """How often somebody was told, and what they answered."""

    times: int = 0
    last_on: date | None = None
    snoozed_until: date | None = None
    not_needed: bool = False


def is_left(told: Told | None, on: date) -> bool:
    """Whether a digest of this day may tell it once more."""
    if told is None:
        return True
    if told.not_needed or told.times >= MOST_TOLD or told.last_on == on:
        return False
    return told.snoozed_until is None or told.snoozed_until <= on


def is_for_the_agenda(told: Told) -> bool:
    """Whether it was told as often as it may be, and nobody said that it is not needed."""
    return told.times >= MOST_TOLD and not told.not_needed


def left_to_tell(matters: Iterable[Matter], told: Mapping[str, Told], on: date, most_silent: int = 3) -> list[Matter]:
    """What a digest of this day tells, by kind; of silent buyers the first few."""
    left = [matter for matter in matters if is_left(told.get(matter.about), on)]
    silent = [matter for matter in left if matter.kind is Kind.SILENCE][:most_silent]
    kept = [matter for matter in left if matter.kind is not Kind.SILENCE] + silent
    order = list(Kind)
    return sorted(kept, key=lambda matter: order.index(matter.kind))


def snoozed_until(on: date) -> date:
    """The day from which it may be told again."""
    return on + timedelta(days=SNOOZE_DAYS)
