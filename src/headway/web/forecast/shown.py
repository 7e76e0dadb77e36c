"""The number of a period as its page shows it: the total, what stands beside it, and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from headway.basics.figures import counted
from headway.basics.money import money_text
from headway.forecast.forecast_words import forecast_sentence
from headway.forecast.value import MODEL, NOTHING, FanDay, Forecast, Total
from headway.store.queries.calls import CallRow, Scope
from headway.store.queries.forecasts import TotalRow
from headway.web.forecast import pictures
from headway.web.forecast.asked import SEGMENT, scope_text

MOST_PARTS = 12


@dataclass(frozen=True, slots=True)
class Beside:
    """A line of numbers for the same thing: what it is, its mark on the common scale, its figure."""

    words: str
    sub: str
    mark: SafeString
    figure: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A team's or segment's total. `of`: as addresses ask for it."""

    total: Total
    of: str
    mark: SafeString


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call of somebody else, beside what was forecast of the same deals when it was made."""

    by: str
    about: str
    of: str
    commit: str
    best_case: str
    forecast: str
    on: date


def total_of(forecast: Forecast, scope: Scope) -> Total | None:
    """The total of these deals; None where none of them is open or booked."""
    if scope.kind == "all":
        return forecast.total
    return next((one for one in forecast.groups if (one.kind, one.name) == (scope.kind, scope.name)), None)


def sentence_of(forecast: Forecast, total: Total) -> str:
    """The number in one sentence; that of the whole also says how often its range held."""
    if total.kind == "all":
        return forecast.sentence
    return forecast_sentence(forecast.basis, forecast.period, total, None, forecast.currency)


def beside_of(forecast: Forecast, total: Total, call: CallRow | None) -> tuple[Beside, ...]:
    """The forecast, one's own call, and what simpler ways say; all on one scale."""

    def money(amount: float) -> str:
        return money_text(amount, forecast.currency)

    top = scale_of([total], [call] if call else [])
    lines = [
        Beside(
            "Forecast", f"{money(total.low)} to {money(total.high)}", pictures.total_mark(total, top),
            money(total.middle), "strong",
        )
    ]  # fmt: skip
    if call is not None:
        commit, best = float(call.commit), None if call.best_case is None else float(call.best_case)
        sub = "commit" if best is None else "commit to best case"
        figure = money(commit) if best is None else f"{money(commit)} – {money(best)}"
        lines.append(Beside("Your call", sub, pictures.said_mark(commit, best, top), figure))
    if total.stage_weighted is not None:
        lines.append(
            Beside(
                "Stage-weighted", "amount × the win rate of its stage", pictures.point_mark(total.stage_weighted, top),
                money(total.stage_weighted),
            )
        )  # fmt: skip
    if total.base_rate is not None and forecast.basis == MODEL:
        lines.append(
            Beside(
                "Base rate", "one chance for every deal", pictures.point_mark(total.base_rate, top),
                money(total.base_rate),
            )
        )  # fmt: skip
    booked = pictures.booked_mark(total.booked, top)
    lines.append(Beside("Booked so far", counted(total.booked_deals, "deal"), booked, money(total.booked)))
    return tuple(lines)


def scale_of(totals: Iterable[Total], calls: Iterable[CallRow] = ()) -> float:
    """The end of a scale on which all of these fit."""
    ends = [
        one for total in totals for one in (total.high, total.booked, total.stage_weighted, total.base_rate)
        if one is not None
    ]  # fmt: skip
    said = [float(amount) for call in calls for amount in (call.commit, call.best_case) if amount is not None]
    return 1.04 * max([*ends, *said], default=0.0)


def parts_of(forecast: Forecast, kind: str) -> tuple[Part, ...]:
    """The teams or segments, the largest first; nothing where there is only one. They share a scale."""
    totals = sorted((one for one in forecast.groups if one.kind == kind), key=lambda one: (-one.middle, one.name))
    if len(totals) < 2 and kind != SEGMENT:
        return ()
    top = 1.04 * max((max(one.high, one.booked) for one in totals), default=0.0)
    return tuple(Part(one, scope_text(Scope(kind, one.name)), pictures.total_mark(one, top)) for one in totals)


def days_of(rows: Sequence[TotalRow]) -> tuple[FanDay, ...]:
    """Past days as the store keeps them, for the fan."""
    return tuple(
        FanDay(row.on, row.booked, None, None, None, row.stage_weighted)
        if row.basis == NOTHING
        else FanDay(row.on, row.booked, row.low, row.middle, row.high, row.stage_weighted)
        for row in rows
    )


def others_calls(calls: Sequence[CallRow], mine: int, currency: str | None) -> tuple[CallShown, ...]:
    """The newest call of everybody else for each group of deals, by name: no ranking."""
    newest: dict[tuple[int, str, str], CallRow] = {}
    for call in calls:  # the newest first
        if call.by_id != mine:
            newest.setdefault((call.by_id, call.kind, call.name), call)
    return tuple(
        CallShown(
            call.by.name, "all deals" if call.kind == "all" else call.name,
            scope_text(Scope(call.kind, call.name)), money_text(float(call.commit), currency),
            "–" if call.best_case is None else money_text(float(call.best_case), currency),
            "–" if call.middle is None else money_text(call.middle, currency), call.happened_at.date(),
        )
        for call in sorted(newest.values(), key=lambda one: (one.by.name, one.kind, one.name))
    )  # fmt: skip
