"""Open deals: what is claimed, what is evidenced, and the gap between the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MilestoneState:
    """proven | open | weak | lapsed | disputed, and whether a lapse only asks to re-confirm."""

    id: str
    rank: int
    buyer: str
    ask: str
    state: str
    reconfirm: bool = False
    ahead: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open deal: what is claimed, what is evidenced, how silent it is and what it is doing."""

    id: str
    name: str
    account: str | None
    owner: str | None
    amount: float | None
    currency: str | None
    process: str
    claimed_rank: int | None
    claimed: str | None
    evidenced_rank: int | None  # 0: nothing evidenced yet; None: not observed
    evidenced: str | None
    gap: int | None
    gap_amount: float | None
    silence_days: float | None
    seller_silence_days: float | None
    standing: str
    days_in_stage: float | None
    close_on: date | None
    past_won: int | None  # of past deals this silent at this stage ...
    past_n: int | None
    question: str | None
    milestones: tuple[MilestoneState, ...] = ()
    worth: float | None = None  # the amount in the main currency, None where no rate was stated


@dataclass(frozen=True, slots=True)
class StageGap:
    """Open pipeline at one stage and beyond, as claimed and as evidenced (observed deals only)."""

    process: str
    rank: int
    stage: str
    claimed_deals: int
    claimed_amount: float
    evidenced_deals: int
    evidenced_amount: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Claimed against evidenced over all open deals."""

    open_deals: int
    observed_deals: int
    inflated: int
    even: int
    sandbagged: int
    amount: float | None  # in money, None where hidden
    stages: tuple[StageGap, ...]
    standings: tuple[tuple[str, int, float], ...]  # standing, deals, amount
    silence_limit_days: float
    silence_from: str  # own past | process
    reason: str | None = None
    amount_low: float | None = None  # 95 % interval of amount
    amount_high: float | None = None
    amount_deals: int = 0  # open deals that amount is about
    amount_n: int = 0  # past deals it rests on
