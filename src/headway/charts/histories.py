"""Three histories of one deal on a time line: what the buyer did, what was claimed against shown, what the seller did.

The claimed stage is a line of steps, the evidenced stage a filled area below it: where they part, the claim is ahead of
the buyer. Today is a line across; the act that the buyer agreed to lies beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.charts.scale import MONTHS, day_text, month_ticks
from headway.charts.svg import Attribute, box, chart, element, hint, line, percent, words

BUYER_Y, TOP_Y, BOTTOM_Y, SELLER_Y, TICK_Y, HEIGHT = 22, 50, 118, 142, 172, 178
LEAST_DAYS = 14  # a shorter span is drawn this long, so that two marks of one day stand apart from its ends
SHAPES = {"act": "act", "proof": "proof", "weak": "weak", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something at one moment. `shape`, of the buyer's: act, proof, weak (too little) or withdrawn."""

    at: datetime
    text: str
    shape: str = "act"


@dataclass(frozen=True, slots=True)
class Level:
    """From `at` on the stage is `rank` (1 = first; 0: none)."""

    at: datetime
    rank: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the buyer agreed to do, on the day it is due; `late`: that day has passed and nothing was seen."""

    at: datetime
    text: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Histories:
    """What is drawn. `today`: the moment asked about. `folded`: how many older happenings are left out.

    `stages` is how many the process has; `decided` is the word for the end of a decided deal.
    """

    starts_at: datetime
    today: datetime
    buyer: tuple[Happening, ...] = ()
    seller: tuple[Happening, ...] = ()
    claimed: tuple[Level, ...] = ()
    evidenced: tuple[Level, ...] = ()
    stages: int = 1
    agreed: Ahead | None = None
    decided: str = ""
    folded: int = 0


def three_histories(shown: Histories, *, title: str, desc: str) -> str:
    """The picture, as wide as its box; `title` and `desc` are for those who cannot see it."""
    last = max(shown.today, shown.agreed.at if shown.agreed else shown.today)
    span = max((last - shown.starts_at) * 1.03, timedelta(days=LEAST_DAYS))

    def place(at: datetime) -> float:
        return min(max((at - shown.starts_at) / span, 0.0), 1.0)

    now = place(shown.today)
    children = [
        words("Buyer", x=0, y=BUYER_Y + 4, anchor="end", dx=-10, css="lane buyer"),
        words("Stage", x=0, y=(TOP_Y + BOTTOM_Y) / 2 + 4, anchor="end", dx=-10, css="lane"),
        words("Seller", x=0, y=SELLER_Y + 4, anchor="end", dx=-10, css="lane"),
        *_axis(shown.starts_at, shown.starts_at + span, place),
        line("0%", BUYER_Y, percent(now), BUYER_Y, "rail"),
        line("0%", SELLER_Y, percent(now), SELLER_Y, "rail"),
        *_evidenced([(place(level.at), level) for level in shown.evidenced], now, shown.stages),
        *_claimed([(place(level.at), level) for level in shown.claimed], now, shown.stages),
        *_today(now, shown.decided or "today"),
        *(_tick(place(one.at), one) for one in shown.seller),
        *(_mark(place(one.at), one) for one in shown.buyer),
    ]
    if not shown.buyer:
        children.append(words("no buyer act seen", x=percent(now / 2), y=BUYER_Y - 6, css="note", anchor="middle"))
    if shown.agreed is not None:
        children += _ahead(now, place(shown.agreed.at), shown.agreed)
    if shown.folded:
        children.append(words(f"{shown.folded:,} earlier not drawn", x="0%", y=12, css="tick", dx=2))
    return chart(children, height=HEIGHT, title=title, desc=desc, css="time-line histories")


def _height(rank: int, stages: int) -> float:
    """Rank 0 is the floor of the band, the last stage its top."""
    return BOTTOM_Y - (BOTTOM_Y - TOP_Y) * min(max(rank / max(stages, 1), 0.0), 1.0)


def _axis(starts_at: datetime, ends_at: datetime, place: Callable[[datetime], float]) -> list[str]:
    children = [line("0%", BOTTOM_Y, "100%", BOTTOM_Y, "grid")]
    first, last = starts_at.date(), ends_at.date()
    ticks = month_ticks(first, last, 5)
    for index, tick in enumerate(ticks):
        x = percent(place(datetime(tick.year, tick.month, 1, tzinfo=starts_at.tzinfo)))
        year = f" {tick.year}" if index == 0 or tick.month == 1 else ""
        children += [
            line(x, TOP_Y - 8, x, TICK_Y - 14, "grid"),
            words(f"{MONTHS[tick.month - 1]}{year}", x=x, y=TICK_Y, css="tick", anchor="middle"),
        ]
    if not ticks:
        children.append(words(day_text(first), x="0%", y=TICK_Y, css="tick"))
    return children


def _evidenced(levels: list[tuple[float, Level]], now: float, stages: int) -> list[str]:
    children = []
    for index, (left, level) in enumerate(levels):
        right = levels[index + 1][0] if index + 1 < len(levels) else now
        y = _height(level.rank, stages)
        if right > left and level.rank > 0:
            children.append(box(percent(left), y, percent(right - left), BOTTOM_Y - y, "shown-area"))
            children.append(line(percent(left), y, percent(right), y, "shown-line"))
    return children


def _claimed(levels: list[tuple[float, Level]], now: float, stages: int) -> list[str]:
    children: list[str] = []
    for index, (left, level) in enumerate(levels):
        right = max(levels[index + 1][0] if index + 1 < len(levels) else now, left)
        y = _height(level.rank, stages)
        children.append(line(percent(left), y, percent(right), y, "claim"))
        if index > 0:
            children.append(line(percent(left), _height(levels[index - 1][1].rank, stages), percent(left), y, "claim"))
        if css := _room(right - left, level.text):
            children.append(words(level.text, x=percent(left), y=y - 5, dx=3, css=f"{css} halo"))
        elif index + 1 == len(levels):  # the claim that stands is always named
            children.append(words(level.text, x=percent(right), y=y - 5, dx=-4, css="note halo", anchor="end"))
    return children


def _today(now: float, word: str) -> list[str]:
    x = percent(now)
    anchor, aside = ("end", -4) if now > 0.12 else ("start", 4)
    return [
        line(x, 6, x, SELLER_Y + 12, "today"),
        words(word, x=x, y=SELLER_Y + 12, css="tick", anchor=anchor, dx=aside),
    ]


def _tick(x: float, one: Happening) -> str:
    across = percent(x)
    tick: dict[str, Attribute] = {"x1": across, "x2": across, "y1": SELLER_Y - 6.0, "y2": SELLER_Y + 6.0}
    return element("line", tick | {"class": "seller-mark"}, (hint(f"{day_text(one.at)}: {one.text}"),))


def _mark(x: float, one: Happening) -> str:
    """An act is a small dot, a proof a large one with a tick, a weak one a ring, a withdrawn one crossed out."""
    said = (hint(f"{day_text(one.at)}: {one.text}"),)
    across = percent(x)
    radius = 3.5 if one.shape == "act" else 6.0
    shape = element("circle", {"cx": across, "cy": BUYER_Y, "r": radius, "class": f"buyer-{SHAPES[one.shape]}"}, said)
    sign = {"proof": "✓", "withdrawn": "✕"}.get(one.shape)
    if sign is None:
        return shape
    return shape + words(sign, x=across, y=BUYER_Y + 3.5, css=f"sign-{one.shape}", anchor="middle")


def _ahead(now: float, due: float, agreed: Ahead) -> list[str]:
    css = "agreed late" if agreed.late else "agreed"
    said = hint(f"{'was due' if agreed.late else 'due'} {day_text(agreed.at)}: {agreed.text}")
    across = percent(due)
    return [
        line(percent(min(now, due)), BUYER_Y, percent(max(now, due)), BUYER_Y, "agreed-way"),
        element("circle", {"cx": across, "cy": BUYER_Y, "r": 6.0, "class": css}, (said,)),
        words("due", x=across, y=BUYER_Y - 10, css="tick", anchor="middle"),
    ]


def _room(width: float, text: str) -> str:
    """Where a stage's name fits on its step: everywhere, on wide pictures only, or nowhere."""
    needed = 6.6 * len(text) + 6
    return "note" if width * 250 >= needed else "note roomy" if width * 640 >= needed else ""


def levels_of(levels: Sequence[Level]) -> tuple[Level, ...]:
    """The same without repetitions of a rank."""
    kept: list[Level] = []
    for level in levels:
        if not kept or kept[-1].rank != level.rank:
            kept.append(level)
    return tuple(kept)
