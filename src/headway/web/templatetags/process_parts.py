"""Small parts for the pages about processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def entry(known: object, key: str) -> Any:
    """The entry of a mapping; nothing where there is none."""
    return known.get(key, "") if isinstance(known, Mapping) else ""


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to go through them."""
    return text.split()
