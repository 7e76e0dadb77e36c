"""SVG text: elements, finite numbers, escaped words. No style attribute and no script is ever written.

Most charts have no viewBox: places across are percentages and places down are pixels, so that a chart
takes the width it is given while its words keep their size. What percentages cannot say (paths) stands
in an inner picture that stretches (`stretched`). Colours are classes of `charts.css`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
Attribute: TypeAlias = str | int | float | None


def number(value: float) -> str:
    """At most two decimals, no exponent. Raises ValueError for what is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"a chart needs finite numbers, not {value}")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(fraction: float) -> str:
    """A place across: 0.375 -> `37.5%`."""
    return f"{number(fraction * 100)}%"


def fraction(value: float, top: float) -> float:
    """`value / top`, kept within 0 and 1; 0 where there is nothing to compare with."""
    if not (math.isfinite(value) and math.isfinite(top)):
        raise ValueError(f"a chart needs finite numbers, not {value} of {top}")
    return min(max(value / top, 0.0), 1.0) if top > 0 else 0.0


def element(name: str, attributes: dict[str, Attribute], children: Iterable[str] = ()) -> str:
    """One element. Attribute values are escaped; children are SVG text already."""
    written = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _value(value: str | int | float) -> str:
    return escape(_printable(value), quote=True) if isinstance(value, str) else number(value)


def _printable(text: str) -> str:
    """Without the control characters that XML forbids."""
    return FORBIDDEN.sub("", text)


def hint(text: str) -> str:
    """What a mark says when pointed at."""
    return element("title", {}, (escape(_printable(text), quote=False),)) if text else ""


def words(
    text: str, *, x: str | float, y: float, css: str = "", anchor: str | None = None, dx: float | None = None
) -> str:
    """A label of 12 px, or what its class says."""
    attributes: dict[str, Attribute] = {"x": x, "y": y, "dx": dx, "text-anchor": anchor, "class": css or None}
    return element("text", attributes, (escape(_printable(text), quote=False),))


def line(x1: str | float, y1: float, x2: str | float, y2: float, css: str) -> str:
    """A straight line; `css` says how thick and which colour."""
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": css})


def box(x: str | float, y: float, width: str | float, height: float, css: str, *, round_by: float = 0) -> str:
    """A filled box."""
    size: dict[str, Attribute] = {"x": x, "y": y, "width": width, "height": height, "rx": round_by or None}
    return element("rect", size | {"class": css})


def dot(x: str | float, y: float, radius: float, css: str, said: str = "") -> str:
    """A round mark that may say something when pointed at."""
    return element("circle", {"cx": x, "cy": y, "r": radius, "class": css}, (hint(said),))


def stretched(children: Iterable[str], *, y: float, height: float) -> str:
    """An inner picture 100 wide and 100 high, drawn over the whole width; its lines keep their thickness."""
    attributes: dict[str, Attribute] = {"x": 0, "y": y, "width": "100%", "height": height, "viewBox": "0 0 100 100"}
    return element("svg", attributes | {"preserveAspectRatio": "none"}, children)


def path(points: str, css: str) -> str:
    """A path whose line keeps its thickness however the picture is stretched."""
    return element("path", {"d": points, "class": css, "vector-effect": "non-scaling-stroke"})


def chart(children: Iterable[str], *, height: float, title: str | None, desc: str = "", css: str = "") -> str:
    """A chart as wide as its box. Without a title it is a mark beside its own number and is hidden from readers."""
    attributes: dict[str, Attribute] = {"class": f"chart {css}".strip(), "width": "100%", "height": height}
    return _picture(attributes, children, title, desc)


def fixed_chart(children: Iterable[str], *, width: float, height: float, title: str, desc: str, css: str) -> str:
    """A chart drawn for one width; where its box is narrower another one drawn for that is shown."""
    attributes: dict[str, Attribute] = {"class": f"chart {css}".strip(), "width": width, "height": height}
    return _picture(attributes | {"viewBox": f"0 0 {number(width)} {number(height)}"}, children, title, desc)


def _picture(attributes: dict[str, Attribute], children: Iterable[str], title: str | None, desc: str) -> str:
    namespace: dict[str, Attribute] = {"xmlns": "http://www.w3.org/2000/svg"}
    if title is None:
        return element("svg", namespace | attributes | {"aria-hidden": "true", "focusable": "false"}, children)
    described = element("desc", {}, (escape(_printable(desc), quote=False),)) if desc else ""
    return element("svg", namespace | attributes | {"role": "img"}, (hint(title), described, *children))
