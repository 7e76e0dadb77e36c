"""One's own calls, held against what the periods brought: for oneself, never beside others'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.basics.errors import UserError
from headway.basics.money import money_text
from headway.forecast import calls as scored
from headway.forecast.period import parsed
from headway.forecast.value import Period
from headway.store.queries.access import Access
from headway.store.queries.bookings import MOST_PERIODS, booked_in
from headway.store.queries.calls import OF_MANY, CallRow, Scope, list_own_calls


@dataclass(frozen=True, slots=True)
class PastCall:
    """The last call for a period that is over, and what it brought. `number`: the forecast at the same moment."""

    period: str
    about: str
    commit: str
    best_case: str
    number: str
    came: str


@dataclass(frozen=True, slots=True)
class OwnCalls:
    """What one's calls came to, in sentences, and each of them."""

    sentences: tuple[str, ...]
    calls: tuple[PastCall, ...]
    waiting: int


def own_calls(access: Access, today: date, currency: str | None) -> OwnCalls:
    """The calls of this person: scored where their period is over."""
    rows = [(row, period) for row in list_own_calls(access) if (period := period_called(row)) is not None]
    over = list(dict.fromkeys(period for _, period in rows if period.ends_on < today))[:MOST_PERIODS]
    booked = booked_in(access, over, currency, today) if over else {}
    came = {
        (row_scope(row), period): booked.get((row_scope(row), period), 0.0) for row, period in rows if period in over
    }
    role = scored.LEADER if access.role in OF_MANY else scored.SELLER
    said = [
        scored.Call(
            access.person.key, role, _named(row_scope(row)), period, float(row.commit),
            None if row.best_case is None else float(row.best_case), row.happened_at, row.middle,
        )
        for row, period in rows
    ]  # fmt: skip
    score = scored.score_of(
        access.person.key, said, {(_named(scope), period): amount for (scope, period), amount in came.items()}
    )
    newest: dict[tuple[Scope, Period], CallRow] = {}
    for row, period in rows:  # the newest first
        if period in over:
            newest.setdefault((row_scope(row), period), row)
    shown = [past_call(row, period, came[scope, period], currency) for (scope, period), row in newest.items()]
    waiting = len({(row_scope(row), period) for row, period in rows if period not in over})
    return OwnCalls(scored.sentences_of(score) if score else (), tuple(shown), waiting)


def past_call(row: CallRow, period: Period, came: float, currency: str | None) -> PastCall:
    """One call as a row."""
    best, number = (None if one is None else float(one) for one in (row.best_case, row.middle))
    return PastCall(
        period.name, "all deals" if row.kind == "all" else row.name, money_text(float(row.commit), currency),
        "–" if best is None else money_text(best, currency), "–" if number is None else money_text(number, currency),
        money_text(came, currency),
    )  # fmt: skip


def row_scope(row: CallRow) -> Scope:
    """Whose deals the call is about."""
    return Scope(row.kind, row.name)


def period_called(row: CallRow) -> Period | None:
    """The period of a call; None where it is written in no way that is read."""
    try:
        return parsed(row.period)
    except UserError:
        return None


def _named(scope: Scope) -> str:
    return f"{scope.kind} {scope.name}".strip()
