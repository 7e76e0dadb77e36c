"""What to do next for the health of a rhythm, in short sentences, the most pressing first; never more than three."""

from __future__ import annotations

from dataclasses import dataclass

from headway.basics.figures import counted
from headway.basics.money import money_text
from headway.reviews.health import LOOKED_WITHIN_DAYS, Health

MOST = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. `behind`: which list shows what it is about."""

    sentence: str
    so: str
    behind: str


def advice_of(health: Health, currency: str, next_review: str = "") -> tuple[Advice, ...]:
    """`next_review`: as in "Wednesday’s"; empty where none is laid out."""
    agenda = f"{next_review} agenda" if next_review else "the next agenda"
    found = [
        _broken(health), _skipped(health), _overlooked(health, currency, agenda), _unnamed(health, agenda),
        _ceremony(health), _slow(health),
    ]  # fmt: skip
    return tuple(one for one in found if one is not None)[:MOST]


def _broken(health: Health) -> Advice | None:
    broken = health.kept.n - health.kept.kept
    if not broken:
        return None
    was = "was not kept by its" if broken == 1 else "were not kept by their"
    said = f"{broken} of {counted(health.kept.n, 'promise')} {was} day."
    return Advice(said, "Begin the next review with them: keep each, or let it go and say why.", "promises")


def _skipped(health: Health) -> Advice | None:
    if not health.skipped.done:
        return None
    was = "was" if health.skipped.done == 1 else "were"
    said = f"{health.skipped.done} of {counted(health.skipped.n, 'review')} {was} skipped."
    return Advice(said, "Move one that cannot be held; change the rhythm if the time never suits.", "skipped")


def _overlooked(health: Health, currency: str, agenda: str) -> Advice | None:
    deals = len(health.overlooked)
    if not deals:
        return None
    money = sum(deal.amount or 0 for deal in health.overlooked)
    worth = f" worth {money_text(money, currency)}" if money else ""
    was = "was" if deals == 1 else "were"
    said = f"{counted(deals, 'deal')}{worth} {was} in no review for {LOOKED_WITHIN_DAYS} days."
    return Advice(
        said, f"Put {'it' if deals == 1 else 'the largest'} on {agenda}, or disqualify what is over.", "deals"
    )


def _unnamed(health: Health, agenda: str) -> Advice | None:
    open_ones = health.named.n - health.named.done
    if not open_ones:
        return None
    was = "was" if open_ones == 1 else "were"
    said = f"{counted(open_ones, 'deviation')} on {counted(len(health.unnamed), 'deal')} {was} never named in a review."
    return Advice(said, f"Name them on {agenda}: correct, or allow with a reason.", "unnamed")


def _ceremony(health: Health) -> Advice | None:
    if not health.empty.done:
        return None
    ended = "review" if health.empty.done == 1 else "reviews"
    said = f"{health.empty.done} {ended} ended without a decision."
    return Advice(said, "Decide on each deal, if only to keep it as it is; else leave it off.", "empty")


def _slow(health: Health) -> Advice | None:
    standing = health.correction.n - health.correction.corrected
    if not standing:
        return None
    still = "still stands" if standing == 1 else "still stand"
    return Advice(
        f"{counted(standing, 'deviation')} that a review named {still}.", "Ask for each: who, by when?", "named"
    )
