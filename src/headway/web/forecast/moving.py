"""Why the number moved: from one to the next, cause by cause, each with the deals and events behind it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.forecast.value import Moved
from headway.report.forecast_words import cause_text, signed
from headway.store.queries.calls import list_own_calls, scopes_of
from headway.web.forecast import pictures
from headway.web.forecast.head import asked_choice, currency_of, head_of, nothing_of, today_of
from headway.web.forecast.opening import is_asked, read_forecast
from headway.web.requests import Inside, inside

MOST_PIECES = 8


@dataclass(frozen=True, slots=True)
class PieceShown:
    """One deal's part: `url` empty for what many small ones come to."""

    name: str
    url: str
    why: str
    amount: str


@dataclass(frozen=True, slots=True)
class CauseShown:
    """One cause with its step of the waterfall. `alike`: said of all its deals, where the same holds of each."""

    words: str
    deals: int
    amount: str
    less: bool
    mark: SafeString
    alike: str
    pieces: tuple[PieceShown, ...]
    more: tuple[PieceShown, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the number stood on both days, with their marks."""

    before: str
    after: str
    change: str
    less: bool
    before_mark: SafeString
    after_mark: SafeString


@inside()
def why(request: Inside) -> HttpResponse:
    """GET since: the day that the number is set against, by default a week before.

    Before the number may be shown, to where a call is made.
    """
    found = read_forecast(request)
    if found is None:
        return render(request, "forecast/nothing.html", nothing_of(request, "why"))
    choice = asked_choice(request, "")
    access = request.access
    if is_asked(
        request, found, choice, today_of(request), list_own_calls(access, period=choice.key), scopes_of(access)
    ):
        return redirect("forecast", w=access.workspace.key)
    moves = {one.from_on.isoformat(): one for one in (found.moved, *found.moved_longer) if one is not None}
    moved = moves.get(request.GET.get("since", ""), found.moved)
    context = {**head_of(request, choice, "why"), "forecast": found, "moved": moved, "moves": list(moves.values())}
    if moved is not None:
        to_deals = reverse("deals", kwargs={"w": access.workspace.key})
        currency = currency_of(request, found)
        context |= {"ends": ends_of(moved, currency), "causes": causes_of(moved, currency, to_deals)}
    return render(request, "forecast/why.html", context)


def ends_of(moved: Moved, currency: str | None) -> Ends:
    """The two numbers and what lies between."""
    low, high = span_of(moved)
    change = moved.after - moved.before
    return Ends(
        money_text(moved.before, currency), money_text(moved.after, currency), signed(change, currency),
        change < 0, pictures.level_mark(moved.before, low, high, last=False),
        pictures.level_mark(moved.after, low, high, last=True),
    )  # fmt: skip


def causes_of(moved: Moved, currency: str | None, to_deals: str) -> tuple[CauseShown, ...]:
    """Every cause, each beginning where the one before it ended."""
    low, high = span_of(moved)
    levels = list(accumulate((amount for _, amount, _ in moved.causes), initial=moved.before))
    return tuple(
        cause_of(moved, cause, amount, count, currency, to_deals, pictures.step_mark(start, end, low, high))
        for (cause, amount, count), (start, end) in zip(moved.causes, pairwise(levels), strict=True)
    )


def cause_of(
    moved: Moved, cause: str, amount: float, count: int, currency: str | None, to_deals: str, mark: SafeString
) -> CauseShown:
    """One cause with its pieces, the largest first; what is said of every deal alike is said once."""
    pieces = [one for one in moved.pieces if one.cause == cause]
    said = {one.why for one in pieces if one.deal}
    alike = sentence(said.pop()) if len(said) == 1 and len(pieces) > 1 else ""
    shown = [
        PieceShown(
            one.deal_name, f"{to_deals}{one.deal}/" if one.deal else "",
            sentence(one.why) if one.deal and not alike else "", signed(one.amount, currency),
        )
        for one in pieces
    ]  # fmt: skip
    first = MOST_PIECES if len(shown) > MOST_PIECES + 1 else len(shown)
    return CauseShown(
        cause_text(cause), count, signed(amount, currency), amount < 0, mark, alike, tuple(shown[:first]),
        tuple(shown[first:]),
    )  # fmt: skip


def span_of(moved: Moved) -> tuple[float, float]:
    """The lowest and highest level that the number passes through."""
    levels = list(accumulate((amount for _, amount, _ in moved.causes), initial=moved.before))
    low, high = min(*levels, moved.after), max(*levels, moved.after)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def sentence(words: str) -> str:
    """With a capital first."""
    return words[:1].upper() + words[1:]
