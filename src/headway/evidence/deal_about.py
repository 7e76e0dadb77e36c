"""What is known of a deal beside its standing, and why its buyer is asked: values of `question`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from headway.evidence.proof import MilestoneProof


class Reason(StrEnum):
    """Why this is the question."""

    OVERDUE = "agreed act overdue"
    DISPUTED = "disputed"
    LAPSED = "lapsed"
    WEAK = "weak"
    OPEN = "open"
    ALL_PROVEN = "all proven"
    NO_MILESTONES = "no milestones"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class ContactAbout:
    """One person at the buyer. `name` is the name under which the deal's history knows them."""

    name: str
    part: str = ""
    email: str | None = None
    last_act_at: datetime | None = None
    last_act: str | None = None


@dataclass(frozen=True, slots=True)
class AgreedAct:
    """What the buyer agreed to do next, where it is still awaited."""

    what: str
    due_on: date | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class LastAct:
    """What the buyer did last."""

    what: str
    at: datetime
    who: str | None = None


@dataclass(frozen=True, slots=True)
class DealAbout:
    """What is known of a deal beside its standing. `owner`: the seller's first name, which signs the mail."""

    name: str
    account: str = ""
    contacts: tuple[ContactAbout, ...] = ()
    agreed: AgreedAct | None = None
    last_act: LastAct | None = None
    last_quote: str | None = None
    owner: str | None = None

    @property
    def company(self) -> str:
        """The account; the deal's own name where it has none."""
        return self.account.strip() or self.name.strip() or "this company"


@dataclass(frozen=True, slots=True)
class Choice:
    """Why to ask, and about which milestone."""

    reason: Reason
    proof: MilestoneProof | None = None
