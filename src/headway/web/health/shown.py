"""The figures of the rhythm's health as the page says them: a value, its interval, what it counts, where it leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.conformance.shares import Share
from headway.reviews.health import Correction, Health, Occurrence, Rate
from headway.reviews.health_words import Advice, advice_of
from headway.store.queries.health import HealthFacts
from headway.web.health import pictures

LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Strip:
    """The reviews of one rhythm, drawn."""

    name: str
    picture: SafeString
    on_time: int
    n: int


@dataclass(frozen=True, slots=True)
class Said:
    """`big`: the figure; `range`: its interval and n, empty where nothing is known."""

    big: str
    range: str = ""


def said_share(one: Share) -> Said:
    """`63 %`, `47 to 77 %, 24 of 38`."""
    if one.value is None:
        return Said("Unknown")
    return Said(f"{100 * one.value:.0f} %", f"{100 * one.low:.0f} to {100 * one.high:.0f} %, {one.done} of {one.n}")


def said_kept(health: Health) -> Said:
    """The leader's own kept-rate."""
    kept = health.kept
    if kept.n == 0:
        return Said("None due")
    if kept.value is None:
        return Said(f"{kept.kept} of {kept.n}", f"{kept.lacking} more until a share can be told")
    return Said(
        f"{100 * kept.value:.0f} %", f"{100 * kept.low:.0f} to {100 * kept.high:.0f} %, {kept.kept} of {kept.n}"
    )


def said_rate(one: Rate) -> Said:
    """`0.6`, `0.5 to 0.7, 98 on 161 deals`."""
    if one.value is None:
        return Said("Unknown")
    return Said(f"{one.value:.1f}", f"{one.low:.1f} to {one.high:.1f}, {one.count} on {one.of} deals")


def said_correction(one: Correction) -> Said:
    """Days until half of the deviations were corrected."""
    if one.n == 0:
        return Said("Unknown", "no review named a deviation yet")
    counted = f"{one.corrected} of {one.n} corrected"
    if one.half is None or one.half.days is None:
        return Said("Not half yet", counted)
    low = "?" if one.half.low is None else f"{one.half.low:.0f}"
    high = "or more" if one.half.high is None else f"to {one.half.high:.0f}"
    return Said(f"{one.half.days:.0f} days", f"{low} {high} days, {counted}")


def said_money(health: Health, currency: str) -> Said:
    """The same share of the open money."""
    one = health.looked_money
    if one.value is None:
        return Said("Unknown")
    money = f"{money_text(one.done_amount, currency)} of {money_text(one.amount, currency)}"
    return Said(f"{100 * one.value:.0f} %", f"{100 * one.low:.0f} to {100 * one.high:.0f} %, {money}")


def strips_of(facts: HealthFacts, days: int) -> list[Strip]:
    """A strip for each rhythm that runs or was held in the window, with the months under the last one."""
    last = facts.as_of.astimezone(ZoneInfo(facts.zone)).date()
    first = last - min(timedelta(days=days), LONGEST)
    by_rhythm: dict[tuple[str, str], list[Occurrence]] = defaultdict(list)
    for key, name in facts.rhythms:
        by_rhythm[key, name] = []
    for one in facts.occurrences:
        if one.due_at.date() > first:
            same = next((mark for mark in by_rhythm if one.rhythm and mark[0] == one.rhythm), None)
            by_rhythm[same or (one.rhythm, one.name if one.rhythm else "Without a rhythm")].append(one)
    rows = sorted(by_rhythm.items(), key=lambda row: (not row[0][0], row[0][1]))
    return [
        Strip(
            name, pictures.strip_picture(name, sorted(past, key=lambda one: one.due_at), first, last,
                                         named=place == len(rows) - 1),
            sum(one.state == "held" for one in past), len(past),
        )
        for place, ((_, name), past) in enumerate(rows)
    ]  # fmt: skip


def advice_for(facts: HealthFacts, health: Health) -> tuple[Advice, ...]:
    """What to do next; the next review is called by its weekday, where it is within a week."""
    weekday = ""
    if facts.next_due_at is not None and facts.next_due_at - facts.as_of < timedelta(days=7):
        weekday = f"{facts.next_due_at.astimezone(ZoneInfo(facts.zone)):%A}’s"
    return advice_of(health, facts.currency, weekday)
