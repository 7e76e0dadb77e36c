"""Money, days and dates as people read them, and small parts of the frame. A built-in of every template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from headway.basics.language import told as told_text
from headway.basics.language.forms import in_dative
from headway.basics.language.markup import told_lines
from headway.basics.money import money_text
from headway.web.icons import icon_svg
from headway.web.language.markup import shown
from headway.web.shell import NavGroup, drawn_places, find_url

register = template.Library()


@register.filter
def told(value: Any) -> Any:
    """In the language spoken: added by itself to the variables of a translated template (`headway.web.language`)."""
    return shown(value)


register.filter("in_dative", in_dative)
register.filter("told_lines", told_lines)


@register.filter
def as_typed(value: Any) -> Any:
    """As somebody typed it, whatever it may look like."""
    return value


@register.filter
def money(amount: Decimal | float | None, currency: str = "") -> str:
    """€1.2 M; a dash for an unknown amount."""
    return "–" if amount is None else told_text(money_text(float(amount), currency or None))


@register.filter
def number(value: float | None) -> str:
    """12,345; a dash for none."""
    return "–" if value is None else told_text(f"{value:,.0f}")


@register.filter
def share(value: float | None) -> str:
    """0.42 as 42 %; a dash for none."""
    return "–" if value is None else f"{100 * value:.0f} %"


@register.filter
def signed(value: float | None) -> str:
    """+2, −1, 0: with a true minus sign; a dash for none."""
    if value is None:
        return "–"
    return told_text(f"{value:+,.0f}".replace("-", "−")) if value else "0"


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ 1|plural:"deal,deals" }}` is 1 deal, `{{ 1200|plural:"deal,deals" }}` is 1,200 deals."""
    one, many = words.split(",") if "," in words else (words, f"{words}s")
    one, many = told_text(f"{one},{many}").split(",")
    return f"{told_text(f'{count:,}')} {one if count == 1 else many}"


@register.filter
def day(moment: date | datetime | None) -> str:
    """3 Nov 2026; a dash for none."""
    return "–" if moment is None else told_text(f"{moment.day} {moment:%b %Y}")


@register.filter
def short_day(moment: date | datetime | None, now: date | datetime | None = None) -> str:
    """3 Nov in the year of `now`, 3 Nov 2025 in any other; a dash for none."""
    if moment is None:
        return "–"
    return told_text(f"{moment.day} {moment:%b}") if now is not None and moment.year == now.year else day(moment)


@register.filter
def weekday(moment: date | datetime | None) -> str:
    """Tue 3 Nov; a dash for none."""
    return "–" if moment is None else told_text(f"{moment:%a} {moment.day} {moment:%b}")


@register.filter
def at_zone(moment: datetime | None, zone: str = "UTC") -> str:
    """3 Nov 2026, 14:05 in a time zone; a dash for none."""
    if moment is None:
        return "–"
    there = moment.astimezone(ZoneInfo(zone or "UTC"))
    return f"{day(there)}, {there:%H:%M}"


@register.filter
def iso(moment: date | datetime | None) -> str:
    """For `<time datetime>` and date fields."""
    return "" if moment is None else moment.isoformat()


@register.filter
def days_since(moment: datetime | None, now: datetime) -> str:
    """Whole days, in words."""
    if moment is None:
        return told_text("unknown")
    days = (now - moment).days
    return told_text("today" if days < 1 else "1 day" if days == 1 else f"{days} days")


@register.filter
def ago(moment: datetime | date | None, now: datetime) -> str:
    """now, 5 min ago, 3 h ago, yesterday, 6 days ago, then the date; `in …` for what is to come; never for none."""
    if moment is None:
        return told_text("never")
    if not isinstance(moment, datetime):
        return due(moment, now)
    seconds = (now - moment).total_seconds()
    if -60 < seconds < 60:
        return told_text("now")
    if seconds < 0:
        return due(moment.date(), now)
    if seconds < 3600:
        return told_text(f"{int(seconds // 60)} min ago")
    if seconds < 86_400:
        return told_text(f"{int(seconds // 3600)} h ago")
    return due(moment.date(), now)


@register.filter
def due(on: date | datetime | None, now: datetime) -> str:
    """today, tomorrow, in 5 days, yesterday, 3 days ago; the date beyond a month; a dash for none."""
    if on is None:
        return "–"
    on = on.astimezone(UTC).date() if isinstance(on, datetime) else on
    days = (on - now.astimezone(UTC).date()).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return told_text(near[days])
    if abs(days) > 31:
        return day(on)
    return told_text(f"in {days} days" if days > 0 else f"{-days} days ago")


@register.filter
def outcome_words(outcome: str) -> str:
    """Won, Lost, No decision, Withdrawn; Open for none."""
    return told_text(outcome.replace("_", " ").capitalize() or "Open")


@register.filter
def initials(name: str) -> str:
    """At most two letters for an avatar."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


@register.filter
def look_up(mapping: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds under a variable key, or nothing."""
    return mapping.get(key, "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "deals" %}`: a drawing of `headway.web.icons`."""
    return icon_svg(name)


@register.simple_tag
def navigation(template: str, places: tuple[NavGroup, ...]) -> SafeString:
    """`{% navigation "shell/pages.html" places %}`: the template with nothing but these places, drawn once for all."""
    return drawn_places(template, places)


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """`{% url_if "audit" w=workspace.key as url %}`: the address, or nothing where there is no such view."""
    return find_url(name, *args, **kwargs)


@register.simple_tag(takes_context=True)
def same_page(context: Context, **changes: Any) -> str:
    """`{% same_page page=2 %}`: the query string of this page with something changed; None or empty removes it."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return f"?{query.urlencode()}"
