"""Which deals a review talks about, in which order and for how long: the most that its minutes can change.

Value of talking = amount x room x something that can be done x life x news, in the deal's money. It is a way to choose,
not a promise of money. Method page: docs/methods/agenda.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from headway.evidence.attention import size_of
from headway.evidence.kinds import Standing
from headway.reviews.agenda_words import sentences_of
from headway.reviews.candidate import Called, Candidate, LastSeen
from headway.reviews.kinds import ReviewKind

__all__ = [
    "Agenda",
    "Called",
    "Candidate",
    "LastSeen",
    "Point",
    "agenda_of",
    "called_by",
    "minutes_of",
    "value_of",
    "worth_of",
]

LEAST_MINUTES, MOST_MINUTES = 2, 8
ASKING, EACH_STEP = 0.4, 0.5
"""What can be done, 0 to 1, adds up as chances do: asking the buyer is 0.4 of it wherever something is open."""
ANY_CHANCE = 0.3  # where no forecast speaks of a deal
LEAST_ROOM = 0.02  # p(1 - p) of a deal that is nearly settled: never quite nothing
LIVELY, HALF_LIFE = 1 / 3, 1 / 2  # of the silence limit: as alive as any up to it; halved with each one after
UNSEEN_LIFE = 0.15  # nobody knows whether the buyer lives
SAME_AGAIN, NEWS_AGAIN = 0.05, 0.2  # what is left of a deal a week after a review looked: where it stands, or moved
SEEN_DAYS, FULL_AFTER_DAYS = 7, 42  # and when it begins to count more again, and counts whole
MOST_REMINDED = 2  # reminders after which a promise goes onto the agenda


@dataclass(frozen=True, slots=True)
class Point:
    """One deal on the agenda: minutes, what talking may change (in the deal's money), and why it is in."""

    key: str
    minutes: int
    value: float
    called: Called
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The points in order, and how many minutes they take. `left`: open deals that did not fit."""

    points: tuple[Point, ...]
    minutes: int
    left: int


def agenda_of(
    candidates: Iterable[Candidate],
    minutes: float,
    *,
    kind: ReviewKind = ReviewKind.PIPELINE,
    kept: Collection[str] = (),
) -> Agenda:
    """The agenda that fits into `minutes`. The same candidates, in whatever order they come, give the same agenda.

    Rule: deals whose promise was broken come first, then those whose promise was reminded of twice, then all others;
    within each of the three by `worth_of`. Each is taken where it still fits, else passed over for the next. Ties: the
    larger amount, then the key. Decided deals never come. `kept`: keys of deals that are on it whatever their value
    (somebody answered already); their minutes count first. ValueError for two candidates with one key.
    """
    found = sorted((one for one in candidates if one.standing is not Standing.DECIDED), key=_order_in(kind))
    if len({one.key for one in found}) < len(found):
        raise ValueError("two candidates have the same key")
    weighed = [(Point(one.key, minutes_of(one), value_of(one), called_by(one), ()), one) for one in found]
    used = sum(point.minutes for point, _ in weighed if point.key in kept)
    points: list[Point] = []
    for point, one in weighed:
        if point.key not in kept:
            if used + point.minutes > minutes:
                continue
            used += point.minutes
        points.append(replace(point, why=sentences_of(one, point.called)))
    return Agenda(tuple(points), used, len(weighed) - len(points))


def value_of(one: Candidate) -> float:
    """What talking about the deal may change, in its money: never below 0, and never less for more money."""
    amount = _money_of(one)
    return amount * _room(one.chance) * _doable(one) * _life(one) * _news(one.seen)


def worth_of(one: Candidate, kind: ReviewKind = ReviewKind.PIPELINE) -> float:
    """By what a deal is chosen: its value per minute; in a quarterly reset its money alone, whatever can be done."""
    return _money_of(one) if kind is ReviewKind.RESET else value_of(one) / minutes_of(one)


def minutes_of(one: Candidate) -> int:
    """Two, and one more for each kind of thing that is there to settle; at most eight. Never a matter of money."""
    settled = (
        one.gap is not None and one.gap > 0,
        bool(one.steps),
        bool(one.findings),
        one.overdue_days > 0,
        bool(one.promises_due) or bool(one.broken),
        one.silence_days is not None and one.silence_days > one.silence_limit_days,
    )
    return min(MOST_MINUTES, LEAST_MINUTES + sum(settled))


def called_by(one: Candidate) -> Called:
    """Why it is on the agenda, or may be."""
    return Called.BROKEN if one.broken else Called.REMINDED if one.reminded >= MOST_REMINDED else Called.VALUE


def _order_in(kind: ReviewKind) -> Callable[[Candidate], tuple[int, float, float, str]]:
    def order(one: Candidate) -> tuple[int, float, float, str]:
        return list(Called).index(called_by(one)), -worth_of(one, kind), -(one.amount or 0.0), one.key

    return order


def _money_of(one: Candidate) -> float:
    """In the main currency; an amount that is not known, or whose rate is not, counts as the typical one."""
    worth = _worth(one)
    return max(0.0, (worth if worth is not None and math.isfinite(worth) else one.typical_amount) or 0.0)


def _worth(one: Candidate) -> float | None:
    return None if one.amount is None or one.rate is None else one.amount * one.rate


def _room(chance: float | None) -> float:
    """How much a push on the odds moves the chance: p(1 - p), the slope of the logistic curve."""
    p = ANY_CHANCE if chance is None else min(max(chance, 0.0), 1.0)
    return max(LEAST_ROOM, p * (1 - p))


def _doable(one: Candidate) -> float:
    """Attention but for the money in it, a question for the buyer, and each step left out, as independent chances."""
    share = min(1.0, one.attention / size_of(_worth(one), one.typical_amount))
    asking = ASKING if one.open_milestones else 0.0
    return 1 - (1 - share) * (1 - asking) * (1 - EACH_STEP) ** len(one.steps)


def _life(one: Candidate) -> float:
    """1 while the buyer moves; past a third of the silence limit, halved with every half of it."""
    if one.silence_days is None:
        return UNSEEN_LIFE
    limits = one.silence_days / one.silence_limit_days
    return float(0.5 ** (max(0.0, limits - LIVELY) / HALF_LIFE))


def _news(seen: LastSeen | None) -> float:
    """1 for a deal that no review looked at within six weeks. What was agreed a week ago needs time to come about."""
    if seen is None:
        return 1.0
    left = NEWS_AGAIN if seen.changed else SAME_AGAIN
    since = (seen.days - SEEN_DAYS) / (FULL_AFTER_DAYS - SEEN_DAYS)
    return left + (1 - left) * min(1.0, max(0.0, since))
