"""What is forecast of a period, and why that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.verdict.value import Interval


@dataclass(frozen=True, slots=True)
class Period:
    """What a total is forecast for; both days included. `name`: `Q4 2026`."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Total:
    """What a group of deals brings by the end of the period, as a distribution. `booked`: won in it so far, included.

    `open_deals` hold `open_amount`; `without_amount` of them have none known. `stage_weighted`: as a CRM would sum it,
    amount times the share of decided deals won that ever claimed the stage, whenever they were. `base_rate`: with one
    chance for every deal. `covered`: how often a stated 80 % range held the true total in the back-test.
    """

    kind: str  # all | team | owner | segment
    name: str
    booked: float
    booked_deals: int
    open_deals: int
    open_amount: float
    without_amount: int
    low: float
    middle: float
    high: float
    mean: float
    stage_weighted: float | None
    base_rate: float | None
    covered: Interval | None
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FanDay:
    """The total as forecast at the end of a day of the period: for the fan. `booked` by then; None where too early."""

    on: date
    booked: float
    low: float | None
    middle: float | None
    high: float | None
    stage_weighted: float | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One deal's part in a change of the number. `cause`: a key of `why_it_moved.CAUSES`; `why`: the event in words."""

    deal: str
    deal_name: str
    cause: str
    amount: float
    why: str
    events: tuple[int, ...] = ()  # ordinals in the log


@dataclass(frozen=True, slots=True)
class Moved:
    """Why the number changed between the ends of two days. The pieces add up to `after - before`, to the cent.

    `causes`: (cause, its sum, deals), the largest change first.
    """

    from_on: date
    to_on: date
    before: float
    after: float
    causes: tuple[tuple[str, float, int], ...]
    pieces: tuple[Piece, ...]
