"""What the texts in the terminal are made of: lines, tables, bars, and names that cannot steer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from headway.report import words

FULL, LIGHT, DARK, MIDDLE, MARK = "█", "░", "▒", "┃", "◆"
ASCII = str.maketrans({FULL: "#", LIGHT: "-", DARK: "=", MIDDLE: "|", MARK: "o", "·": ".", "┊": ":", "●": "*"})


class Bounded:
    """At most 120 columns: longer lines are hard to read."""

    def __init__(self, inside: RenderableType) -> None:
        self.inside = inside

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self.inside, options.update(max_width=min(options.max_width, 120)))


class Bar:
    """A bar as wide as its cell: full up to `full`, light up to `light`, dots for the rest."""

    def __init__(self, full: float, light: float = 0.0) -> None:
        self.full, self.light = min(max(full, 0.0), 1.0), min(max(light, 0.0), 1.0)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = min(options.max_width, 40)
        full = round(self.full * wide)
        light = max(round(self.light * wide) - full, 0)
        marks = ("#", "-", ".") if options.ascii_only else ("█", "░", "·")
        yield Segment(marks[0] * full, console.get_style("cyan"))
        yield Segment(marks[1] * light)
        yield Segment(marks[2] * (wide - full - light), console.get_style("dim"))


class Strip:
    """A scale from 0 to 1 as wide as its cell: spans filled with their sign, points above them, dots for the rest.

    `spans`: (from, to, sign), later ones over earlier ones; `points`: (place, sign).
    """

    def __init__(
        self, spans: Sequence[tuple[float, float, str]], points: Sequence[tuple[float, str]] = (), *, rest: str = "·"
    ) -> None:
        self.spans, self.points, self.rest = spans, points, rest

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = min(options.max_width, 60)
        signs = [self.rest] * wide
        for start, end, sign in self.spans:
            left, right = (round(min(max(place, 0.0), 1.0) * wide) for place in (start, end))
            signs[left:right] = sign * max(right - left, 0)
        for place, sign in self.points:
            signs[min(int(min(max(place, 0.0), 1.0) * wide), wide - 1)] = sign
        text = "".join(signs)
        for run in (found.group() for found in re.finditer(r"(.)\1*", text)):
            style = {self.rest: "dim", FULL: "cyan"}.get(run[0], "")
            yield Segment(run.translate(ASCII) if options.ascii_only else run, console.get_style(style or "none"))


def headed(text: str) -> Iterator[RenderableType]:
    """A line of air and the name of what follows."""
    yield Text()
    yield plain(text, "bold cyan")


def table() -> Table:
    """As wide as there is room, without lines."""
    return Table(box=None, expand=True, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", show_edge=False)


def more(count: int, one: str, many: str | None = None) -> Iterator[RenderableType]:
    """How much is left to the report; nothing where nothing is."""
    if count > 0:
        yield Padding(plain(f"and {words.counted(count, one, many)} more in the report", "dim"), (0, 0, 0, 0))


def name_text(name: str) -> Text:
    """A name on one line, cut where it does not fit."""
    return Text(printable(name), overflow="ellipsis", no_wrap=True)


def plain(text: str, style: str = "") -> Text:
    """Words as they are: no markup in them counts."""
    return Text(printable(text), style)


def printable(text: str) -> str:
    """Names from files must not steer the terminal: control and direction signs are shown as `?`."""
    shown = text.replace("\u2060", "")
    kept = words.NO_BREAK + "\u200c\u200d"  # joiners belong to scripts and to emoji
    return "".join(sign if sign.isprintable() or sign in kept else "?" for sign in shown)
