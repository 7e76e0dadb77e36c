"""One deal over time: what the buyer did above, what the CRM claimed between, what the seller did below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.charts.scale import day_text
from headway.charts.svg import Attribute, box, chart, dot, element, hint, line, percent, words

BUYER_Y, TOP_Y, BOTTOM_Y, SELLER_Y, HEIGHT = 13, 34, 82, 104, 130


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at one moment."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The CRM said stage `rank` (1-based) from `at` on."""

    at: datetime
    rank: int
    text: str


def deal_time_line(
    *,
    starts_at: datetime,
    ends_at: datetime,
    buyer: Sequence[Mark],
    seller: Sequence[Mark],
    claims: Sequence[Claim],
    last_rank: int,
    end: str | None,
    title: str,
    desc: str = "",
) -> str:
    """Buyer acts are dots, seller's activities are ticks, claims are steps that rise with the stage.

    `end` is the word at the right end: the outcome, or how things stand.
    """

    def place(at: datetime) -> float:
        span = (ends_at - starts_at) / timedelta(seconds=1)
        return min(max((at - starts_at) / timedelta(seconds=1) / span, 0.0), 1.0) if span > 0 else 0.0

    children = [
        words("Buyer", x=0, y=BUYER_Y + 4, anchor="end", dx=-10, css="lane buyer"),
        words("Claimed", x=0, y=(TOP_Y + BOTTOM_Y) / 2 + 4, anchor="end", dx=-10, css="lane"),
        words("Seller", x=0, y=SELLER_Y + 4, anchor="end", dx=-10, css="lane"),
        line("0%", BUYER_Y, "100%", BUYER_Y, "rail"),
        line("0%", SELLER_Y, "100%", SELLER_Y, "rail"),
    ]
    children += _claims([(place(claim.at), claim) for claim in claims], max(last_rank, 1))
    for mark in seller:
        x = percent(place(mark.at))
        tick: dict[str, Attribute] = {
            "x1": x,
            "x2": x,
            "y1": SELLER_Y - 5.0,
            "y2": SELLER_Y + 5.0,
            "class": "seller-mark",
        }
        children.append(element("line", tick, (hint(f"{day_text(mark.at)}: {mark.text}"),)))
    for mark in buyer:
        said = f"{day_text(mark.at)}: {mark.text}"
        children.append(dot(percent(place(mark.at)), BUYER_Y, 5, "mark", said))
    if not buyer:
        children.append(words("no buyer act observed", x="50%", y=BUYER_Y - 3, css="note", anchor="middle"))
    children.append(words(day_text(starts_at), x="0%", y=HEIGHT - 4, css="tick"))
    last = day_text(ends_at) if end is None else f"{end} {day_text(ends_at)}"
    children.append(words(last, x="100%", y=HEIGHT - 4, css="tick", anchor="end"))
    return chart(children, height=HEIGHT, title=title, desc=desc, css="time-line")


def _claims(claims: list[tuple[float, Claim]], last_rank: int) -> list[str]:
    def level(rank: int) -> float:
        return BOTTOM_Y - (BOTTOM_Y - TOP_Y) * min(max((rank - 1) / max(last_rank - 1, 1), 0), 1)

    children: list[str] = []
    for index, (left, claim) in enumerate(claims):
        right = claims[index + 1][0] if index + 1 < len(claims) else 1.0
        y = level(claim.rank)
        children.append(box(percent(left), y, percent(max(right - left, 0)), BOTTOM_Y + 4 - y, "claim-area"))
        children.append(line(percent(left), y, percent(right), y, "claim"))
        if index > 0:
            children.append(line(percent(left), level(claims[index - 1][1].rank), percent(left), y, "claim"))
        css = _room(right - left, claim.text)
        if css:
            children.append(words(claim.text, x=percent(left), y=y - 5, dx=4, css=css))
    return children


def _room(width: float, text: str) -> str:
    """Where a stage's name fits on its step: everywhere, on wide pictures only, or nowhere."""
    needed = 7.0 * len(text) + 8
    return "note" if width * 230 >= needed else "note roomy" if width * 600 >= needed else ""
