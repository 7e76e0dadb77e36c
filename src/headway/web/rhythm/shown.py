"""A rhythm as its pages show it: when, who, what became of each occurrence, and what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headway.reviews.held import open_until
from headway.reviews.kinds import KIND_NAMES, Held, ReviewKind
from headway.reviews.recurrence import read_rule, rule_words
from headway.reviews.rhythm import grace_days, zone_of
from headway.store.queries.rhythms import ReviewRow, RhythmRow
from headway.web.shell import find_url

WORDS = {
    Held.HELD: "held",
    Held.LATE: "held late",
    Held.EMPTY: "nothing decided",
    Held.SKIPPED: "skipped",
    Held.RUNNING: "running",
    Held.DUE: "due",
}
PAST = (Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED)
FACES = 5


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence. `month`: its name where a new one begins in the strip; `note`: a reason, or that it was moved."""

    row: ReviewRow
    state: str
    words: str
    on: str
    clock: str
    month: str
    note: str
    url: str
    until: str = ""  # an overdue one may be held until then

    @property
    def is_overdue(self) -> bool:
        """Its day went by, and it may still be held."""
        return bool(self.until)


@dataclass(frozen=True, slots=True)
class RhythmShown:
    """A rhythm with its strip. `counts`: (state, how many, words) of all that lie behind; `coming`: due or running."""

    row: RhythmRow
    kind: str
    when: str
    zone: str
    strip: tuple[Occurrence, ...]
    coming: tuple[Occurrence, ...]
    counts: tuple[tuple[str, int, str], ...]
    people: tuple[str, ...]

    @property
    def next(self) -> Occurrence | None:
        """The next to be held."""
        return self.coming[0] if self.coming else None

    @property
    def faces(self) -> tuple[str, ...]:
        """Those who are named; `more` are not."""
        return self.people[:FACES]

    @property
    def more(self) -> int:
        """How many people are not named."""
        return max(0, len(self.people) - FACES)

    @property
    def held_share(self) -> tuple[int, int]:
        """Of how many that lie behind how many were held, late ones too: (held, all)."""
        found = {state: n for state, n, _ in self.counts}
        return found.get(Held.HELD, 0) + found.get(Held.LATE, 0), sum(found.values())


def shown(
    row: RhythmRow, occurrences: Iterable[ReviewRow], w: str, now: datetime, counts: dict[str, int] | None = None
) -> RhythmShown:
    """The rhythm at a moment; `counts`: of all its occurrences by state, else those given are counted."""
    there = zone_of(row.zone)
    listed, month = [], ""
    for review in occurrences:
        one = _occurrence(review, row, there, w, now, month)
        month = f"{review.due_at.astimezone(there):%Y %m}"
        listed.append(one)
    counts = Counter(one.row.state for one in listed) if counts is None else counts
    people = sorted(str(one.person) for one in row.people.all() if one.person_id != row.leader_id)
    return RhythmShown(
        row=row,
        kind=KIND_NAMES.get(ReviewKind(row.kind), row.kind),
        when=f"{rule_words(read_rule(row.rule))} at {row.starts:%H:%M}",
        zone=zone_words(row.zone),
        strip=tuple(one for one in listed if one.state in PAST or one.row.state == Held.RUNNING or one.is_overdue),
        coming=tuple(one for one in listed if one.row.state in (Held.DUE, Held.RUNNING)),
        counts=tuple((state.value, counts[state], WORDS[state]) for state in PAST if counts.get(state)),
        people=tuple(people),
    )


def moment_words(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Tue 24 Nov, with the year where it is another one."""
    local = moment.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}"


def zone_words(name: str) -> str:
    """Berlin time; UTC."""
    return "UTC" if name == "UTC" else f"{name.rpartition('/')[2].replace('_', ' ')} time"


def elsewhere(moment: datetime, zone: str, own: str) -> str:
    """The same moment on the clock of somebody elsewhere; empty where theirs shows the same."""
    try:
        there = ZoneInfo(own or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    local = moment.astimezone(there)
    if own == "UTC" or local.replace(tzinfo=None) == moment.astimezone(zone_of(zone)).replace(tzinfo=None):
        return ""
    return f"{local:%a %H:%M} where you are"


def review_url(w: str, review: ReviewRow) -> str:
    """Where one reads it: the room while it runs, minutes once it is closed, else the agenda; empty for none yet."""
    name = "review_agenda"
    if review.state == Held.RUNNING:
        name = "review_room"
    elif review.closed_at is not None:
        name = "review_minutes"
    return find_url(name, w=w, key=review.key)


def today_in(zone: str, now: datetime) -> date:
    """The day it is there."""
    return now.astimezone(zone_of(zone)).date()


def _month(local: datetime) -> str:
    """Feb; a January by its year, which it begins."""
    return f"{local:%Y}" if local.month == 1 else f"{local:%b}"


def _occurrence(review: ReviewRow, rhythm: RhythmRow, there: ZoneInfo, w: str, now: datetime, month: str) -> Occurrence:
    local = review.due_at.astimezone(there)
    state, until = Held(review.state), ""
    if state == Held.DUE and local.date() < now.astimezone(there).date():
        last = open_until(review.due_at, rhythm.zone, grace_days(read_rule(rhythm.rule)))
        until = moment_words(last, there, now) if last > now else ""
    note = (review.reason.text or "") if review.reason else ""
    if review.moved_from and not note:
        note = f"moved from {moment_words(review.moved_from, there, now)}"
    return Occurrence(
        row=review, state="overdue" if until else state.value, words="still to be held" if until else WORDS[state],
        on=moment_words(review.due_at, there, now), clock=f"{local:%H:%M}",
        month=_month(local) if f"{local:%Y %m}" != month else "", note=note, url=review_url(w, review), until=until,
    )  # fmt: skip
