"""Small line drawings, 16 by 16, in the colour of the text around them."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

ICONS = {
    "home": "M2.5 7.2 8 2.5l5.5 4.7v6.3h-4v-4h-3v4h-4z",
    "mine": "M3 4.5h7M3 8h10M3 11.5h5M12.5 3v3M11 4.5h3",
    "deals": "M2.5 4h11M2.5 8h11M2.5 12h11",
    "diagnosis": "M2.5 13.5h11M4.5 11V7.5M8 11V3M11.5 11V5.5",
    "forecast": "M2.5 10.5 6 9M6 9l7.5-6M6 9l7.5-1.5M6 9l7.5 4.5",
    "rewind": "M2.8 6.2A5.5 5.5 0 1 1 2.5 9M2.5 3v3.5H6M8 5.2V8l2 1.5",
    "process": "M2.5 4.5h3v3h-3zM10.5 8.5h3v3h-3zM5.5 6H8v4h2.5",
    "trials": "M8 13.5V10M8 10 4.5 6.5v-4M8 10l3.5-3.5v-4M2.8 4.2l1.7-1.7 1.7 1.7M9.8 4.2l1.7-1.7 1.7 1.7",
    "rhythm": "M2.5 8h2.2l1.6-4 2.6 8.5 1.8-4.5h2.8",
    "reviews": "M2.5 3h11v7.5H8L5 13v-2.5H2.5zM5.2 6h5.6M5.2 8h3.5",
    "promises": "M3 8.5 6 11.5M5.5 6.5 8 4h3l2.5 2.5-5.2 5.4a1.3 1.3 0 0 1-1.9 0L3 8.5 2.5 4.5",
    "health": "M8 13.2C4.5 10.5 2.6 8.6 2.6 6.3a2.7 2.7 0 0 1 5.4-.6 2.7 2.7 0 0 1 5.4.6c0 2.3-1.9 4.2-5.4 6.9",
    "board": "M2.5 3h3v10h-3zM6.5 3h3v6h-3zM10.5 3h3v8h-3z",
    "team": "M2.5 13.5h11M3.5 11h4M3.5 8h7M3.5 5h9M7.5 9.8v2.4M10.5 6.8v2.4",
    "findings": "M3.5 2.5v11M3.5 3.5h8l-2 3 2 3h-8",
    "gates": "M2.5 5h11M2.5 8.5h11M4 3v10.5M12 3v10.5",
    "placings": "M2.5 4h4v3h-4zM9.5 4h4v3h-4zM4.5 7v3h7V7M8 10v3.5",
    "data": "M3 4.5c0-2.5 10-2.5 10 0v7c0 2.5-10 2.5-10 0zM3 4.5c0 2.5 10 2.5 10 0M3 8c0 2.5 10 2.5 10 0",
    "imports": "M8 2.5v7.5M5 7.2 8 10l3-2.8M2.5 10.5v3h11v-3",
    "people": (
        "M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4M2 13c.3-2.2 1.9-3.4 4-3.4s3.7 1.2 4 3.4"
        "M10.8 7.2a1.9 1.9 0 1 0-.6-3.7M11.7 9.7c1.3.4 2.1 1.5 2.3 3.3"
    ),
    "audit": "M4 2.5h8v11l-2-1.3-2 1.3-2-1.3-2 1.3zM6 5.8h4M6 8.5h4",
    "search": "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.2 3.2",
    "more": "M3.5 8h.01M8 8h.01M12.5 8h.01",
    "plus": "M8 3v10M3 8h10",
    "close": "M4 4l8 8M12 4l-8 8",
    "check": "M3 8.5 6.5 12 13 4.5",
    "down": "M4.5 6.5 8 10l3.5-3.5",
    "up": "M4.5 9.5 8 6l3.5 3.5",
    "left": "M9.5 4.5 6 8l3.5 3.5",
    "right": "M6.5 4.5 10 8l-3.5 3.5",
    "switch": "M5 6l3-3 3 3M5 10l3 3 3-3",
    "copy": "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
    "mail": "M2.5 3.5h11v9h-11zM2.5 4.5 8 9l5.5-4.5",
    "link": (
        "M6.8 9.2 9.2 6.8M7 4.7l1.2-1.2a2.95 2.95 0 0 1 4.2 4.2L11.3 9M9 11.3l-1.2 1.2a2.95 2.95 0 0 1-4.2-4.2L4.7 7"
    ),
    "file": "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
    "calendar": "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5V5M10.5 2.5V5",
    "clock": "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M8 5v3.2l2 1.3",
    "undo": "M3 6.5h6.5a3.25 3.25 0 0 1 0 6.5H6M5.5 4 3 6.5 5.5 9",
    "edit": "M3 13l.7-2.8 7-7a1.5 1.5 0 0 1 2.1 2.1l-7 7z",
    "trash": "M3 4.5h10M6 4.5v-2h4v2M4.2 4.5l.6 9h6.4l.6-9M7 7.2v3.6M9 7.2v3.6",
    "info": "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M8 7.5V11M8 5.2h.01",
    "warning": "M8 2.8 14 13H2zM8 6.5v3M8 11.3h.01",
    "question": (
        "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M6.3 6.5c.2-2.3 3.5-2 3.4 0C9.6 7.7 8 7.7 8 9.2M8 11.2h.01"
    ),
    "keys": "M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.3h6",
    "leave": "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
    "sun": (
        "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M8 1.5v1.3M8 13.2v1.3"
        "M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"
    ),
    "filter": "M2.5 4h11M4.5 8h7M6.5 12h3",
    "external": "M9 3h4v4M13 3 7.5 8.5M11 9v4H3V5h4",
    "lock": "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    "flag": "M4 13.5v-11h8l-2 3 2 3H4",
    "send": "M2.5 8 13.5 3 10 13 7.5 9zM7.5 9l6-6",
    "settings": "M3 4.5h6M12 4.5h1M9 3v3h3V3zM3 11.5h1M7 11.5h6M4 10v3h3v-3z",
    "box": "M2.5 5.5 8 2.5l5.5 3v5L8 13.5l-5.5-3zM2.5 5.5 8 8.5l5.5-3M8 8.5v5",
    "phone": "M5 2.5h6v11H5zM7.5 11.5h1",
    "person": "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3.5 13.5c.3-2.5 2.1-3.8 4.5-3.8s4.2 1.3 4.5 3.8",
    "note": "M3 3h10v7l-3 3H3zM10 13v-3h3M5.5 6h5M5.5 8.5h3",
}


@cache
def icon_svg(name: str) -> SafeString:
    """The drawing `name`, hidden from screen readers: a word stands beside it. KeyError where there is none."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )
