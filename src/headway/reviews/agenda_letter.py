"""The agenda as a message for one person: their own deals first, with what they can settle before the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from headway.reviews.agenda_deal import AgendaDeal
from headway.reviews.minutes import Promised, minutes_words, moment_words
from headway.reviews.paper import Line, Paper, Part, one_line

MOST_OTHERS = 30
MOST_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class Announced:
    """A review to come."""

    name: str
    workspace: str
    leader: str
    due_at: datetime
    minutes: int
    place: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A point as the letter names it. `mine`: of the person who reads."""

    title: str
    minutes: float
    why: tuple[str, ...]
    deal: AgendaDeal | None
    mine: bool


def agenda_subject(review: Announced, own: int, zone: str) -> str:
    """One line, with how many deals wait for an answer."""
    there = review.due_at.astimezone(ZoneInfo(zone or "UTC"))
    waits = f", {own} of your deals" if own > 1 else ", one of your deals" if own else ""
    return one_line(f"Agenda: {review.name}, {there:%a} {there.day} {there:%b}, {there:%H:%M}{waits}")


def agenda_paper(
    review: Announced, points: Sequence[Listed], promises: Sequence[Promised], zone: str, address: str, *, leads: bool
) -> Paper:
    """For somebody in `zone`. `promises`: the leader's own, broken and due. `leads`: the reader is the leader."""
    own = [point for point in points if point.mine]
    others = [point for point in points if not point.mine]
    lead = [f"{moment_words(review.due_at, zone)}, {minutes_words(review.minutes)}, led by {review.leader}."]
    if review.place:
        lead.append(f"Where: {one_line(review.place)}")
    if own:
        deals = "One of your deals is" if len(own) == 1 else f"{len(own)} of your deals are"
        lead.append(f"{deals} on it. What you answer, mend or dispute before needs no time in the meeting.")
    parts = []
    if promises:
        whose = "Your own promises" if leads else f"{review.leader}’s own promises"
        lines = tuple(Line(one.words, "Broken" if one.state == "broken" else "Due") for one in promises)
        parts.append(Part(whose, lines=lines))
    parts += [_own(point) for point in own]
    if others:
        lines = tuple(_other(point) for point in others[:MOST_OTHERS])
        if len(others) > MOST_OTHERS:
            left = others[MOST_OTHERS:]
            lines = (*lines, Line(f"and {len(left)} more, {minutes_words(sum(point.minutes for point in left))}"))
        parts.append(Part("Also on the agenda" if own else "On the agenda", lines=lines))
    return Paper(
        title=one_line(f"Agenda of {review.name}"),
        lead=tuple(lead),
        parts=tuple(parts),
        link=("Open the agenda", address),
        foot=one_line(f"You get this because you take part in {review.name} of {review.workspace}."),
    )


def _own(point: Listed) -> Part:
    lines = [Line(reason) for reason in point.why]
    deal = point.deal
    if deal:
        lines.append(Line(last_act_words(deal), "Last buyer act"))
        lines += [Line(text, "Gained") for text in deal.gained]
        lines += [Line(text, "Lost") for text in deal.lost]
        lines += [Line(text, "Off the process") for text in deal.findings[:MOST_FINDINGS]]
        lines += [Line(text, "Promise due") for text in deal.promises]
        if deal.ask:
            lines.append(Line(deal.ask, f"Ask {deal.ask_to}" if deal.ask_to else "Ask"))
    return Part(point.title, minutes_words(point.minutes), tuple(lines))


def _other(point: Listed) -> Line:
    owner = f", {point.deal.owner}" if point.deal and point.deal.owner else ""
    return Line(f"{point.title}{owner}, {minutes_words(point.minutes)}")


def last_act_words(deal: AgendaDeal) -> str:
    """What the buyer last did, who there, and when; or that nothing was seen."""
    act = deal.last_act
    if act is None:
        return "none was ever seen"
    who = f" ({act.contact})" if act.contact else ""
    return f"{act.what}{who}, {act.on.day} {act.on:%b %Y}"
