"""The number of a period, after one's own call."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.basics.money import money_text
from headway.charts import fan
from headway.forecast.rollup import FEW_DEALS
from headway.forecast.value import NOTHING, Forecast
from headway.store.actions.calls import record_call, take_back_call
from headway.store.queries.access import NotAllowedError
from headway.store.queries.analyses import find_waiting
from headway.store.queries.calls import OF_MANY, CallRow, Scope, get_own_call, list_calls, list_own_calls, scopes_of
from headway.store.queries.forecasts import list_totals, period_key
from headway.web.forecast import pictures
from headway.web.forecast.asked import (
    Choice,
    asked_scope,
    list_choices,
    own_scope,
    query_of,
    scope_text,
)
from headway.web.forecast.forms import CallForm
from headway.web.forecast.head import asked_choice, currency_of, head_of, today_of
from headway.web.forecast.opening import go_without, is_asked, read_forecast
from headway.web.forecast.shown import beside_of, days_of, others_calls, parts_of, sentence_of, total_of
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

LEAST_DAYS = 3  # of a fan: fewer say nothing


@inside()
def forecast(request: Inside) -> HttpResponse:
    """GET period (`2026-Q4`), of (`all`, `team:North`, `segment:Public`, `owner:B. Okafor`)."""
    return show(request, asked_choice(request, request.GET.get("period", "")))


@require_POST
@inside("record")
def call(request: Inside) -> HttpResponse:
    """POST period, about, commit, best_case: keep what this person expects, then show the number."""
    choice = asked_choice(request, request.POST.get("period", ""))
    found = read_forecast(request)
    form = CallForm(request.POST, currency=currency_of(request, found) or "")
    if not form.is_valid():
        return show(request, choice, form, found)
    scope = called_scope(request, form.cleaned_data["about"])
    try:
        row = record_call(
            workspace=request.access.workspace, period=choice.key, scope=scope, commit=form.cleaned_data["commit"],
            best_case=form.cleaned_data["best_case"], by=request.access.person, at=request.now,
        )  # fmt: skip
    except NotAllowedError:
        raise
    except UserError as error:
        form.add_error("commit", str(error))
        return show(request, choice, form, found)
    said = money_text(float(row.commit), currency_of(request, found))
    best = (
        "" if row.best_case is None else f", best case {money_text(float(row.best_case), currency_of(request, found))}"
    )
    done(request, f"Your call for {choice.period.name} is kept: {said}{best}.", way="call", about={"call": row.key})
    return to_number(request, choice, scope)


@require_POST
@inside()
def show_without(request: Inside) -> HttpResponse:
    """POST period, back: show its number without a call, from now on."""
    choice = asked_choice(request, request.POST.get("period", ""))
    go_without(request, choice)
    if request.POST.get("back") == "why":
        return redirect("forecast_why", w=request.access.workspace.key)
    return to_number(request, choice, own_scope(request.access))


@way_back("call")
def not_called(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a call."""
    row = get_own_call(request.access, about["call"])
    take_back_call(call=row, by=request.access.person, at=request.now)
    return "Your call is taken back."


def show(request: Inside, choice: Choice, form: CallForm | None = None, found: Forecast | None = None) -> HttpResponse:
    """The page; with a form that was not understood, what was typed is kept."""
    access = request.access
    found = found or read_forecast(request)
    scope = asked_scope(access, request.GET.get("of", ""))
    scopes, own = scopes_of(access), list_own_calls(access, period=choice.key)
    asks = is_asked(request, found, choice, today_of(request), own, scopes)
    currency = currency_of(request, found)
    context: dict[str, Any] = {
        **head_of(request, choice, "number"), "forecast": found, "currency": currency, "asks": asks, "scope": scope,
        "own_scope": own_scope(access), "of": scope_text(scope), "own": newest_by_scope(own),
        "form": form or CallForm(),
        "scopes": [(scope_text(one), words_of(one, one)) for one in scopes], "may_call": bool(scopes),
        "over": today_of(request) > choice.period.ends_on, "job": find_waiting(access.workspace),
        "is_now": found is not None and period_key(found.period) == choice.key,
        "about": form["about"].value() if form else scope_text(scope) if scope in scopes else "",
        "scope_words": words_of(scope, own_scope(access)), "leads": access.role in OF_MANY,
        "unlinked": access.role == "seller" and access.membership.owner_id is None,
    }  # fmt: skip
    if asks:
        context["booked"] = booked_of(found, scopes) if found and context["is_now"] else None
    else:
        context |= number_of(request, choice, found, scope, own)
    return render(request, "forecast/number.html", context, status=422 if form and form.errors else 200)


