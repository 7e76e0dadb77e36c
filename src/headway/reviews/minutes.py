"""The minutes of a review as one value, and as a message: who was there, what was decided, answered and promised.

Everything in it was recorded while the review was prepared and held; nothing is written for the minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from headway.reviews.kinds import ASKED, DECIDED, Held, Promise, Question, What
from headway.reviews.paper import Line, Paper, Part, one_line

DISPUTE = "dispute"  # an answer to no question: what the agenda says of a deal is not so
DISPUTED = "Not so"
PROMISED = {
    Promise.KEPT: "kept",
    Promise.LATE: "kept late",
    Promise.BROKEN: "broken",
    Promise.LET_GO: "let go",
}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer; `question`: of `Question`, or `DISPUTE`."""

    question: str
    text: str
    by: str

    @property
    def label(self) -> str:
        """What was asked, without its question mark."""
        if self.question == DISPUTE:
            return DISPUTED
        known = self.question in tuple(Question)
        return ASKED[Question(self.question)].rstrip("?") if known else self.question


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision. `change`: `from Proposal to Discovery`. `undone_at`: when it was taken back, by `undone_by`.

    `later`: made or taken back after the review was closed, so that nobody was told by mail.
    """

    what: str
    change: str
    note: str
    by: str
    at: datetime
    undone_by: str = ""
    undone_at: datetime | None = None
    later: bool = False

    @property
    def words(self) -> str:
        """What was decided, what it changed, and why."""
        name = DECIDED[What(self.what)] if self.what in tuple(What) else self.what.replace("_", " ").capitalize()
        about = f" {self.change}" if self.change else ""
        return f"{name}{about}." + (f" {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise. `shows`: the buyer act that will show it was kept, `contact`: whose. `state`: of `Promise`."""

    owner: str
    what: str
    due_on: date
    shows: str = ""
    contact: str = ""
    state: str = Promise.OPEN

    @property
    def words(self) -> str:
        """Who, what, by when, and what will show it."""
        shown = ": ".join(part for part in (self.contact, self.shows) if part)
        sentence = f"{self.owner}: {self.what}, by {day_words(self.due_on)}"
        return sentence + (f". Shown by {shown}" if shown else "") + (f" ({self.ended})" if self.ended else "")

    @property
    def ended(self) -> str:
        """How it ended, in a word; empty while it is open."""
        return PROMISED.get(Promise(self.state), "") if self.state in tuple(Promise) else ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the agenda. `minutes`: planned; `seconds`: talked about. `settled`: before the meeting."""

    title: str
    owner: str
    minutes: float
    seconds: int = 0
    talked: bool = False
    settled: bool = False
    said: tuple[Said, ...] = ()
    decided: tuple[Decided, ...] = ()
    promised: tuple[Promised, ...] = ()

    @property
    def planned(self) -> str:
        """How long it was to be talked about."""
        return minutes_words(self.minutes)

    @property
    def beside(self) -> str:
        """Whose it is, and how long it took, or that it needed no time."""
        beside = [self.owner] if self.owner else []
        if self.settled:
            beside.append("settled before the meeting")
        elif self.seconds:
            beside.append(f"{max(1, round(self.seconds / 60))} of {self.planned}")
        return " · ".join(beside)

    @property
    def touched(self) -> bool:
        """Whether the review dealt with it: talked about, settled before, or decided and promised all the same."""
        return bool(self.talked or self.settled or self.decided or self.promised)


@dataclass(frozen=True, slots=True)
class Minutes:
    """`present`, `missing`: names; `missing` are those of the rhythm who were not seen. `promised`: of no one point.

    `reason`: why it was skipped.
    """

    name: str
    workspace: str
    state: str
    leader: str
    due_at: datetime
    minutes: int
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    promised: tuple[Promised, ...] = ()

    @property
    def talked(self) -> tuple[Point, ...]:
        """What the review dealt with."""
        return tuple(point for point in self.points if point.touched)

    @property
    def skipped(self) -> tuple[Point, ...]:
        """What it left."""
        return tuple(point for point in self.points if not point.touched)

    @property
    def corrections(self) -> tuple[tuple[Point, Decided], ...]:
        """What changed after the review was closed: newest last."""
        later = [(point, one) for point in self.points for one in point.decided if one.later]
        return tuple(sorted(later, key=lambda pair: pair[1].undone_at or pair[1].at))

    @property
    def all_promised(self) -> tuple[Promised, ...]:
        """Every promise, in the order of the agenda."""
        return (*(one for point in self.points for one in point.promised), *self.promised)

    @property
    def decisions(self) -> int:
        """How many hold."""
        return sum(one.undone_at is None for point in self.points for one in point.decided)


def day_words(on: date) -> str:
    """`Wed 25 Nov 2026`."""
    return f"{on:%a} {on.day} {on:%b} {on.year}"


def moment_words(at: datetime, zone: str) -> str:
    """`Wed 25 Nov 2026, 10:00` in the zone."""
    there = at.astimezone(ZoneInfo(zone or "UTC"))
    return f"{day_words(there)}, {there:%H:%M}"


def minutes_words(minutes: float) -> str:
    """`1 minute`, `4 minutes`, `2.5 minutes`."""
    figure = f"{minutes:.1f}".removesuffix(".0")
    return f"{figure} minute{'' if figure == '1' else 's'}"


def how_held(minutes: Minutes, zone: str) -> str:
    """How it was held, in one sentence: on time, late, as ceremony, or not at all."""
    due = moment_words(minutes.due_at, zone)
    if minutes.state == Held.SKIPPED or minutes.opened_at is None:
        if minutes.state in (Held.DUE, Held.RUNNING):
            return f"Due on {due}."
        return f"Not held: it was due on {due}." + (f" {minutes.reason}" if minutes.reason else "")
    spent = f"{_spent(minutes)}."
    if minutes.state == Held.LATE:
        return f"Held late, on {moment_words(minutes.opened_at, zone)}; it was due on {due}. {spent}"
    held = f"Held on {moment_words(minutes.opened_at, zone)}. {spent}"
    return f"{held} Nothing was decided: it was ceremony." if minutes.state == Held.EMPTY else held


def _spent(minutes: Minutes) -> str:
    if minutes.closed_at is None or minutes.opened_at is None:
        return f"{minutes_words(minutes.minutes)} were planned"
    spent = max(1, round((minutes.closed_at - minutes.opened_at).total_seconds() / 60))
    return f"{minutes_words(spent).capitalize()} of {minutes.minutes}"


def subject_of(minutes: Minutes, zone: str) -> str:
    """One line, whatever the review is called."""
    at = (minutes.opened_at or minutes.due_at).astimezone(ZoneInfo(zone or "UTC"))
    return one_line(f"Minutes: {minutes.name}, {at.day} {at:%b}")


def minutes_paper(minutes: Minutes, zone: str, address: str = "") -> Paper:
    """The minutes as a message for somebody in `zone`. `address`: of the minutes' page."""
    lead = [how_held(minutes, zone)]
    if minutes.present:
        lead.append(f"There: {_names(minutes.present)}.")
    if minutes.missing:
        lead.append(f"Not there: {_names(minutes.missing)}.")
    parts = [part_of(point) for point in minutes.talked]
    if minutes.promised:
        lines = tuple(Line(one.words, "Promise") for one in minutes.promised)
        parts.append(Part("Promised beyond the agenda", lines=lines))
    if minutes.skipped:
        left = sum(point.minutes for point in minutes.skipped)
        lines = tuple(line for point in minutes.skipped for line in (Line(_with_owner(point)), *_said(point)))
        parts.append(Part("Not talked about", minutes_words(left), lines))
    return Paper(
        title=one_line(f"Minutes of {minutes.name}"),
        lead=tuple(lead),
        parts=tuple(parts),
        link=("Open the minutes", address) if address else None,
        foot=one_line(f"You get this because you take part in {minutes.name} of {minutes.workspace}."),
    )


def part_of(point: Point) -> Part:
    """A point with all that came of it: decision first, then promises, then what was said."""
    lines = [Line(_decision(one), "Decided", weak=one.undone_at is not None) for one in point.decided]
    lines += [Line(one.words, "Promise") for one in point.promised]
    lines += _said(point)
    if not lines:
        lines = [Line("Settled before the meeting." if point.settled else "Talked about, and nothing decided.")]
    return Part(point.title, point.beside, tuple(lines))


def _said(point: Point) -> list[Line]:
    return [Line(f"{one.text} ({one.by})" if one.by else one.text, one.label) for one in point.said]


def _decision(one: Decided) -> str:
    if one.undone_at is not None:
        return f"{one.words} Taken back by {one.undone_by}." if one.undone_by else f"{one.words} Taken back."
    return f"{one.words} (after the meeting)" if one.later else one.words


def _with_owner(point: Point) -> str:
    owner = f", {point.owner}" if point.owner else ""
    return f"{point.title}{owner}, {minutes_words(point.minutes)}"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names)
