"""Figures as people read them, alike in the report and in the terminal. Unknown is always said, never blank or 0."""

from __future__ import annotations

from datetime import date, datetime

from headway.basics import figures
from headway.basics.figures import count_text, listed
from headway.basics.money import money_text
from headway.charts.scale import day_text
from headway.diagnosis.value import Share

__all__ = ["count_text", "listed"]  # taken from here by screens and reports, beside the figures below

UNKNOWN = "unknown"
NO_BREAK = "\u00a0"
DASH = "\u2060–\u2060"  # an en dash at which no line breaks

STANDINGS = {
    "advancing": "the buyer has moved lately",
    "waiting": "something agreed is not yet due",
    "drifting": "the seller is active, the buyer is silent",
    "quiet": "both are silent",
    "unseen": "no buyer act was ever observed",
    "decided": "won, lost or ended",
}
OUTCOMES = {"won": "won", "lost": "lost", "no_decision": "no decision", "withdrawn": "withdrawn"}
KINDS = {
    "deal_created": "created",
    "stage_claimed": "claimed",
    "amount_set": "amount",
    "close_date_set": "close date",
    "owner_set": "owner",
    "activity_done": "seller",
    "buyer_acted": "buyer",
    "act_agreed": "agreed",
    "evidence_recorded": "evidence",
    "evidence_retracted": "retracted",
    "evidence_disputed": "disputed",
    "deal_decided": "decided",
    "deal_reopened": "reopened",
    "review_held": "review",
    "review_missed": "review missed",
    "deal_inspected": "inspected",
    "exception_allowed": "exception",
    "trial_assigned": "trial",
}


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 deal`, `812 deals`."""
    return f"{count_text(count)}{NO_BREAK}{one if count == 1 else many or one + 's'}"


def percent_text(share: float | None) -> str:
    """`47 %`; tells apart none from hardly any, and all from nearly all."""
    return UNKNOWN if share is None else f"{figures.percent_figure(share)} %".replace(" ", NO_BREAK)


def interval_text(low: float | None, high: float | None) -> str:
    """`42–52 %`: a 95 % interval."""
    if low is None or high is None:
        return UNKNOWN
    left, right = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return f"{left}{NO_BREAK}%" if left == right else f"{left}{DASH}{right}{NO_BREAK}%"


def grounds_text(share: Share | None) -> str:
    """What a share rests on: `42–52 %, n 640`."""
    return UNKNOWN if share is None else f"{interval_text(share.low, share.high)}, n{NO_BREAK}{count_text(share.n)}"


def share_text(share: Share | None) -> str:
    """`47 % (42–52 %, n 640)`."""
    return UNKNOWN if share is None else f"{percent_text(share.value)} ({grounds_text(share)})"


def days_text(days: float | None) -> str:
    """`12 days`; under two days with one decimal."""
    if days is None:
        return UNKNOWN
    if 0 < days < 1.95:
        return f"{days:.1f}{NO_BREAK}days" if round(days, 1) != 1 else f"1{NO_BREAK}day"
    return counted(round(days), "day")


def days_figure(days: float | None) -> str:
    """The same without the word, for a column headed by it."""
    return UNKNOWN if days is None else days_text(days).split(NO_BREAK, 1)[0]


def points_text(points: float | None) -> str:
    """A difference of shares in points: `+12`, `−3`."""
    return UNKNOWN if points is None else figures.points_text(points)


def date_text(day: date | datetime | None) -> str:
    """`4 Mar 2026`."""
    return UNKNOWN if day is None else day_text(day).replace(" ", NO_BREAK)


def worth(amount: float | None, currency: str | None) -> str:
    """Money that does not break across lines."""
    return money_text(amount, currency).replace(" ", NO_BREAK)


def total_worth(amount: float, deals: int, currency: str | None) -> str:
    """A sum over deals; where deals are there and no money is, their amounts are not known."""
    return "amounts unknown" if deals and not amount else worth(amount, currency)


def sentence(text: str) -> str:
    """A reason as a sentence: with a capital and a full stop."""
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "?")) else f"{whole}."


def stage_or(name: str | None, rank: int | None) -> str:
    """The evidenced stage's name; `nothing yet` at rank 0; `not observed` where no buyer act was."""
    if rank is None:
        return "not observed"
    return name or ("nothing yet" if rank == 0 else f"stage {rank}")
