"""Currencies: what one of another currency is worth here, stated by people, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.basics.figures import counted
from headway.store.actions.jobs import ask_for
from headway.store.actions.rates import state_rate, withdraw_rate
from headway.store.queries.analyses import find_newest
from headway.store.queries.rates import RateRow, list_rates, rates_in_force
from headway.web.people.forms import CURRENCIES
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@dataclass(frozen=True, slots=True)
class CurrencyShown:
    """A currency that deals are in, or that a rate is stated for. `deals`: as the newest analysis counted them."""

    code: str
    deals: int
    rate: str
    row: RateRow | None


class RateForm(forms.Form):
    """What one of a currency is worth, since when, and who says so."""

    currency = forms.ChoiceField(label="Currency")
    rate = forms.CharField(label="Worth", error_messages={"required": "Write what one of it is worth, as in 0.92."})
    valid_on = forms.DateField(
        label="Since", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose a day.", "invalid": "Write the day as in 2026-10-01."},
    )  # fmt: skip
    source = forms.CharField(label="Who says so", required=False, max_length=200)

    def __init__(self, *given: Any, own: str, seen: tuple[str, ...], **rest: Any) -> None:
        super().__init__(*given, **rest)
        codes = [code for code in dict.fromkeys((*seen, *CURRENCIES)) if code != own]
        self.fields["currency"] = forms.ChoiceField(label="Currency", choices=[(code, code) for code in codes])
        self.fields["rate"].label = f"One of it is worth, in {own}"

    def clean_rate(self) -> Decimal:
        """A number above zero, with a point or a comma."""
        try:
            return Decimal(self.cleaned_data["rate"].strip().replace(",", "."))
        except InvalidOperation:
            raise forms.ValidationError("Write a number, as in 0.92.") from None


@inside("workspace")
def currencies(request: Inside) -> HttpResponse:
    """The rates in force and what was stated before; POST states another one."""
    access, workspace = request.access, request.access.workspace
    today = request.now.date()
    newest = find_newest(workspace)
    seen = {code: deals for code, deals, _ in (newest.summary.get("currencies", ()) if newest else ())}
    stated = {one.currency: one for one in rates_in_force(workspace, today)}
    unstated = tuple(code for code in seen if code not in stated)
    form = RateForm(
        request.POST or None, own=workspace.currency, seen=unstated or tuple(seen), initial={"valid_on": today}
    )
    if request.method == "POST" and form.is_valid() and _state(request, form):
        return redirect("currencies", w=workspace.key)
    shown = [
        CurrencyShown(code, seen.get(code, 0), rate_text(stated[code].rate) if code in stated else "", stated.get(code))
        for code in (*seen, *(code for code in stated if code not in seen))
    ]
    context = {
        "form": form, "shown": shown, "earlier": list_rates(access),
        "main": newest.summary.get("currency") if newest else None,
        "unstated": [counted(seen[code], "deal") + f" in {code}" for code in unstated],
    }  # fmt: skip
    return render(request, "people/currencies.html", context, status=422 if form.errors else 200)


def _state(request: Inside, form: RateForm) -> bool:
    told, workspace = form.cleaned_data, request.access.workspace
    try:
        before = state_rate(workspace=workspace, by=request.access.person, at=request.now, **told)
    except UserError as problem:
        form.add_error("rate", str(problem))
        return False
    sentence = (
        f"One {told['currency']} counts as {rate_text(told['rate'])} {workspace.currency} from the next analysis on."
    )
    about = {"currency": told["currency"], "valid_on": told["valid_on"].isoformat()}
    _analyse(request)
    done(request, sentence, way="rate", about=about | {"rate": str(before.rate) if before else ""})
    return True


def _analyse(request: Inside) -> None:
    """Soon, and once however many rates are stated in a row: every sum goes by them."""
    workspace = request.access.workspace
    ask_for(
        kind="analysis", workspace=workspace, by=request.access.person, at=request.now, once=f"analysis {workspace.key}"
    )


@require_POST
@inside("workspace")
def withdraw(request: Inside) -> HttpResponse:
    """POST code: no rate of this currency is stated any more, from today on."""
    code = request.POST.get("code", "")[:3].upper()
    workspace, today = request.access.workspace, request.now.date()
    before = withdraw_rate(workspace=workspace, currency=code, valid_on=today, by=request.access.person, at=request.now)
    about = {"currency": code, "valid_on": today.isoformat(), "rate": str(before.rate) if before else ""}
    _analyse(request)
    done(request, f"Amounts in {code} are in no sum from the next analysis on.", way="rate", about=about)
    return redirect("currencies", w=workspace.key)


@way_back("rate")
def rate_as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a statement: what held before is stated again."""
    request.access.need("workspace")
    who: dict[str, Any] = {"workspace": request.access.workspace, "by": request.access.person, "at": request.now}
    about_it: dict[str, Any] = {"currency": about["currency"], "valid_on": date.fromisoformat(about["valid_on"])}
    _analyse(request)
    if not about["rate"]:
        withdraw_rate(**who, **about_it)
        return f"No rate of {about['currency']} is stated again."
    state_rate(**who, **about_it, rate=Decimal(about["rate"]))
    return f"One {about['currency']} counts as {rate_text(Decimal(about['rate']))} again."


def rate_text(rate: Decimal) -> str:
    """`0.92`, without zeros at its end."""
    return f"{rate.normalize():f}"
