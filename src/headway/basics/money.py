"""Money as people read it: `€4.1 M`, `$930 k`. Sums are never mixed across currencies."""

from __future__ import annotations

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}


def sign_of(currency: str | None) -> str:
    """`€` for EUR; `SEK ` for a currency without a common sign; nothing where the currency is unknown."""
    if not currency:
        return ""
    return SIGNS.get(currency.upper(), f"{currency.upper()} ")


def money_text(amount: float | None, currency: str | None) -> str:
    """Three significant figures and a unit: 4_130_000 EUR -> `€4.13 M`; None -> `no amount`."""
    if amount is None:
        return "no amount"
    size, minus = abs(amount), "−" if amount < 0 else ""
    for limit, unit in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if size >= limit * 0.9995:
            return f"{minus}{sign_of(currency)}{_three_figures(size / limit)}{unit}"
    return f"{minus}{sign_of(currency)}{size:.0f}"


def _three_figures(value: float) -> str:
    text = f"{value:.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
