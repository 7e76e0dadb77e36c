"""What a deal is doing, as a badge: drawn by lists, by the board and by templates alike."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from headway.basics.language import told

STANDINGS = {
    "advancing": "Advancing",
    "waiting": "Waiting",
    "drifting": "Drifting",
    "quiet": "Quiet",
    "unseen": "Unseen",
    "decided": "Decided",
}


def standing_badge(standing: str, outcome: str = "") -> SafeString:
    """`{% standing_badge deal.standing deal.outcome %}`: what the deal is doing, or how it ended."""
    words = outcome.replace("_", " ").capitalize() if outcome else STANDINGS.get(standing, standing)
    return _badge("decided" if outcome else standing, told(words))


@lru_cache(maxsize=256)
def _badge(kind: str, words: str) -> SafeString:
    """Drawn once: lists hold hundreds of the same few."""
    return format_html('<span class="badge standing-{}">{}</span>', kind, words)
