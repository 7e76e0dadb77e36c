"""Of each owner's open deals: claims against buyers, silence, open findings. Nothing is set beside anybody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from headway.diagnosis.open_pipeline import Rates, SilenceLimit
from headway.diagnosis.study import Study
from headway.diagnosis.team.findings import Standing, ages_of
from headway.diagnosis.team.open_deals import Gathered, claims_of, gather_gaps, money_of
from headway.diagnosis.team.silence import silence_of
from headway.diagnosis.team.value import MOST_OWN, Behind, OfOwner, OwnList
from headway.diagnosis.value import OpenDeal, Share


def owners_of(
    study: Study,
    deals: Sequence[OpenDeal],
    found: Sequence[Standing],
    limit: SilenceLimit,
    rates: Rates,
    past: dict[int, Share | None],
) -> tuple[OfOwner, ...]:
    """One for each owner of open deals, by name. `found`: open findings, the oldest first."""
    mine: dict[str, list[OpenDeal]] = defaultdict(list)
    for deal in deals:
        if deal.owner:
            mine[deal.owner].append(deal)
    theirs: dict[str, list[Standing]] = defaultdict(list)
    for one in found:
        if one.owner in mine:
            theirs[one.owner].append(one)
    return tuple(_of_owner(study, owner, mine[owner], theirs[owner], limit, rates, past) for owner in sorted(mine))


def _of_owner(
    study: Study,
    owner: str,
    deals: Sequence[OpenDeal],
    found: Sequence[Standing],
    limit: SilenceLimit,
    rates: Rates,
    past: dict[int, Share | None],
) -> OfOwner:
    gathered, behind = Gathered(), dict[str, Behind]()
    gather_gaps(deals, gathered)
    silence = silence_of(deals, limit, past, gathered)
    ages = ages_of(study, found, behind)
    return OfOwner(
        owner=owner,
        currency=study.currency,
        amount=sum(deal.worth or 0.0 for deal in deals),
        claims=claims_of(deals),
        money=money_of(study, deals, rates),
        silence=silence,
        ages=ages,
        lists=tuple(
            OwnList(name, one.title, one.parts[0].n, one.parts[0].deals[:MOST_OWN])
            for name, one in (gathered.behind() | behind).items()
        ),
    )
