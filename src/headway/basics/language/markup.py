"""Telling pages and letters that were made in English: text by text, between the tags."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from headway.basics.language.now import SOURCE, language
from headway.basics.language.told import Told, told

SPOKEN = re.compile(
    r'(>)([^<>]*(?:[^\W\d_]{2}|\d)[^<>]*)(<)|(\s(?:aria-label|title|placeholder|data-label|alt)=")([^"]*)(")'
)

AS_TYPED = 'translate="no"'  # of an element whose text somebody typed: HTML's own word for it


def told_markup(html: str) -> str:
    """HTML in the language spoken: what stands between tags, and in attributes that are read out.

    The text right inside of an element with `translate="no"` stays.
    """
    return html if language() == SOURCE else _told_markup(language(), html)


def told_page(html: str) -> str:
    """A whole page, which says its language too."""
    return told_markup(html).replace('<html lang="en"', f'<html lang="{language()}"', 1)


def told_lines(text: str) -> str:
    """A letter in plain text, line by line."""
    return text if isinstance(text, Told) else "\n".join(told(line) for line in text.split("\n"))


def told_blocks(blocks: Any) -> Any:
    """The blocks of a Slack message with their texts told; what identifies them stays."""
    if isinstance(blocks, list):
        return [told_blocks(one) for one in blocks]
    if isinstance(blocks, dict):
        return {key: _told_value(key, one) for key, one in blocks.items()}
    return blocks


def _told_value(key: str, value: Any) -> Any:
    return told_lines(value) if key == "text" and isinstance(value, str) else told_blocks(value)


@lru_cache(maxsize=128)
def _told_markup(_code: str, html: str) -> str:
    if "<" not in html:
        return escape(told(unescape(html)))
    return SPOKEN.sub(_told_part, html)


def _told_part(match: re.Match[str]) -> str:
    before, text, after = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    if match[1] and AS_TYPED in match.string[match.string.rfind("<", 0, match.start()) : match.start()]:
        return match[0]
    plain = unescape(text)
    said = told(plain)
    return match[0] if said == plain else f"{before}{escape(said)}{after}"
