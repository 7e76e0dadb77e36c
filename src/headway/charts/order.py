"""Two orders of the same things side by side: as documented on the left, as gone on the right, a line for each."""

from __future__ import annotations

from collections.abc import Sequence

from headway.charts.lettering import wrapped
from headway.charts.svg import element, fixed_chart, hint, number, words

WIDE, NARROW = 880.0, 320.0
LINE = 15.0  # between two lines of one name


def two_orders(names: Sequence[str], gone: Sequence[int], *, width: float, title: str, desc: str = "") -> str:
    """`names` in the documented order; `gone`: their places (0-based) in the order in which they are gone.

    What comes earlier than documented is drawn strongly, what comes later lightly dashed, the rest plainly.
    ValueError where `gone` does not hold every place once.
    """
    if sorted(gone) != list(range(len(names))):
        raise ValueError("`gone` must hold every place once")
    wide = width == WIDE
    room, lines = (350.0, 2) if wide else (126.0, 4)
    left = [wrapped(f"{place + 1}. {name}", room, lines) for place, name in enumerate(names)]
    most = max((len(text) for text in left), default=1)
    row = LINE * most + (14 if wide else 12)
    head = 26.0
    children = [
        words("as documented", x=0, y=12, css="note"),
        words("as winners go", x=width, y=12, css="note", anchor="end"),
    ]
    for place, text in enumerate(left):
        children += _name(text, 0, head + row * place + row / 2, "start")
    for there, place in enumerate(gone):
        text = wrapped(names[place], room, most)
        children += _name(text, width, head + row * there + row / 2, "end", earlier=place > there)
        children.append(
            _line(
                room + 10, width - room - 10, head + row * place + row / 2, head + row * there + row / 2, names[place]
            )
        )
    return fixed_chart(
        children, width=width, height=head + row * len(names) + 2, title=title, desc=desc, css="two-orders"
    )


def _name(text: Sequence[str], x: float, middle: float, anchor: str, *, earlier: bool = False) -> list[str]:
    first = middle - LINE * (len(text) - 1) / 2 + 4
    css = "ordered earlier" if earlier else "ordered"
    return [words(one, x=x, y=first + LINE * at, css=css, anchor=anchor) for at, one in enumerate(text)]


def _line(left: float, right: float, start: float, end: float, name: str) -> str:
    css = "way earlier" if end < start - 1 else "way later" if end > start + 1 else "way"
    middle = (left + right) / 2
    x, y, there, to, end_x = map(number, (left, start, middle, end, right))
    points = f"M{x} {y}C{there} {y} {there} {to} {end_x} {to}"
    dots = [
        element("circle", {"cx": x, "cy": y, "r": 3.5, "class": css.replace("way", "way-end")})
        for x, y in ((left, start), (right, end))
    ]
    return element("g", {}, (hint(name), element("path", {"d": points, "class": css}), *dots))
