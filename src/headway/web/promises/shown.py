"""Promises as their page says them: rows on a scale of days that they share, and how many were kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString

from headway.charts.promises import Scale, Stretch, kept_over_time, promise_axis, promise_mark
from headway.reviews.kept import Fate, KeptRate, KeptShares, kept_by_month, kept_shares
from headway.reviews.kinds import Promise
from headway.store.queries.access import Access
from headway.store.queries.commitments import KnownPromise
from headway.web.shell import find_url

NEAR = timedelta(days=28)  # what lies further back or ahead stands at the edge of the scale
LEAST = timedelta(days=7)
WINDOW = 3
STATES = {Promise.KEPT: "Kept", Promise.LATE: "Kept late", Promise.BROKEN: "Overdue", Promise.LET_GO: "Let go"}
BADGES = {Promise.KEPT: "good", Promise.LATE: "info", Promise.BROKEN: "bad", Promise.LET_GO: "pill"}


@dataclass(frozen=True, slots=True)
class Row:
    """One promise. `proof_url`: where to record what shows it, for one that a milestone shows; `sayable`: whether its
    end is said by word. `facts`: the words of the drawn line."""

    key: str
    what: str
    owner: str
    owner_url: str
    shows: str
    by: str
    deal: str
    deal_url: str
    review: str
    review_url: str
    state: str
    badge: str
    words: str
    facts: str
    mark: SafeString
    proof_url: str
    may: bool
    owed: bool
    sayable: bool
    said: bool
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """Promises under one heading. `owed` of `many` come first, then `ended`, of which `more` are not shown."""

    id: str
    title: str
    none: str
    owed: tuple[Row, ...]
    ended: tuple[Row, ...]
    axis: SafeString
    more: int = 0
    many: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """A kept-rate as a figure: `9 of 13`, `69 %`, `42 to 87 %`; `split`: by what decided, as sentences."""

    title: str
    about: str
    whole: KeptRate
    split: tuple[str, ...]
    picture: SafeString
    months: tuple[Stretch, ...]


def scale_of(promises: Iterable[KnownPromise], today: date) -> Scale:
    """From the earliest day of these to the last, within four weeks of today."""
    days = [day for one in promises for day in (one.row.made_at.date(), one.row.due_on)] or [today]
    first = min(max(min(days), today - NEAR), today - LEAST)
    return Scale(first, max(min(max(days), today + NEAR), today + LEAST), today)


def section(
    access: Access, id: str, title: str, promises: Sequence[KnownPromise], *, none: str = "", most: int = 10
) -> Section:
    """The rows under one heading: of what has ended `most`, of what is owed twice as many."""
    today = promises[0].today if promises else date.min
    all_owed = [one for one in promises if one.is_carried]
    owed = all_owed[: 2 * most]
    ended = [one for one in promises if not one.is_carried]
    scale = scale_of([*owed, *ended[:most]], today) if promises else None
    rows = [row_of(access, one, scale) for one in [*owed, *ended[:most]] if scale]
    axis = SafeString(promise_axis(scale)) if scale else SafeString("")
    return Section(
        id, title, none, owed=tuple(rows[: len(owed)]), ended=tuple(rows[len(owed) :]), axis=axis,
        more=max(0, len(ended) - most), many=len(all_owed),
    )  # fmt: skip


def row_of(access: Access, promise: KnownPromise, scale: Scale) -> Row:
    """One promise on the scale of its section."""
    row, state = promise.row, promise.state
    zone = ZoneInfo(access.workspace.zone)
    made_on = row.made_at.astimezone(zone).date()
    ended_on = promise.ending.at.astimezone(zone).date() if promise.ending.at else None
    ended = "" if state is Promise.OPEN else state.value
    mark = promise_mark(scale, made_on=made_on, due_on=row.due_on, ended_on=ended_on, ended=ended)
    may = access.may("review") and (
        access.person.pk in (row.person_id, row.by_id) or access.role in ("leader", "operations")
    )
    w = access.workspace.key
    proof_url = ""
    if row.deal is not None and row.milestone and promise.is_carried and access.may("record") and not row.deal.outcome:
        proof_url = find_url("record_evidence", w=w, key=row.deal.key, milestone=row.milestone)
    return Row(
        key=promise.key,
        what=promise.what,
        owner="" if row.person_id == access.person.pk else promise.owner,
        owner_url=_page_of(access, row.person.key) if row.person and row.person_id != access.person.pk else "",
        shows=_shows(promise),
        by=promise.contact if row.milestone else "",
        deal=row.deal.name if row.deal else "",
        deal_url=reverse("deal", kwargs={"w": w, "key": row.deal.key}) if row.deal and row.deal.is_live else "",
        review=row.review.name if row.review else "",
        review_url=find_url("review_minutes", w=w, key=row.review.key) if row.review else "",
        state=ended or "open",
        badge=BADGES.get(state, "warn" if promise.days_left <= 1 else "pill"),
        words=_state_words(promise),
        facts=_facts(promise, made_on, ended_on),
        mark=SafeString(mark),
        proof_url=proof_url,
        may=may,
        owed=promise.is_carried,
        sayable=not row.milestone,
        said=promise.by_word,
        note="",
    )


def rate_of(title: str, about: str, fates: Sequence[Fate], today: date, *, drawn: bool) -> Rate:
    """A kept-rate with its split, and with a picture month by month where it is to be drawn and anything is known."""
    shares = kept_shares(fates, today)
    months = tuple(
        Stretch(
            month.month_on, month.rate.kept, month.rate.n, month.rate.low, month.rate.high, month.rate.value is not None
        )
        for month in kept_by_month(fates, today, window=WINDOW)
    )
    picture = SafeString("")
    if drawn and any(month.known for month in months):
        picture = SafeString(kept_over_time(months, title="Promises kept, month by month"))
    return Rate(title, about, shares.whole, _split(shares), picture, months if picture else ())


def _split(shares: KeptShares) -> tuple[str, ...]:
    """Only where both ways of deciding occur; one alone is the whole."""
    if not shares.shown.n or not shares.by_word.n:
        return ("all shown by a buyer's act",) if shares.shown.n else ("all by word",) if shares.by_word.n else ()
    return (
        f"{shares.shown.kept} of {shares.shown.n} by a buyer's act",
        f"{shares.by_word.kept} of {shares.by_word.n} by word",
    )


def _page_of(access: Access, person: str) -> str:
    """The page of one person's promises, for who leads; looking at it is recorded."""
    leads = access.role in ("leader", "operations")
    return reverse("promises_of_person", kwargs={"w": access.workspace.key, "key": person}) if leads else ""


