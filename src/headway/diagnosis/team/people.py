"""Of each owner's open deals: claims against buyers, silence, open findings. Nothing is set beside anybody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from headway.diagnosis.open_pipeline import Rates, SilenceLimit
from headway.diagnosis.study import Study
from headway.diagnosis.team.findings import Standing, bands_of
from headway.diagnosis.team.open_deals import claims_of, money_of
from headway.diagnosis.team.silence import silence_of
from headway.diagnosis.team.value import Ages, OfOwner
from headway.diagnosis.value import OpenDeal, Share

MOST_OLDEST = 50


def owners_of(
    study: Study, deals: Sequence[OpenDeal], found: Sequence[Standing], limit: SilenceLimit, rates: Rates,
    past: dict[int, Share | None],
) -> tuple[OfOwner, ...]:  # fmt: skip
    """One for each owner of open deals, by name. `found`: open findings, the oldest first."""
    mine: dict[str, list[OpenDeal]] = defaultdict(list)
    for deal in deals:
        if deal.owner:
            mine[deal.owner].append(deal)
    theirs: dict[str, list[Standing]] = defaultdict(list)
    for one in found:
        if one.owner in mine:
            theirs[one.owner].append(one)
    return tuple(
        OfOwner(
            owner=owner,
            amount=sum(deal.worth or 0.0 for deal in mine[owner]),
            claims=claims_of(mine[owner]),
            money=money_of(study, mine[owner], rates),
            silence=silence_of(mine[owner], limit, past),
            ages=_ages(theirs[owner]),
            oldest=tuple(dict.fromkeys(one.deal for one in theirs[owner]))[:MOST_OLDEST],
        )
        for owner in sorted(mine)
    )


def _ages(found: Sequence[Standing]) -> Ages:
    return Ages(len(found), len({one.deal for one in found}), bands_of(found))
