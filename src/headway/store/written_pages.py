"""Whether a stored page is one that Headway could have written: its elements and attributes, and nothing else.

Pages show it as it stands. In the file of an export somebody may have put a form, or an attribute by which the page
around it sends something for whoever reads it, as the policy on scripts does not stop either.
"""

from __future__ import annotations

import re

ELEMENTS = frozenset(
    "a article aside b bdi body br caption circle dd defs desc details div dl dt ellipse em figcaption figure footer g"  # noqa: SIM905
    " h1 h2 h3 h4 h5 head header hr html i li line lineargradient main marker meta nav ol p path pattern polygon"
    " polyline pre rect section small span stop strong style sub summary sup svg table tbody td text tfoot th thead"
    " time title tr tspan ul wbr".split()
)
ATTRIBUTES = frozenset(
    "abbr charset class colspan content cx cy d data-label datetime dir dominant-baseline dx dy fill-opacity focusable"  # noqa: SIM905
    " height hidden href http-equiv id lang name offset open opacity patternunits points preserveaspectratio r role"
    " rowspan rx ry scope start stroke-dasharray stroke-linecap stroke-width tabindex text-anchor title transform"
    " translate value vector-effect viewbox width x x1 x2 xmlns y y1 y2".split()
)
NAMED = r"[a-zA-Z][\w:-]*"
ATTRIBUTE = re.compile(rf'({NAMED})(?:="([^"<>]*)")?')
TAG = re.compile(rf'/?([a-zA-Z][a-zA-Z0-9]*)((?:\s+{NAMED}(?:="[^"<>]*")?)*)\s*/?>')
INSIDE = re.compile(r"#|/(?![/\\])")  # of this very site


def foreign_in(html: str) -> str:
    """The first thing in it that Headway never writes, shortened; empty where there is none."""
    for piece in html.split("<")[1:]:
        if piece[:13].lower() == "!doctype html":
            continue
        tag = TAG.match(piece)
        if tag is None or tag[1].lower() not in ELEMENTS:
            return f"<{piece[:20]}"
        for name, value in ATTRIBUTE.findall(tag[2]):
            if not _is_ours(name.lower(), value):
                return f"<{tag[1]} {name}"[:40]
    return ""


def _is_ours(name: str, value: str) -> bool:
    if name == "href":
        return INSIDE.match(value) is not None
    if name == "http-equiv":
        return value == "Content-Security-Policy"
    return name in ATTRIBUTES or name.startswith("aria-")
