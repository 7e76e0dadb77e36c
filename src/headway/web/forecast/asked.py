"""What the address of a page asks for: a period (this quarter, the next, the last) and whose deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from headway.basics.errors import UserError
from headway.forecast.period import following, key_of, kind_of, parsed, period_of, previous
from headway.forecast.value import Period
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.calls import ALL_DEALS, OF_MANY, OWNER, Scope

SEGMENT = "segment"
KINDS = ("all", "team", SEGMENT, OWNER)
LONGEST = 220


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that can be chosen: `key` stands in the address (`2026-Q4`), `words`: `Next quarter`."""

    key: str
    words: str
    period: Period


def list_choices(today: date) -> tuple[Choice, Choice, Choice]:
    """The last, this and the next quarter, as of a day."""
    now = period_of(today)
    near = {"Last quarter": previous(now), "This quarter": now, "Next quarter": following(now)}
    last, this, after = (Choice(key_of(period), words, period) for words, period in near.items())
    return last, this, after


def asked_period(text: str, today: date) -> Choice:
    """The quarter that the address names; this one where it names none."""
    this = list_choices(today)[1]
    if not text:
        return this
    try:
        period = parsed(text[:LONGEST])
    except UserError:
        return this
    return Choice(key_of(period), period.name, period) if kind_of(period) == "quarter" else this


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
