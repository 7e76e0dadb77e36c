"""Stage to stage: how many deals move on, leap over stages, go back, and where they end.

A bar per stage, as wide as the deals that entered it, from the first stage down to the last. Told apart by shape
and side, not by colour: moves to the next stage are bands between the bars, skips are solid arrows on the left,
moves back are dashed arrows on the right, and ends stand in columns with their heads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from headway.charts.svg import box, element, fixed_chart, fraction, hint, line, number, words

ROW, HEAD, BAR = 62, 30, 20
ARROWS = 8  # on each side; the table beside the chart has all


@dataclass(frozen=True, slots=True)
class Node:
    """A stage: deals that ever entered it, deals in it now, and how those that ended from it ended."""

    name: str
    deals: int
    won: int
    lost: int
    ended: int
    open: int


@dataclass(frozen=True, slots=True)
class Move:
    """Moves from one stage to another, by their places in the list of nodes (0-based)."""

    source: int
    target: int
    moves: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where things stand for one width."""

    width: float
    middle: float  # of the bars
    widest: float  # bar
    gutter: float  # for arrows on either side
    exits: float  # left edge of the columns
    column: float  # width of one column
    names_beside: bool

    def bar(self, deals: float, top: float) -> float:
        return max(self.widest * fraction(deals, top), 3.0)


WIDE, NARROW = 880.0, 320.0
_GROUNDS = {
    WIDE: _Ground(WIDE, middle=372, widest=250, gutter=84, exits=626, column=66, names_beside=True),
    NARROW: _Ground(NARROW, middle=92, widest=106, gutter=36, exits=190, column=34, names_beside=False),
}


def stage_flow(nodes: Sequence[Node], moves: Sequence[Move], *, width: float, title: str, desc: str = "") -> str:
    """The flow for one of the two widths, WIDE or NARROW (px); 58 px of height for each stage."""
    ground = _GROUNDS[width]
    top = max((node.deals for node in nodes), default=0)
    height = HEAD + ROW * max(len(nodes), 1)
    children = _heads(ground)
    kept = [move for move in moves if move.moves > 0 and move.source != move.target]
    children += [_band(move, nodes, top, ground) for move in kept if move.target == move.source + 1]
    skips = _largest(move for move in kept if move.target > move.source + 1)
    returns = _largest(move for move in kept if move.target < move.source)
    most = max((move.moves for move in skips + returns), default=0)
    children += [_arrow(move, nodes, top, most, ground, side=-1) for move in skips]
    children += [_arrow(move, nodes, top, most, ground, side=1) for move in returns]
    exits = max((max(node.won, node.lost, node.ended, node.open) for node in nodes), default=0)
    for index, node in enumerate(nodes):
        children += _stage(index, node, top, ground) + _exits(index, node, exits, ground)
    children += [_moved_on(move, ground) for move in kept if move.target == move.source + 1]
    children += [_count(move, ground, side=-1) for move in skips]
    children += [_count(move, ground, side=1) for move in returns]
    css = "flow wide" if width == WIDE else "flow narrow"
    return fixed_chart(children, width=width, height=height, title=title, desc=desc, css=css)


