"""One firm's weeks played through several agendas: each sees what was known that week, and what it looked at before."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from benchmarks.agenda_world import Prevented, Seen, Week, World
from headway.reviews.agenda import agenda_of, minutes_of
from headway.reviews.candidate import Candidate, LastSeen

LIMIT_DAYS = 21.0
NOT_AGAIN_DAYS = 28
Picks = Callable[[Sequence[Candidate], float, Week], list[str]]
"""From the candidates of a week to the keys of those that are talked about within the minutes."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a preventable loss can still be met: working days added before and after the truth's own window."""

    name: str
    before: float = 0.0
    after: float = 0.0

    def holds(self, loss: Prevented | None, moment: float) -> bool:
        """Whether talking at this moment meets it."""
        if loss is None:
            return False
        return loss.start - self.before <= moment <= min(loss.last_sign + self.after, loss.ends)


STRICT = Window("until the buyer's last sign")
LATER = Window("until two weeks after it", after=10)
SOONER = Window("from seven working days before the step falls due", before=7)
WINDOWS = (STRICT, LATER, SOONER)


@dataclass(frozen=True, slots=True)
class Met:
    """What one agenda met in one firm: losses and their money by window's name; `deals` a week; `different` in all."""

    losses: Mapping[str, int]
    money: Mapping[str, float]
    deals: float
    different: int


def by_value(candidates: Sequence[Candidate], minutes: float, _: Week) -> list[str]:
    """Headway's agenda."""
    return [point.key for point in agenda_of(candidates, minutes).points]


def by_amount(candidates: Sequence[Candidate], minutes: float, _: Week) -> list[str]:
    """The largest first, every week anew."""
    return _filled(sorted(candidates, key=lambda one: (-(one.amount or 0.0), one.key)), minutes)


def by_amount_in_turns(candidates: Sequence[Candidate], minutes: float, _: Week) -> list[str]:
    """The largest first, but those looked at within four weeks last."""

    def order(one: Candidate) -> tuple[bool, float, str]:
        return one.seen is not None and one.seen.days < NOT_AGAIN_DAYS, -(one.amount or 0.0), one.key

    return _filled(sorted(candidates, key=order), minutes)


def by_lot(candidates: Sequence[Candidate], minutes: float, week: Week) -> list[str]:
    """Whichever comes."""
    drawn = sorted(candidates, key=lambda one: one.key)
    random.Random(week.on.toordinal()).shuffle(drawn)
    return _filled(drawn, minutes)


AGENDAS: Mapping[str, Picks] = {
    "Headway": by_value,
    "by amount": by_amount,
    "by amount, in turns": by_amount_in_turns,
    "by lot": by_lot,
}


def played(world: World, picks: Picks, minutes: float) -> Met:
    """Every week in order. A deal takes as many minutes on one agenda as on any other."""
    looked: dict[int, date] = {}
    met: dict[str, set[int]] = {window.name: set() for window in WINDOWS}
    count = 0
    for week in world.weeks:
        chosen = picks([candidate_of(seen, week, looked.get(seen.deal)) for seen in week.deals], minutes, week)
        count += len(chosen)
        for deal in map(int, chosen):
            looked[deal] = week.on
            for window in WINDOWS:
                if window.holds(world.losses.get(deal), week.moment):
                    met[window.name].add(deal)
    money = {name: sum(world.losses[deal].amount for deal in sorted(deals)) for name, deals in met.items()}
    per_week = count / max(1, len(world.weeks))
    return Met({name: len(deals) for name, deals in met.items()}, money, per_week, len(looked))


def reachable(world: World, window: Window = STRICT) -> tuple[int, float]:
    """How many preventable losses any agenda could have met at all, and their money."""
    found = [loss for loss in world.losses.values() if any(window.holds(loss, week.moment) for week in world.weeks)]
    return len(found), sum(loss.amount for loss in found)


def candidate_of(seen: Seen, week: Week, looked_on: date | None) -> Candidate:
    """What the agenda is told of a deal; nothing of it was recorded after the eve of the review."""
    standing = seen.standing
    last = None
    if looked_on is not None:
        looked_at = datetime.combine(looked_on, time(10), UTC)
        last = LastSeen((week.on - looked_on).days, seen.moved > looked_at)
    return Candidate(
        key=str(seen.deal),
        amount=seen.amount,
        typical_amount=seen.typical,
        attention=seen.attention,
        chance=seen.chance,
        standing=standing.standing,
        silence_days=standing.silence_days,
        silence_limit_days=LIMIT_DAYS,
        gap=standing.gap,
        overdue_days=max(0, (week.on - seen.agreed_due_on).days) if seen.agreed_due_on else 0,
        close_days=(seen.close_on - week.on).days if seen.close_on else None,
        open_milestones=sum(not proof.holds for proof in standing.proofs),
        steps=tuple(one.step.seller for one in seen.left_out),
        seen=last,
    )


def _filled(candidates: Sequence[Candidate], minutes: float) -> list[str]:
    found, used = [], 0
    for one in candidates:
        if used + minutes_of(one) <= minutes:
            found.append(one.key)
            used += minutes_of(one)
    return found
