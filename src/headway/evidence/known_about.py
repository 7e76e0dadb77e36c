"""What a deal's history tells beside its standing: who at the buyer did what last, and what is still awaited of them.

The same for many deals at once is in `headway.jobs.deal_rows`; a property test demands that both agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.deal_about import AgreedAct, ContactAbout, DealAbout, LastAct
from headway.evidence.kinds import Grade
from headway.evidence.proof import is_withdrawn
from headway.evidence.standing import observed_acts

BUYER_KINDS = (EventKind.BUYER_ACTED, EventKind.EVIDENCE_RECORDED)
WITHDRAWING = (EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)


def awaited_act(known: DealHistory, at: datetime) -> Event | None:
    """What the buyer agreed to do last, until its day has come and the buyer was seen to act since it was agreed."""
    agreed = known.last(EventKind.ACT_AGREED)
    if agreed is None or known.decision is not None:
        return None
    last_at = max(observed_acts(known.events), default=None)
    return agreed if is_awaited(agreed.happened_at, agreed.due_on, last_at, at) else None


def is_awaited(agreed_at: datetime, due_on: date | None, last_act_at: datetime | None, at: datetime) -> bool:
    """Of an act agreed on: whether its day is still to come, or the buyer was not seen to act since."""
    if due_on is not None and due_on >= at.date():
        return True
    return last_act_at is None or last_act_at <= agreed_at


def topic_of(name: str | None) -> str:
    """What the buyer did, or a milestone's id, as words."""
    return (name or "").replace("_", " ").replace("-", " ")


def contacts_about(
    written: Iterable[tuple[str, str, str]], named: Iterable[str], last: Mapping[str, tuple[datetime, str | None]]
) -> tuple[ContactAbout, ...]:
    """Those whom people wrote down (name, part, address), then those whom only the history names, in order of name.

    `last`: per name, when they acted last and what they did.
    """
    people = list(written)
    known = {name for name, _, _ in people}
    people += [(name, "", "") for name in sorted(set(named) - known)]
    found = []
    for name, part, email in people:
        at, what = last.get(name, (None, None))
        found.append(ContactAbout(name, part, email or None, at, topic_of(what) or None))
    return tuple(found)


def deal_about(
    known: DealHistory,
    at: datetime,
    *,
    name: str,
    account: str,
    owner: str,
    written: Sequence[tuple[str, str, str]] = (),
) -> DealAbout:
    """For `headway.evidence.question`. `known`: the history as of the moment `at`; `written`: contacts people noted."""
    taken = tuple(e for e in known.events if e.kind in WITHDRAWING)
    told = [e for e in known.events if e.kind in BUYER_KINDS]
    stands = [e for e in told if not any(is_withdrawn(e, e.name or "", taken, kind) for kind in WITHDRAWING)]
    acts = [e for e in stands if e.kind is EventKind.BUYER_ACTED or (e.grade or 0) > Grade.WORD]
    quotes = [e.note for e in stands if e.kind is EventKind.EVIDENCE_RECORDED and e.note]
    last = {e.contact: (e.happened_at, e.name) for e in told if e.contact}
    agreed = awaited_act(known, at)
    return DealAbout(
        name=name,
        account=account,
        contacts=contacts_about(written, (e.contact for e in known.events if e.contact), last),
        agreed=AgreedAct(agreed.name or "", agreed.due_on, agreed.contact or None) if agreed else None,
        last_act=LastAct(topic_of(acts[-1].name), acts[-1].happened_at, acts[-1].contact) if acts else None,
        last_quote=quotes[-1] if quotes else None,
        owner=first_name(owner),
    )


def first_name(name: str) -> str | None:
    """The first word of a name, which signs a mail."""
    words = name.split()
    return words[0] if words else None