def _largest(moves: Iterable[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: (-move.moves, move.source, move.target))[:ARROWS]


def _row(index: int) -> float:
    """The top of a stage's bar."""
    return HEAD + ROW * index + 10


def _heads(ground: _Ground) -> list[str]:
    heads = ("Won", "Lost", "No dec.", "Open") if ground.names_beside else ("Won", "Lost", "No d.", "Open")
    children = [
        words(head, x=ground.exits + ground.column * place, y=14, css=f"head {css}")
        for place, (head, css) in enumerate(zip(heads, ("won", "lost", "ended", "open"), strict=True))
    ]
    if ground.names_beside:
        left = ground.middle - ground.widest / 2
        right = left + ground.widest
        children.append(words("Skips", x=left - ground.gutter, y=14, css="head"))
        children.append(words("Moves back", x=right + ground.gutter, y=14, anchor="end", css="head"))
    return children


def _stage(index: int, node: Node, top: float, ground: _Ground) -> list[str]:
    y, wide = _row(index), ground.bar(node.deals, top)
    bar = box(ground.middle - wide / 2, y, wide, BAR, "node", round_by=3)
    if ground.names_beside:
        name = element("g", {}, (hint(node.name), words(_short(node.name, 20), x=0, y=y + 9, css="stage-name")))
        return [bar, name, words(f"{node.deals:,} deals", x=0, y=y + 24, css="tick")]
    label = words(
        f"{_short(node.name, 16)} {node.deals:,}", x=ground.middle, y=y - 5, anchor="middle", css="stage-name halo"
    )
    return [bar, element("g", {}, (hint(node.name), label))]


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def _exits(index: int, node: Node, most: float, ground: _Ground) -> list[str]:
    y = _row(index)
    children = [line(ground.exits, y + BAR + 14, ground.width, y + BAR + 14, "grid")]
    for place, (count, css) in enumerate(
        ((node.won, "won"), (node.lost, "lost"), (node.ended, "ended"), (node.open, "open"))
    ):
        x = ground.exits + ground.column * place
        children.append(words(f"{count:,}", x=x, y=y + 11, css="count" if count else "tick"))
        if count:
            wide = max((ground.column - 8) * fraction(count, most), 1.5)
            children.append(box(x, y + 17, wide, 5, f"exit {css}", round_by=1))
    return children


def _band(move: Move, nodes: Sequence[Node], top: float, ground: _Ground) -> str:
    """Moves to the next stage: a band from the lower edge of one bar to the upper edge of the next."""
    upper = min(ground.bar(move.moves, top), ground.bar(nodes[move.source].deals, top)) / 2
    lower = min(ground.bar(move.moves, top), ground.bar(nodes[move.target].deals, top)) / 2
    above, below, x = _row(move.source) + BAR, _row(move.target), ground.middle
    half = (above + below) / 2
    points = (
        f"M{number(x - upper)} {number(above)} C{number(x - upper)} {number(half)} {number(x - lower)} {number(half)} "
        f"{number(x - lower)} {number(below)} L{number(x + lower)} {number(below)} C{number(x + lower)} {number(half)} "
        f"{number(x + upper)} {number(half)} {number(x + upper)} {number(above)} Z"
    )
    said = f"{nodes[move.source].name} to {nodes[move.target].name}: {move.moves:,} moves"
    return element("path", {"d": points, "class": "flow-band"}, (hint(said),))


def _moved_on(move: Move, ground: _Ground) -> str:
    """The number of moves to the next stage, written between the two bars."""
    y = (_row(move.source) + _row(move.target) + BAR) / 2 + 4
    return words(
        f"{move.moves:,}", x=ground.middle, y=y if ground.names_beside else y - 9, anchor="middle", css="count"
    )


def _apex(move: Move, ground: _Ground, side: int) -> float:
    """How far out an arrow swings: further, the more stages it passes."""
    far = min(0.45 + 0.18 * (abs(move.target - move.source) - 1), 1.0)
    return ground.middle + side * (ground.widest / 2 + ground.gutter * far)


def _arrow(move: Move, nodes: Sequence[Node], top: float, most: float, ground: _Ground, *, side: int) -> str:
    """From the edge of one bar to the edge of another, around those between; thicker where there are more moves."""
    start = ground.middle + side * (ground.bar(nodes[move.source].deals, top) / 2 + 1)
    end = ground.middle + side * (ground.bar(nodes[move.target].deals, top) / 2 + 7)
    down = move.target > move.source
    y1, y2 = _row(move.source) + (15 if down else 5), _row(move.target) + (5 if down else 15)
    out = ground.middle + (_apex(move, ground, side) - ground.middle) * 1.18
    control = f"{number(out)} {number(y1)} {number(out)} {number(y2)}"
    curve = f"M{number(start)} {number(y1)} C{control} {number(end)} {number(y2)}"
    tip = f"M{number(end - side * 6)} {number(y2)} l{number(side * 7)} -4 l0 8 Z"
    css = "skip" if side < 0 else "return"
    said = f"{nodes[move.source].name} to {nodes[move.target].name}: {move.moves:,} moves"
    thick = number(1.2 + 3.8 * fraction(move.moves, most))
    stroke = element("path", {"d": curve, "class": f"arrow {css}", "stroke-width": thick})
    return element("g", {}, (hint(said), stroke, element("path", {"d": tip, "class": f"tip {css}"})))


def _count(move: Move, ground: _Ground, *, side: int) -> str:
    """The number of moves, written where the arrow is furthest out."""
    y = (_row(move.source) + _row(move.target) + BAR) / 2 + 4
    x = _apex(move, ground, side)
    anchor = "middle" if ground.names_beside else "start" if side < 0 else "end"
    return words(f"{move.moves:,}", x=max(x, 0.0), y=y, anchor=anchor, css="count halo")
