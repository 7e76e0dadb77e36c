"""What people type into fields: amounts and days, read as they are written."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from headway.basics.errors import UserError


def amount_of(text: str) -> Decimal | None:
    """`45,000`, `45 000.50`, `€45k`, `1.2m`; None for nothing. UserError for what is no amount."""
    plain = re.sub(r"[\s\u00a0\u202f_'’]", "", text.lower())
    if not plain:
        return None
    found = re.fullmatch(r"(?:[a-z]{3}|[€$£¥₹])?([+-]?[0-9][0-9.,]*?)(k|m|mn|bn)?(?:[a-z]{3}|[€$£¥₹])?", plain)
    if not found:
        raise UserError(f"“{text.strip()[:40]}” is no amount: write it in figures, as in 45000 or 45k.")
    figure = _plain_figure(found[1])
    try:
        factor = {None: 1, "k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9}[found[2]]
        return (Decimal(figure) * factor).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise UserError(f"“{text.strip()[:40]}” is no amount: write it in figures, as in 45000 or 45k.") from None


def _plain_figure(text: str) -> str:
    """A comma or point before exactly three last digits separates thousands, any other the decimals."""
    if re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+", text):
        return re.sub(r"[.,]", "", text)
    whole, sign, part = re.fullmatch(r"(.*?)(?:([.,])(\d*))?", text).groups()  # type: ignore[union-attr]
    return re.sub(r"[.,]", "", whole) + (f".{part}" if sign and part else "")


def day_of(text: str) -> date | None:
    """A day as date fields send it; None for nothing. UserError for what is no day."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise UserError(f"“{text.strip()[:40]}” is no day: pick one, or write it as 2026-09-20.") from None
    if not 2000 <= day.year <= 2100:
        raise UserError(f"The year {day.year} is too far away: give a day between 2000 and 2100.")
    return day
