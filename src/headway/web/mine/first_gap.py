"""What the ten largest deals show together: claimed against evidenced, and who is silent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.evidence.standing import DealStanding
from headway.process.definition import Process
from headway.store.queries.my_deals import DealRow
from headway.web.mine.strip import claimed_name, shown_name, strip

SILENT_DAYS = 30
NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
WIDTH = 1000


@dataclass(frozen=True, slots=True)
class GapRow:
    """One of the ten."""

    deal: DealRow
    strip: SafeString
    claimed: str
    shown: str
    silence: str


@dataclass(frozen=True, slots=True)
class FirstGap:
    """`stage`: from which on is counted; widths in thousandths; texts are amounts, or numbers of deals."""

    stage: str
    claimed: str
    shown: str
    shown_width: int
    sentence: str
    asides: tuple[str, ...]
    rows: tuple[GapRow, ...]


def first_gap(deals: Sequence[tuple[DealRow, Process, DealStanding]]) -> FirstGap:
    """Claimed against shown, from the stage that half of the claims have reached; deals of the commonest process."""
    rows = tuple(
        GapRow(deal, strip(process, one), claimed_name(process, one), shown_name(process, one), _silent(one))
        for deal, process, one in deals
    )
    claims = [one for one in deals if one[2].claimed_rank]
    asides = _asides(deals)
    if not claims:
        return FirstGap("", "", "", 0, "Nothing is claimed on these deals yet.", asides, rows)
    version = Counter(deal.version_id for deal, _, _ in claims).most_common(1)[0][0]
    alike = [one for one in claims if one[0].version_id == version]
    ranks = sorted(standing.claimed_rank or 0 for _, _, standing in alike)
    rank = ranks[(len(ranks) - 1) // 2]
    beyond = [(deal, standing) for deal, _, standing in alike if (standing.claimed_rank or 0) >= rank]
    shown = [deal for deal, standing in beyond if (standing.evidenced_rank or 0) >= rank]
    stage = alike[0][1].stages[rank - 1].name
    last = rank == len(alike[0][1].stages)
    claimed_text, shown_text, share = _told([deal for deal, _ in beyond], shown)
    where = stage if last else f"{stage} or beyond"
    sentence = f"Of {claimed_text} claimed in {where}, buyers have shown it for {shown_text}."
    return FirstGap(where, claimed_text, shown_text, round(WIDTH * share), sentence, asides, rows)


def _told(claimed: list[DealRow], shown: list[DealRow]) -> tuple[str, str, float]:
    """(claimed, shown, share of it): in money where all amounts are known in one currency, else as deals."""
    currencies = {deal.currency for deal in claimed}
    if len(currencies) == 1 and all(deal.amount for deal in claimed):
        currency = currencies.pop()
        whole, part = (float(sum(deal.amount or 0 for deal in some)) for some in (claimed, shown))
        return money_text(whole, currency), money_text(part, currency) if part else "none of it", part / whole
    count = f"{len(claimed)} deal{'s' if len(claimed) != 1 else ''}"
    return count, str(len(shown)) if shown else "none of them", len(shown) / len(claimed)


def _asides(deals: Sequence[tuple[DealRow, Process, DealStanding]]) -> tuple[str, ...]:
    days = [standing.silence_days for _, _, standing in deals]
    silent = sum(one is not None and one > SILENT_DAYS for one in days)
    unseen = sum(one is None for one in days)
    of = f"of the {NUMBERS[len(days)].lower()}" if 1 < len(days) <= 10 else "of them"
    said = []
    if silent:
        said.append(f"{NUMBERS[silent]} {of} {'is' if silent == 1 else 'are'} silent for over {SILENT_DAYS} days.")
    if unseen:
        said.append(f"On {NUMBERS[unseen].lower()} {of} no buyer act is known.")
    if not silent and not unseen:
        said.append(f"Every buyer was heard from within {SILENT_DAYS} days.")
    return tuple(said)


def _silent(standing: DealStanding) -> str:
    if standing.silence_days is None:
        return "no buyer act known"
    days = int(standing.silence_days)
    return "heard today" if days < 1 else f"heard {days} day{'s' if days > 1 else ''} ago"
