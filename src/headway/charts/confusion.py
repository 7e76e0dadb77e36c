"""Two judgements of the same things against each other: full squares where they agree, ringed where not."""

from __future__ import annotations

from collections.abc import Sequence

from headway.charts.lettering import shortened
from headway.charts.svg import box, chart, dot, element, fixed_chart, fraction, hint, line, percent, words

WIDE, NARROW = 560.0, 320.0
HEAD = 34.0


def confusion(
    counts: Sequence[Sequence[int]], names: Sequence[str], *, width: float, title: str, desc: str = "",
    down: str = "one", across: str = "the other", said: Sequence[Sequence[str]] = (),
) -> str:  # fmt: skip
    """`counts`: [row][column], as many as `names`; the first is numbered 0. `said`: what each square says when pointed
    at. Names stand beside the rows where it is WIDE; columns, and rows where it is NARROW, carry their numbers.

    ValueError where `counts` is not square.
    """
    kinds = len(names)
    if len(counts) != kinds or any(len(row) != kinds for row in counts):
        raise ValueError("`counts` must have a row and a column for each name")
    left = 196.0 if width == WIDE else 22.0
    cell = min(52.0, (width - left - 4) / max(kinds, 1))
    most = max((count for row in counts for count in row), default=0)
    middle = left + cell * kinds / 2
    children = [
        words(across, x=middle, y=11, css="axis-name", anchor="middle"),
    ]
    if width == WIDE:
        children.append(words(down, x=left - 10, y=HEAD - 8, css="axis-name", anchor="end"))
    for place, name in enumerate(names):
        at = HEAD + cell * (place + 0.5) + 4
        label = f"{place}  {shortened(name, left - 34, 12.5)}" if width == WIDE else str(place)
        children.append(words(label, x=left - 10, y=at, css="count", anchor="end"))
        children.append(words(str(place), x=left + cell * (place + 0.5), y=HEAD - 8, css="count", anchor="middle"))
    for edge in range(kinds + 1):
        children.append(line(str(left), HEAD + cell * edge, str(left + cell * kinds), HEAD + cell * edge, "grid"))
        children.append(line(str(left + cell * edge), HEAD, str(left + cell * edge), HEAD + cell * kinds, "grid"))
    for row, given in enumerate(counts):
        for column, count in enumerate(given):
            if count or row == column:
                told = said[row][column] if said and count else ""
                children.append(
                    _square(left + cell * column, HEAD + cell * row, cell, count, most, row == column, told)
                )
    return fixed_chart(children, width=width, height=HEAD + cell * kinds + 2, title=title, desc=desc, css="confusion")


def _square(x: float, y: float, cell: float, count: int, most: int, alike: bool, said: str) -> str:
    """As large as its share of the largest count, so that size tells as much as colour does."""
    if not count:
        return box(x + 1, y + 1, cell - 2, cell - 2, "same-stage", round_by=3)
    side = (cell - 6) * (0.55 + 0.45 * count / most)
    css = "agreed" if alike else "differed"
    inside = [
        hint(said),
        box(x + 1, y + 1, cell - 2, cell - 2, "same-stage", round_by=3) if alike else "",
        box(x + (cell - side) / 2, y + (cell - side) / 2, side, side, css, round_by=3),
        words(str(count), x=x + cell / 2, y=y + cell / 2 + 4.5, css=f"inside {css}", anchor="middle"),
    ]
    return element("g", {}, inside)


def beyond_mark(value: float, low: float, high: float, clear: float, *, title: str | None = None) -> str:
    """Agreement beyond chance on a scale from 0 to 1: a dot, its interval, and the line from which it is clear."""
    left, right = fraction(low, 1), fraction(high, 1)
    children = (
        box(0, 7, "100%", 4, "track", round_by=2),
        line(percent(clear), 1, percent(clear), 17, "usual"),
        box(percent(left), 8, percent(max(right - left, 0.004)), 2, "reach-line"),
        dot(percent(fraction(value, 1)), 9, 4.5, "mark", ""),
    )
    return chart(children, height=18, title=title)
