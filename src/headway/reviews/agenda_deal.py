"""One deal on an agenda as everybody reads it: evidence first, then what was gained or lost, then the seller's account.

`AgendaItem.facts` of the store holds `facts_of(deal)`; `deal_from(facts)` reads it again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class LastAct:
    """What the buyer last did that we observed. `contact`: empty where nobody is named."""

    what: str
    contact: str
    on: date


@dataclass(frozen=True, slots=True)
class AgendaDeal:
    """A deal as of the review's moment.

    `gap`: claimed minus evidenced stages, None where not observed. `gained`, `lost`: milestones proven or no longer
    proven since the last review (or 30 days), in the buyer's words. `findings`: what departs from the process, one
    short sentence each. `promises`: due by then, as sentences. `ask`: the one question for the buyer. `chance`: of
    being won by the period's end, None where nothing is known; shown only after one's own call.
    """

    key: str
    name: str
    account: str
    owner: str
    amount: float | None
    currency: str
    claimed: str
    evidenced: str
    gap: int | None
    standing: str
    silence_days: int | None
    closes_on: date | None
    last_act: LastAct | None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    ask: str = ""
    ask_to: str = ""
    chance: float | None = None


def facts_of(deal: AgendaDeal) -> dict[str, Any]:
    """As JSON: dates as ISO texts."""
    facts = asdict(deal)
    facts["closes_on"] = deal.closes_on.isoformat() if deal.closes_on else None
    if deal.last_act:
        facts["last_act"]["on"] = deal.last_act.on.isoformat()
    return facts


def deal_from(facts: dict[str, Any]) -> AgendaDeal:
    """The deal that `facts_of` wrote; names it does not know are left out, so that older agendas stay readable."""
    known = {name: facts[name] for name in AgendaDeal.__dataclass_fields__ if name in facts}
    for name in ("gained", "lost", "findings", "promises"):
        known[name] = tuple(known.get(name, ()))
    if known.get("closes_on"):
        known["closes_on"] = date.fromisoformat(known["closes_on"])
    if known.get("last_act"):
        act = known["last_act"]
        known["last_act"] = LastAct(act["what"], act["contact"], date.fromisoformat(act["on"]))
    return AgendaDeal(**known)
