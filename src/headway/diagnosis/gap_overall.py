"""The gap over all open deals: by stage, by standing, in money."""

from __future__ import annotations

from collections.abc import Sequence

from headway.conformance.win_rates import GapMoney, gap_money, total_gap
from headway.diagnosis.open_pipeline import Rates, SilenceLimit
from headway.diagnosis.study import Study
from headway.diagnosis.value import Gap, OpenDeal, StageGap
from headway.evidence.kinds import Standing


def gap_overall(study: Study, deals: Sequence[OpenDeal], limit: SilenceLimit, rates: Rates) -> Gap:
    """Counts over all open deals; stages over the observed ones only."""
    observed = [deal for deal in deals if deal.evidenced_rank is not None]
    gaps = [deal.gap for deal in observed if deal.gap is not None]
    inflated = [deal for deal in observed if deal.gap is not None and deal.gap > 0]
    money = _in_money(study, inflated, rates)
    return Gap(
        open_deals=len(deals),
        observed_deals=len(observed),
        inflated=sum(gap > 0 for gap in gaps),
        even=sum(gap == 0 for gap in gaps),
        sandbagged=sum(gap < 0 for gap in gaps),
        amount=money.value if money else None,
        amount_low=money.low if money else None,
        amount_high=money.high if money else None,
        amount_deals=money.deals if money else 0,
        amount_n=money.n if money else 0,
        stages=_stages(study, observed),
        standings=tuple(
            (
                standing.value,
                sum(deal.standing == standing for deal in deals),
                sum(deal.worth or 0.0 for deal in deals if deal.standing == standing),
            )
            for standing in Standing
            if standing is not Standing.DECIDED
        ),
        silence_limit_days=limit.days,
        silence_from=limit.source,
        reason=_reason(study, observed, inflated),
    )


def _in_money(study: Study, inflated: Sequence[OpenDeal], rates: Rates) -> GapMoney | None:
    """The gaps of the stages that carry one, added up, over the deals that claim more than is evidenced."""
    numbers = {process.name: number for number, process in enumerate(study.processes)}
    amounts: dict[tuple[int, int], list[float]] = {}
    for deal in inflated:
        if deal.gap_amount is not None and deal.claimed_rank is not None and deal.worth is not None:
            amounts.setdefault((numbers[deal.process], deal.claimed_rank), []).append(deal.worth)
    parts = [gap_money(money, rates[place]) for place, money in amounts.items()]
    return total_gap([part for part in parts if isinstance(part, GapMoney)])


def _stages(study: Study, observed: Sequence[OpenDeal]) -> tuple[StageGap, ...]:
    found = []
    for process in study.processes:
        mine = [deal for deal in observed if deal.process == process.name]
        for rank, stage in enumerate(process.stages, 1):
            claimed = [deal for deal in mine if (deal.claimed_rank or 0) >= rank]
            evidenced = [deal for deal in mine if (deal.evidenced_rank or 0) >= rank]
            found.append(
                StageGap(
                    process.name,
                    rank,
                    stage.name,
                    len(claimed),
                    sum(deal.worth or 0.0 for deal in claimed),
                    len(evidenced),
                    sum(deal.worth or 0.0 for deal in evidenced),
                )
            )
    return tuple(found) if observed else ()


def _reason(study: Study, observed: Sequence[OpenDeal], inflated: Sequence[OpenDeal]) -> str | None:
    if not observed:
        has_milestones = any(process.milestones for process in study.processes)
        if not has_milestones and study.observed_open:
            return "the process names no buyer milestones, so buyer acts prove nothing yet"
        return "no buyer act was observed on any open deal"
    if not study.observed:
        return (
            f"only {len(observed)} of {study.open_deals} open deals have an observed buyer act; the others carry no gap"
        )
    if inflated and all(deal.gap_amount is None for deal in inflated):
        return "the gap in money needs 30 past deals decided at a stage, some with the evidence and some without"
    return None
