"""What the address of a page asks for: a period (this quarter, the next, the last) and whose deals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from headway.forecast.value import Period
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.calls import ALL_DEALS, OF_MANY, OWNER, Scope

SEGMENT = "segment"
KINDS = ("all", "team", SEGMENT, OWNER)
WRITTEN = re.compile(r"([1-9]\d{3})-Q([1-4])")
LONGEST = 220


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that can be chosen: `key` stands in the address (`2026-Q4`), `words`: `Next quarter`."""

    key: str
    words: str
    period: Period


def quarter_of(year: int, number: int) -> Choice:
    """The quarter 1 to 4 of a year; also 0 and 5, which are those beside it."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    first, after = date(year, 3 * number - 2, 1), date(year + number // 4, (3 * number) % 12 + 1, 1)
    key = f"{year}-Q{number}"
    return Choice(key, f"Q{number} {year}", Period(f"Q{number} {year}", first, after - timedelta(days=1)))


def list_choices(today: date) -> tuple[Choice, Choice, Choice]:
    """The last, this and the next quarter, as of a day."""
    now = (today.month + 2) // 3
    last, this, following = (quarter_of(today.year, now + step) for step in (-1, 0, 1))
    return (
        Choice(last.key, "Last quarter", last.period),
        Choice(this.key, "This quarter", this.period),
        Choice(following.key, "Next quarter", following.period),
    )


def asked_period(text: str, today: date) -> Choice:
    """The quarter that the address names; this one where it names none."""
    found = WRITTEN.fullmatch(text)
    known = {one.key: one for one in list_choices(today)}
    if found is None or not 1990 <= int(found[1]) <= 2100:
        return list_choices(today)[1]
    return known.get(text) or quarter_of(int(found[1]), int(found[2]))


def own_scope(access: Access) -> Scope:
    """What a person is shown first: a seller their own deals, everybody else all."""
    owner = access.membership.owner
    return Scope(OWNER, owner.name) if owner is not None and access.role not in OF_MANY else ALL_DEALS


def asked_scope(access: Access, text: str) -> Scope:
    """`team:North`, `segment:Public`, `all`, `owner:B. Okafor`; what is one's own first where nothing is asked for.

    NotFoundError for other people's deals by owner, where the role is no leader's.
    """
    kind, _, name = text[:LONGEST].partition(":")
    if kind not in KINDS or (kind == "all") != (not name):
        return own_scope(access)
    scope = Scope(kind, name)
    if kind == OWNER and scope != own_scope(access) and access.role not in OF_MANY:
        raise NotFoundError(text)
    return scope


def scope_text(scope: Scope) -> str:
    """As `asked_scope` reads it."""
    return f"{scope.kind}:{scope.name}" if scope.name else scope.kind


def query_of(**given: str) -> str:
    """`?period=2026-Q4&of=team%3ANorth`; nothing for what is empty."""
    kept = {key: value for key, value in given.items() if value}
    return f"?{urlencode(kept)}" if kept else ""
