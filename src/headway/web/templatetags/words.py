"""Money, days and dates as people read them. A built-in of every template."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template

from headway.basics.money import money_text

register = template.Library()


@register.filter
def money(amount: Decimal | float | None, currency: str = "") -> str:
    """€1.2 M; a dash for an unknown amount."""
    return "–" if amount is None else money_text(float(amount), currency or None)


@register.filter
def day(moment: date | datetime | None) -> str:
    """3 Nov 2026; a dash for none."""
    return "–" if moment is None else f"{moment.day} {moment:%b %Y}"


@register.filter
def days_since(moment: datetime | None, now: datetime) -> str:
    """Whole days, in words."""
    if moment is None:
        return "unknown"
    days = (now - moment).days
    return "today" if days < 1 else "1 day" if days == 1 else f"{days} days"
