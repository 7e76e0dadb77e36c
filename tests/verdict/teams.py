"""Small teams as event logs, for tests that go from a log to verdicts: `with judged_team(...) as log`."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.process.definition import Milestone, Process, Proof, Stage, Step
from tests.logs import claims, decided, event

CALL = Step("call", "Call within three days", "agreed", 3, activities=("call",))
SHEET = Step("sheet", "Send the risk sheet", "agreed", 5, activities=("sheet",))
SALE = Process(
    "Sale",
    (
        Stage("Met", (Milestone("met", "They met us", usual_days=2, proof=Proof(acts=("meeting",))),), (CALL, SHEET)),
        Stage("Agreed", (Milestone("agreed", "They agreed", usual_days=10, proof=Proof(acts=("agreement",))),)),
    ),
)
OWNERS = ("Ann", "Ben", "Cem")


def did(at: float, name: str) -> Event:
    return event(EventKind.ACTIVITY_DONE, at, name)


def acted(at: float, name: str, **more: float) -> Event:
    return event(EventKind.BUYER_ACTED, at, name, grade=3, **more)


def owned(at: float, name: str) -> Event:
    return event(EventKind.OWNER_SET, at, name)


def sized(at: float, amount: float) -> Event:
    return event(EventKind.AMOUNT_SET, at, amount=amount)


def begun(at: float, owner: str = "Ann") -> list[Event]:
    """A deal created and claimed to have met, by an owner."""
    return [event(EventKind.DEAL_CREATED, at), owned(at, owner), *claims((at, "Met"))]


def team(
    deals: int, *, cost: float, left_out: float = 0.4, owners: Sequence[str] = OWNERS, seed: int = 1, acts: bool = True
) -> dict[str, list[Event]]:
    """Deals a day apart, decided 20 days on: won with 60 % where the buyer is ready and 20 % where not, less `cost`.

    Ready buyers meet on day 1 and agree on day 9. The call is left out at random, by everybody alike.
    """
    draw = Random(seed)
    found = {}
    for number in range(deals):
        start = float(number)
        events = begun(start, owners[number % len(owners)])
        ready, without = draw.random() < 0.5, draw.random() < left_out
        if acts:
            events.append(acted(start + (1 if ready else 2.5), "meeting"))
        if acts and ready:
            events.append(acted(start + 2.5, "agreement"))
        if not without:
            events.append(did(start + 2, "call"))
        won = draw.random() < (0.75 if ready else 0.25) - cost * without
        events.append(decided(start + 20, "won" if won else "lost"))
        found[f"deal {number}"] = events
    return found
