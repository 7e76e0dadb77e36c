"""A company as a card of the portfolio: its figures with what they count, where each leads, and what waits first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.charts.marks import share_mark
from headway.store.queries.portfolio import Company, Gap
from headway.web.shell import find_url

NO_PICTURE = SafeString("")
OLD_DAYS = 14  # data that nobody added to for so long is told first
FEW_HELD = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """`big`: the figure; `said`: its interval and what it counts; `url`: the page behind it; `tone`: bad or empty."""

    name: str
    big: str
    said: tuple[str, ...]
    url: str
    picture: SafeString = NO_PICTURE
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One company. `first`: what waits there, in a few words, and where it is done; empty where nothing presses."""

    name: str
    url: str
    role: str
    figures: tuple[Figure, ...]
    first: str
    first_url: str
    why_not: str = ""


def cards_of(companies: Iterable[Company], now: datetime) -> list[Card]:
    """In the order given."""
    return [card_of(one, now) for one in companies]


def card_of(one: Company, now: datetime) -> Card:
    """Without figures where only its name may be shown."""
    key = one.workspace.key
    home = find_url("home", w=key)
    if not one.shown:
        why = "It asks for a second factor: open it to set yours up." if one.closed else ""
        return Card(one.workspace.name, home, one.role, (), "", "", why)
    figures = (
        gap_figure(one, find_url("deals", w=key) + "?gap=ahead"),
        movement_figure(one, find_url("diagnosis", w=key) + "#movement"),
        held_figure(one, find_url("health", w=key)),
        verdict_figure(one, find_url("diagnosis", w=key) + "#verdicts"),
        promise_figure(one, find_url("promises", w=key)),
        newest_figure(one, find_url("imports", w=key), now),
    )
    first, where = first_of(one, now)
    return Card(one.workspace.name, home, one.role, figures, first, find_url(where, w=key) if where else "")


def gap_figure(one: Company, url: str) -> Figure:
    """In money where enough deals were decided, in stages, and how many deals it is about."""
    gap = one.gap
    if gap is None:
        return Figure("Gap", *_untold(one), url)
    if not gap.observed:
        return Figure("Gap", "Unknown", ("no buyer act was observed on an open deal",), url)
    ahead = f"{gap.inflated:,} of {gap.observed:,} deals ahead of proof"
    each = f"{gap.stages:+.1f} stages a deal".replace("-", "−") if gap.stages is not None else ""
    if gap.amount is None:
        return Figure("Gap", each or ahead, (ahead * bool(each), "too few decided to say it in money"), url)
    return Figure("Gap", money_text(gap.amount, one.currency), (_money_range(gap, one.currency), each, ahead), url)


def movement_figure(one: Company, url: str) -> Figure:
    """The share that reached a decision within the usual time."""
    found = one.movement
    if one.gap is None:
        return Figure("Movement", *_untold(one), url)
    if found.value is None:
        return Figure("Movement", "Unknown", (found.reason,), url)
    big = f"{'≤ ' if found.upper else ''}{100 * found.value:.0f} %"
    days = f"decided in {found.days:.0f} days" if found.days else "decided in the usual time"
    said = (f"{100 * found.low:.0f} to {100 * found.high:.0f} %, n {found.n:,}", days)
    return Figure("Movement", big, said, url, SafeString(share_mark(found.value, found.low, found.high)))


def held_figure(one: Company, url: str) -> Figure:
    """Reviews held on time in 90 days."""
    held = one.held
    if held.value is None:
        return Figure("Reviews on time", "None due", ("in the last 90 days",), url)
    said = (f"{100 * held.low:.0f} to {100 * held.high:.0f} %", "in the last 90 days")
    picture = SafeString(share_mark(held.value, held.low, held.high))
    tone = "bad" if held.value < FEW_HELD else ""
    return Figure("Reviews on time", f"{held.done} of {held.n}", said, url, picture, tone)


def verdict_figure(one: Company, url: str) -> Figure:
    """Verdicts that ask for something and were not decided on, by their word."""
    if one.gap is None:
        return Figure("Open verdicts", *_untold(one), url)
    said = tuple(f"{word}: {n}" for word, n in one.verdicts.items()) or ("nothing to decide",)
    return Figure("Open verdicts", f"{sum(one.verdicts.values()) or 'None'}", said, url)


def promise_figure(one: Company, url: str) -> Figure:
    """Promises past their day, of those owed."""
    said = f"of {one.owed:,} owed" if one.owed else "none owed"
    return Figure("Promises overdue", f"{one.overdue or 'None'}", (said,), url, tone="bad" * bool(one.overdue))


def newest_figure(one: Company, url: str, now: datetime) -> Figure:
    """When the newest data is from."""
    if one.newest_at is None:
        return Figure("Newest data", "None", ("no deals yet",), url)
    days = age_days(one, now) or 0
    said = "today" if days < 1 else "yesterday" if days == 1 else f"{days:,} days ago"
    at = one.newest_at
    return Figure("Newest data", f"{at.day} {at:%b %Y}", (said,), url, tone="bad" if days > OLD_DAYS else "")


def age_days(one: Company, now: datetime) -> int | None:
    """Whole days since the newest data; None without any."""
    return max((now - one.newest_at).days, 0) if one.newest_at else None


def first_of(one: Company, now: datetime) -> tuple[str, str]:
    """The one thing that waits most, and the name of the page where it is done."""
    days = age_days(one, now)
    if days is None:
        return "Bring in its deals", "imports"
    if days > OLD_DAYS:
        return f"Data is {days:,} days old: import again", "imports"
    if one.overdue:
        return f"{one.overdue:,} {'promise is' if one.overdue == 1 else 'promises are'} overdue", "promises"
    if one.held.value is None:
        return "No review was due: set a rhythm", "rhythm"
    if one.held.value < FEW_HELD:
        return f"{one.held.n - one.held.done} of {one.held.n} reviews not held on time", "health"
    total = sum(one.verdicts.values())
    if total:
        return f"{total} {'verdict waits' if total == 1 else 'verdicts wait'} for a decision", "diagnosis"
    return "", ""


def _money_range(gap: Gap, currency: str) -> str:
    if gap.low is None or gap.high is None:
        return ""
    return f"{money_text(gap.low, currency)} to {money_text(gap.high, currency)}"


def _untold(one: Company) -> tuple[str, tuple[str, ...]]:
    """Before the first analysis that knows of these figures."""
    return ("No deals yet", ()) if one.newest_at is None else ("Not yet", ("the next analysis tells",))