def _shows(promise: KnownPromise) -> str:
    """`Jana Novak signs the plan`; a milestone's own words, which say who acts."""
    if promise.row.milestone or not promise.shows:
        return promise.shows
    first = promise.contact.split()[0].casefold() if promise.contact else ""
    named = not first or first in promise.shows.casefold() or "buyer" in promise.shows.casefold()
    return promise.shows if named else f"{promise.contact} {promise.shows}"


def _state_words(promise: KnownPromise) -> str:
    left = promise.days_left
    match promise.state:
        case Promise.OPEN:
            return "Due today" if left == 0 else "Due tomorrow" if left == 1 else f"Due in {left} days"
        case Promise.BROKEN:
            if left >= 0:
                return "Broken, by word"
            return "Due yesterday" if left == -1 else f"{-left} days overdue"
        case state:
            return f"{STATES[state]}{', by word' if promise.by_word and state is not Promise.LET_GO else ''}"


def _facts(promise: KnownPromise, made_on: date, ended_on: date | None) -> str:
    said = [f"made {_day(made_on, promise.today)}", f"due {_day(promise.row.due_on, promise.today)}"]
    if ended_on and promise.state in (Promise.KEPT, Promise.LATE):
        said.append(f"kept {_day(ended_on, promise.today)}")
    if ended_on and promise.state is Promise.LET_GO:
        said.append(f"let go {_day(ended_on, promise.today)}")
    return " · ".join(said)


def _day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"
