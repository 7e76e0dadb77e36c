"""What somebody expects of a period: two amounts, however people write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from headway.basics.money import SIGNS

FACTORS = {"": 1, "k": 10**3, "t": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "bn": 10**9, "b": 10**9}
SPACES = re.compile(r"[\s\u00a0\u202f_'’]")
LARGEST = Decimal(10) ** 14
NO_AMOUNT = "Write this in figures, as in 1,200,000, 1.2m or 300k."


class AmountField(forms.CharField):
    """An amount as people write it: `1.2m`, `300k`, `€1,200,000`, `1.200.000`, `0`. A Decimal, or None for nothing."""

    def __init__(self, currency: str = "", **rest: Any) -> None:
        self.currency = currency.upper()
        super().__init__(max_length=60, **rest)

    def clean(self, value: Any) -> Decimal | None:
        """The amount. ValidationError with what to write instead."""
        text = SPACES.sub("", super().clean(value)).lower()
        if not text:
            return None
        found = re.fullmatch(r"([^\d.,+−-]*)([+−-]?)(\d[\d.,]*?)([a-z]*?)([^\d.,a-z]?|[a-z]{3})", text)
        if found is None or found[4] not in FACTORS:
            raise forms.ValidationError(NO_AMOUNT)
        self._know_currency(found[1] or found[5])
        if found[2] in ("-", "−"):
            raise forms.ValidationError("This is below zero: write what will be won, at least 0.")
        try:
            factor = FACTORS[found[4]]
            amount = Decimal(plain_figure(found[3], thousands=factor < 10**6)) * factor
        except InvalidOperation:
            raise forms.ValidationError(NO_AMOUNT) from None
        if amount >= LARGEST:
            raise forms.ValidationError("This is more than can be kept: check the noughts.")
        return amount.quantize(Decimal("0.01"))

    def _know_currency(self, written: str) -> None:
        signs = {sign.strip().lower(): code for code, sign in SIGNS.items()}
        code = signs.get(written, written.upper() if re.fullmatch("[a-z]{3}", written) else "")
        if written and not code:
            raise forms.ValidationError(NO_AMOUNT)
        if code and self.currency and code != self.currency:
            raise forms.ValidationError(f"Amounts are summed in {self.currency} here: write it in {self.currency}.")


def plain_figure(text: str, *, thousands: bool = True) -> str:
    """`1,200,000` and `1.200.000` as 1200000, `1,5` and `1.5` as 1.5: what stands before three last digits parts
    thousands (only once: where `thousands`, as `1.250` of 1.250m does not), any other the decimals. InvalidOperation
    follows where it is neither."""
    if re.fullmatch(rf"\d{{1,3}}([.,])\d{{3}}(?:\1\d{{3}}){'*' if thousands else '+'}", text):
        return re.sub(r"[.,]", "", text)
    mixed = re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})+|\d+)(?:(?!\2)([.,])(\d+))?", text)
    if mixed is None:
        return "no figure"
    if not thousands and mixed[2] and not mixed[4] and mixed[1].count(mixed[2]) == 1:
        return mixed[1].replace(",", ".")
    return re.sub(r"[.,]", "", mixed[1]) + (f".{mixed[4]}" if mixed[4] else "")


class CallForm(forms.Form):
    """Commit and best case. `about`: `all`, or `team:North`, of those offered."""

    about = forms.CharField(required=False, max_length=220)

    def __init__(self, *given: Any, currency: str = "", **rest: Any) -> None:
        super().__init__(*given, **rest)
        missing = {"required": "Write what you are sure of, even if it is 0."}
        self.fields["commit"] = AmountField(currency, label="Commit", error_messages=missing)
        self.fields["best_case"] = AmountField(currency, label="Best case", required=False)

    def clean(self) -> dict[str, Any]:
        """The best case is no less than the commit."""
        given = super().clean() or {}
        commit, best = given.get("commit"), given.get("best_case")
        if commit is not None and best is not None and best < commit:
            self.add_error("best_case", "The best case is below the commit: write the same or more.")
        return given