def number_of(
    request: Inside, choice: Choice, found: Forecast | None, scope: Scope, own: list[CallRow]
) -> dict[str, Any]:
    """What is shown once the number may be: of the period that runs, or what was said of another one."""
    access, currency = request.access, currency_of(request, found)
    mine = next((one for one in own if (one.kind, one.name) == (scope.kind, scope.name)), None)
    shown: dict[str, Any] = {"mine": mine}
    if access.role in OF_MANY:
        others = list_calls(access, period=choice.key) if own else []
        shown["others"] = others_calls(others, access.person.pk, currency)
    now = found is not None and period_key(found.period) == choice.key
    days = found.fan if now and found and scope.kind == "all" else ()
    if not days and scope.kind != "owner":
        days = days_of(list_totals(access, choice.key, kind=scope.kind, name=scope.name))
    marks = [] if mine is None else call_marks(mine)
    shown["last_said"] = days[-1] if days and not now else None
    total = total_of(found, scope) if now and found else None
    shown |= {"total": total, "days": days}
    sentence = ""
    if found is not None and total is not None:
        sentence = sentence_of(found, total)
        named = {} if scope.kind == "all" else {scope.kind: scope.name}
        shown |= {
            "known": found.basis != NOTHING, "sentence": sentence, "beside": beside_of(found, total, mine),
            "teams": parts_of(found, "team") if scope.kind == "all" else (),
            "segments": parts_of(found, "segment") if scope.kind == "all" else (),
            "deals_query": query_of(**named), "stalled_query": query_of(**named, stalled="1"),
            "few": 0 < total.open_deals < FEW_DEALS,
            "whole": found.total if scope.kind != "all" else None, "limits": [as_sentence(one) for one in total.limits],
            "covered": total.covered if scope.kind != "all" else None,
            "not_counted": [as_sentence(one) for one in found.limits] if scope.kind == "all" else (),
        }  # fmt: skip
    if sum(day.middle is not None for day in days) >= LEAST_DAYS:
        shown["fan"] = pictures.fan_picture(days, choice.period, marks, currency, sentence)
    return shown


def booked_of(found: Forecast, scopes: tuple[Scope, ...]) -> float | None:
    """What is won already of the deals a call is made for: no forecast, and needed for the call."""
    total = total_of(found, scopes[0])
    return total.booked if total else None


def call_marks(call: CallRow) -> list[fan.Call]:
    """One's own call, as diamonds on the fan."""
    said = {"Your commit": call.commit, "Your best case": call.best_case}
    on = call.happened_at.date()
    return [fan.Call(on, float(amount), words) for words, amount in said.items() if amount is not None]


def called_scope(request: Inside, about: str) -> Scope:
    """Whose deals a call is about: one of those offered, the first where none was named."""
    offered = {scope_text(one): one for one in scopes_of(request.access)}
    return offered.get(about) or next(iter(offered.values()), own_scope(request.access))


def words_of(scope: Scope, own: Scope) -> str:
    """`All deals`, `Team North`, `Your own deals`; a segment and other people by their names."""
    if scope.kind == "all":
        return "All deals"
    if scope == own and scope.kind == "owner":
        return "Your own deals"
    return f"Team {scope.name}" if scope.kind == "team" else scope.name


def newest_by_scope(own: list[CallRow]) -> list[CallRow]:
    """One's newest call for each group of deals; `own`: the newest first."""
    newest: dict[tuple[str, str], CallRow] = {}
    for one in own:
        newest.setdefault((one.kind, one.name), one)
    return list(newest.values())


def as_sentence(words: str) -> str:
    """With a capital first and a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def to_number(request: Inside, choice: Choice, scope: Scope) -> HttpResponse:
    """To the number of the period and these deals, by the shortest address."""
    usual = list_choices(today_of(request))[1].key
    of = "" if scope == own_scope(request.access) else scope_text(scope)
    query = query_of(period="" if choice.key == usual else choice.key, of=of)
    response = redirect("forecast", w=request.access.workspace.key)
    response["Location"] += query
    return response
