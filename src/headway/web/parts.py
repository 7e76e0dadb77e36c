"""Parts of pages that stand there once per deal or milestone, drawn by Jinja2: several times as fast as Django's own.

Written as `<name>.html.j2` beside the other templates, escaped as these are. They get what they are handed, no context.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString
from jinja2 import Environment, PackageLoader, StrictUndefined

from headway.basics.language import language, told
from headway.basics.language.forms import in_dative
from headway.basics.money import money_text
from headway.web.icons import icon_svg
from headway.web.language.backend import TranslatingParts
from headway.web.language.markup import Done, shown
from headway.web.shell import find_url


@cache
def _environment(code: str) -> Environment:
    loader = TranslatingParts(PackageLoader("headway.web"), code)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False)
    environment.globals |= {"icon": icon_svg, "money": shown_money, "find_url": find_url}
    environment.filters["step"] = partial(quote, safe="")  # as one step of an address
    environment.filters |= {"told": shown, "in_dative": in_dative}
    return environment


def shown_money(amount: float | None, currency: str | None) -> str:
    """Money as it is written in the language spoken."""
    return told(money_text(amount, currency))


def draw(name: str, /, **what: Any) -> SafeString:
    """The part `name` (`mine/_rows`) as HTML."""
    return Done(_environment(language()).get_template(f"{name}.html.j2").render(what))
