"""What somebody changed on a deal since its agenda was made, in a few words: what was settled before the meeting."""

from __future__ import annotations

from datetime import date

from headway.basics.money import money_text
from headway.deals.events import EventKind

# What counts as having mended something; what a seller did themselves settles nothing.
MENDING = (
    EventKind.EVIDENCE_RECORDED,
    EventKind.EVIDENCE_RETRACTED,
    EventKind.EVIDENCE_DISPUTED,
    EventKind.BUYER_ACTED,
    EventKind.ACT_AGREED,
    EventKind.STAGE_CLAIMED,
    EventKind.AMOUNT_SET,
    EventKind.CLOSE_DATE_SET,
    EventKind.OWNER_SET,
    EventKind.DEAL_DECIDED,
    EventKind.EXCEPTION_ALLOWED,
)
BEFORE = {
    EventKind.EVIDENCE_RECORDED: "Recorded",
    EventKind.EVIDENCE_RETRACTED: "Retracted",
    EventKind.EVIDENCE_DISPUTED: "Disputed",
    EventKind.BUYER_ACTED: "Recorded",
    EventKind.ACT_AGREED: "Agreed",
    EventKind.STAGE_CLAIMED: "Claimed",
    EventKind.OWNER_SET: "Owner set to",
    EventKind.DEAL_DECIDED: "Decided:",
    EventKind.EXCEPTION_ALLOWED: "Exception allowed:",
}
AS_IDS = (
    EventKind.EVIDENCE_RECORDED,
    EventKind.EVIDENCE_RETRACTED,
    EventKind.EVIDENCE_DISPUTED,
    EventKind.DEAL_DECIDED,
    EventKind.EXCEPTION_ALLOWED,
)


def change_words(kind: EventKind, name: str, amount: float | None, due_on: date | None, currency: str) -> str:
    """`Claimed Discovery`, `Amount set to €45 k`, `Agreed legal reads it, by 3 Dec 2026`."""
    if kind is EventKind.AMOUNT_SET:
        return f"Amount set to {money_text(amount, currency)}" if amount is not None else "Amount cleared"
    if kind is EventKind.CLOSE_DATE_SET:
        return f"Close date set to {due_on.day} {due_on:%b %Y}" if due_on else "Close date cleared"
    said = name.replace("_", " ") if kind in AS_IDS else name
    until = f", by {due_on.day} {due_on:%b %Y}" if kind is EventKind.ACT_AGREED and due_on else ""
    return f"{BEFORE[kind]} {said}{until}".strip()
