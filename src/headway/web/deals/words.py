"""What the pages of deals say: grades, states, events and silence in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from headway.basics.money import money_text
from headway.deals.events import EventKind
from headway.evidence.kinds import Grade, State
from headway.evidence.proof import MilestoneProof
from headway.evidence.provenance import Source

GRADES = {
    Grade.WORD: "your side's word",
    Grade.QUOTED: "quoted",
    Grade.WRITTEN: "written by the buyer",
    Grade.SEEN: "seen in a system",
    Grade.CORROBORATED: "confirmed by a second person",
}
SOURCES = {Source.LINK.value: "with a link", Source.FILE.value: "with a file", Source.MAIL.value: "a mail they wrote"}
RAISES = {
    Grade.WORD: "Paste their sentence, a link or a file, and it counts as quoted.",
    Grade.QUOTED: "Their own mail as an .eml file would count as written by the buyer.",
    Grade.WRITTEN: "The same from a second person there would confirm it.",
}
STANDINGS = {
    "advancing": "Advancing",
    "waiting": "Waiting",
    "drifting": "Drifting",
    "quiet": "Quiet",
    "unseen": "No buyer act seen",
    "decided": "Decided",
}
OUTCOMES = {"won": "Won", "lost": "Lost", "no_decision": "No decision", "withdrawn": "Withdrawn"}
STATES = {
    State.PROVEN: "Proven",
    State.OPEN: "Open",
    State.WEAK: "Weak",
    State.LAPSED: "Lapsed",
    State.DISPUTED: "Disputed",
}
WITHDRAWN = {EventKind.EVIDENCE_RETRACTED: "Retracted: ", EventKind.EVIDENCE_DISPUTED: "Disputed: "}
PLAIN = {
    EventKind.DEAL_CREATED: "Deal added",
    EventKind.STAGE_CLAIMED: "Claimed {name}",
    EventKind.OWNER_SET: "Owner set to {name}",
    EventKind.ACT_AGREED: "Agreed: {name}",
    EventKind.DEAL_REOPENED: "Reopened",
    EventKind.REVIEW_HELD: "Review held: {name}",
    EventKind.REVIEW_MISSED: "Review missed: {name}",
    EventKind.DEAL_INSPECTED: "Looked at in {name}",
    EventKind.EXCEPTION_ALLOWED: "Exception allowed: {name}",
    EventKind.TRIAL_ASSIGNED: "In a trial: {name}",
}
OUR_SIDE = frozenset(
    (EventKind.ACTIVITY_DONE, EventKind.REVIEW_HELD, EventKind.REVIEW_MISSED, EventKind.DEAL_INSPECTED)
)


def grade_words(grade: int | None, source: str = "") -> str:
    """`quoted`, `with a file`."""
    return SOURCES.get(source) or GRADES.get(Grade(grade or 0), "")


def silence_words(days: float | None, decided: bool) -> str:
    """The buyer's clock: `silent for 19 days`."""
    if decided:
        return ""
    if days is None:
        return "no buyer act was ever seen"
    whole = int(days)
    return "heard from them today" if whole < 1 else f"silent for {whole} day{'s' if whole != 1 else ''}"


def gap_words(gap: int | None, claimed: int | None, evidenced: int | None) -> str:
    """Where the claim stands against the evidence."""
    if evidenced is None:
        return "Where the buyer is has not been observed yet."
    if claimed is None or gap is None:
        return "Nothing in this process is claimed."
    if gap == 0:
        return "The claim and the buyer agree."
    stages = f"{abs(gap)} stage{'s' if abs(gap) != 1 else ''}"
    return f"The claim is {stages} ahead of the buyer." if gap > 0 else f"The buyer is {stages} further than claimed."


def day_words(at: datetime | date | None, today: date) -> str:
    """`3 Nov`, with the year where it is not this one."""
    if at is None:
        return "an unknown day"
    return f"{at.day} {at:%b}" + ("" if at.year == today.year else f" {at.year}")


def state_words(proof: MilestoneProof, today: date) -> str:
    """One short line below a milestone."""
    who = f" by {proof.contact}" if proof.contact else ""
    seen = day_words(proof.at, today)
    if proof.reconfirm:
        return f"Shown on {seen}{who}; old by now, still counts. Ask them to confirm it."
    if proof.state is State.PROVEN:
        return f"Shown on {seen}{who}"
    if proof.state is State.WEAK:
        needed = "their words" if proof.milestone.proof.grade <= Grade.QUOTED else "something they wrote"
        return f"Only a note of {seen}: add {needed} and it counts."
    if proof.state is State.LAPSED:
        return f"Shown on {seen}{who}, older than {proof.milestone.proof.shelf_life_days} days: ask them to confirm it."
    if proof.state is State.DISPUTED:
        return f"What was recorded on {seen} is disputed: have them show it anew."
    usual = proof.milestone.usual_days
    return f"Not shown yet; usually takes {usual} days" if usual else "Not shown yet"


def topic_of(milestone: str | None) -> str:
    """A milestone's id as words."""
    return (milestone or "").replace("_", " ").replace("-", " ")


def event_words(
    kind: EventKind,
    name: str | None,
    amount: float | None,
    due_on: date | None,
    currency: str,
    lines: Mapping[str, str],
) -> str:
    """What happened, in a few words. `lines`: the milestones' ids and texts."""
    match kind:
        case EventKind.ACTIVITY_DONE | EventKind.BUYER_ACTED:
            return (name or "")[:1].upper() + (name or "")[1:]
        case EventKind.EVIDENCE_RECORDED | EventKind.EVIDENCE_RETRACTED | EventKind.EVIDENCE_DISPUTED:
            return WITHDRAWN.get(kind, "") + (lines.get(name or "") or topic_of(name))
        case EventKind.AMOUNT_SET:
            return f"Amount set to {money_text(amount, currency)}" if amount is not None else "Amount cleared"
        case EventKind.CLOSE_DATE_SET:
            return f"Close date set to {due_on.day} {due_on:%b %Y}" if due_on else "Close date cleared"
        case EventKind.DEAL_DECIDED:
            return f"Decided: {OUTCOMES.get(name or '', name)}"
        case EventKind.ACT_AGREED:
            due = f", by {due_on.day} {due_on:%b %Y}" if due_on else ""
            return f"{PLAIN[kind].format(name=name)}{due}"
        case EventKind.EXCEPTION_ALLOWED:
            until = f", until {due_on.day} {due_on:%b %Y}" if due_on else ""
            return f"{PLAIN[kind].format(name=topic_of(name))}{until}"
    return PLAIN[kind].format(name=name)


def side_of(kind: EventKind) -> str:
    """Whose history an event belongs to: buyer, seller or claim."""
    if kind in (EventKind.BUYER_ACTED, EventKind.EVIDENCE_RECORDED, EventKind.ACT_AGREED):
        return "buyer"
    return "seller" if kind in OUR_SIDE else "claim"
