"""Silence of open deals in bands, and how past deals that were as silent ended."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from headway.deals.event_log import sql_text
from headway.diagnosis.open_pipeline import SilenceLimit
from headway.diagnosis.study import Study, share_of
from headway.diagnosis.team.open_deals import Gathered
from headway.diagnosis.team.value import Silence, SilenceBand
from headway.diagnosis.value import OpenDeal, Share

EDGES = (0, 7, 14, 30, 60, 90)
SPANS: tuple[tuple[int, int | None], ...] = (*pairwise(EDGES), (EDGES[-1], None))
LEAST_PAST = 10  # decided deals as silent; below, one win more or less would be most of the share


def past_shares(study: Study) -> dict[int, Share | None]:
    """By the least silence of each band: of decided deals ever so silent, the share that was won."""
    table = study.log.table(sql_text("headway.diagnosis", "past_silences"))
    if table.num_rows == 0:
        return dict.fromkeys(EDGES)
    deal, place = np.unique(table["deal"].to_numpy(), return_inverse=True)
    longest: npt.NDArray[np.float64] = np.zeros(deal.size)
    np.maximum.at(longest, place, table["silence_days"].to_numpy())
    won = np.zeros(deal.size, dtype=bool)
    won[place] = table["won"].to_numpy(zero_copy_only=False).astype(bool)
    found: dict[int, Share | None] = {}
    for edge in EDGES:
        reached = longest >= edge
        n = int(reached.sum())
        found[edge] = share_of(int((reached & won).sum()), n) if n >= LEAST_PAST else None
    return found


def silence_of(
    deals: Sequence[OpenDeal], limit: SilenceLimit, past: dict[int, Share | None], into: Gathered
) -> Silence:
    """In bands; the deals behind each go into `into`."""
    counts: list[tuple[int, float]] = [(0, 0.0)] * len(SPANS)
    unknown = over = 0
    for deal in deals:
        if deal.silence_days is None:
            unknown += 1
            into.add("silence:unknown", "No buyer act was ever observed", deal)
            continue
        over += deal.silence_days > limit.days
        band = max(index for index, edge in enumerate(EDGES) if deal.silence_days >= edge or index == 0)
        counts[band] = (counts[band][0] + 1, counts[band][1] + (deal.worth or 0.0))
        into.add(f"silence:{band}", f"Buyers silent for {_span_words(*SPANS[band])}", deal)
        if deal.silence_days > limit.days:
            into.add("silence:over", f"Buyers silent for more than {limit.days:.0f} days", deal)
    bands = tuple(
        SilenceBand(*span, count, amount, past[span[0]], f"silence:{index}" if count else "")
        for index, (span, (count, amount)) in enumerate(zip(SPANS, counts, strict=True))
    )
    return Silence(limit.days, limit.source, bands, over, unknown)


def _span_words(first: int, last: int | None) -> str:
    return f"{first} days or more" if last is None else f"{first} to {last} days"
