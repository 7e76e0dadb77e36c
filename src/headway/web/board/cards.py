"""A deal as its card says it: who, how much, what it is doing, and the claim as a marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from headway.basics.language import told
from headway.basics.money import money_text
from headway.store.queries.board import Card
from headway.web.board.asked import UNSEEN


@dataclass(frozen=True, slots=True)
class Marker:
    """The claim. `kind`: ahead, agree, behind, unseen, other or none; `words` and `gap` say it in full."""

    kind: str
    words: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """`steps`: a tick for each stage, as HTML."""

    key: str
    name: str
    sub: str
    amount: str
    standing: str
    silence: str
    marker: Marker
    slug: str
    claimed: int
    was: str
    attention: float
    steps: SafeString


def marker_of(card: Card, stages: Sequence[str]) -> Marker:
    """What the card says of the claim: where it is, and how far from what the buyer has shown."""
    if not card.claimed:
        return Marker("none", told("Claims nothing"))
    if card.claimed_rank is None:
        return Marker("other", told("Claims {0}").replace("{0}", f"“{card.claimed}”"), "no stage here")
    known = 0 < card.claimed_rank <= len(stages)
    # By its shape: so short a sentence is not known by its words alone, and the name of a stage is nobody's but theirs.
    words = told("Claims {0}").replace("{0}", stages[card.claimed_rank - 1] if known else card.claimed)
    if card.gap is None:
        return Marker("unseen", words)
    if card.gap == 0:
        return Marker("agree", words, "as shown")
    return (
        Marker("ahead", words, f"{card.gap} ahead") if card.gap > 0 else Marker("behind", words, f"{-card.gap} behind")
    )


def card_view(card: Card, stages: Sequence[str], at: datetime) -> CardView:
    """One card. `stages`: names of the stages of its process; `at`: the moment shown."""
    days = None if card.last_buyer_act_at is None else max((at - card.last_buyer_act_at).days, 0)
    about = [card.account if card.account and card.account not in card.name else "", card.owner or "nobody’s"]
    evidenced, claimed = card.evidenced_rank or 0, card.claimed_rank or 0
    return CardView(
        key=card.key,
        name=card.name,
        sub=" · ".join(filter(None, about)),
        amount=money_text(float(card.amount), card.currency) if card.amount is not None else "",
        standing=card.standing,
        silence="" if days is None else "heard today" if days == 0 else f"silent {days} d",
        marker=marker_of(card, stages),
        slug=UNSEEN if card.evidenced_rank is None else str(card.evidenced_rank),
        claimed=claimed,
        was=card.claimed,
        attention=round(card.attention, 6),
        steps=steps_of(evidenced, claimed, len(stages)),
    )


@lru_cache(maxsize=512)
def steps_of(evidenced: int, claimed: int, stages: int) -> SafeString:
    """A tick for each stage: real (evidenced), lacking (claimed, not shown) or nothing; and where the claim is."""
    ticks = []
    for rank in range(1, stages + 1):
        drawn = "real" if rank <= evidenced else "lacking" if rank <= claimed else ""
        ticks.append(f'<i class="{drawn}{" claim" if rank == claimed else ""}"></i>')
    return mark_safe("".join(ticks))  # noqa: S308 (our own words only)
