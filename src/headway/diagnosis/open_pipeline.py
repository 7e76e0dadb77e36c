"""Claimed against evidenced: every open deal, the two clocks, standing, the gap in stages and in money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.basics.periods import naive_utc
from headway.conformance.estimate import Unknown
from headway.conformance.win_rates import GapRates, gap_rates
from headway.deals.event_log import sql_text
from headway.diagnosis.movement_of_stages import CODES
from headway.diagnosis.study import Study
from headway.diagnosis.value import MilestoneState, OpenDeal, StageMovement
from headway.diagnosis.what_was_read import aware
from headway.evidence.many import STATE_NUMBERS
from headway.evidence.standing import standing_of
from headway.process.definition import Milestone

Rates = dict[tuple[int, int], GapRates | Unknown]
"""Per process and claimed rank."""

LEAST_GAPS = 30  # buyer acts on won deals, below which the process's own limit of silence is used
USUAL_HORIZON_DAYS = 90.0


@dataclass(frozen=True, slots=True)
class SilenceLimit:
    """Beyond `days` a buyer, or a seller, is called silent. `source`: own past | process."""

    days: float
    source: str


def silence_limit(study: Study) -> SilenceLimit:
    """Nine in ten pauses between buyer acts on won deals are shorter; the process's limit where too few are known."""
    row = study.rows("silence_limit")[0]
    if row["gaps"] >= LEAST_GAPS and row["days"]:
        return SilenceLimit(max(1.0, float(row["days"])), "own past")
    days = study.processes[0].limits.silence_days if study.processes else 21
    return SilenceLimit(float(days), "process")


def open_deals(study: Study, limit: SilenceLimit, rates: Rates) -> tuple[OpenDeal, ...]:
    """Every open deal with a process, the largest first."""
    at = naive_utc(study.log.as_of.at)
    milestones = _milestones(study)
    past = _past_silences(study)
    return tuple(
        _open_deal(study, row, milestones.get(row["deal"], ()), past, rates, limit)
        for row in study.rows("open_deals", at=at)
    )


def stage_gap_rates(study: Study, stages: tuple[StageMovement, ...]) -> Rates:
    """Per process and claimed rank: win rates of past deals evidenced and not, at the age open deals have there now."""
    table = study.log.table(sql_text(__package__, "past_snapshots"), {"at": naive_utc(study.log.as_of.at)})
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names if name != "outcome"}
    codes = np.array([int(CODES[outcome]) for outcome in table["outcome"].to_pylist()], dtype=np.int64)
    horizons = {(m.process, m.rank): m.usual_days or USUAL_HORIZON_DAYS for m in stages}
    found: Rates = {}
    for number, process in enumerate(study.processes):
        for rank in range(1, len(process.stages) + 1):
            here = (columns["process"] == number) & (columns["rank"] == rank)
            if here.any():
                found[number, rank] = gap_rates(
                    columns["evidenced"][here].astype(bool),
                    codes[here],
                    columns["days"][here],
                    columns["followed_days"][here],
                    horizons[process.name, rank],
                )
    return found


def _open_deal(
    study: Study,
    row: dict[str, Any],
    milestones: tuple[MilestoneState, ...],
    past: dict[tuple[int, int], tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]],
    rates: Rates,
    limit: SilenceLimit,
) -> OpenDeal:
    process, claimed, evidenced = row["process"], row["claimed_rank"], row["evidenced_rank"]
    gap = claimed - evidenced if claimed is not None and evidenced is not None else None
    won, n = _past_record(past.get((process, claimed)), row["silence_days"])
    standing = standing_of(row["silence_days"], row["seller_silence_days"], row["waiting"], limit.days)
    return OpenDeal(
        id=row["id"],
        name=row["name"],
        account=row["account"],
        owner=row["owner"],
        amount=row["amount"],
        currency=row["currency"] or study.currency,
        process=study.processes[process].name,
        claimed_rank=claimed,
        claimed=study.stage_name(process, claimed) or None,
        evidenced_rank=evidenced,
        evidenced=study.stage_name(process, evidenced) if evidenced else None,
        gap=gap,
        gap_amount=_gap_amount(gap, row["worth"], rates.get((process, claimed))),
        silence_days=row["silence_days"],
        seller_silence_days=row["seller_silence_days"],
        standing=standing.value,
        days_in_stage=row["days_in_stage"],
        close_on=row["close_on"],
        past_won=won,
        past_n=n,
        question=_question(study, process, claimed, milestones),
        milestones=milestones,
        worth=row["worth"],
    )


def _gap_amount(gap: int | None, amount: float | None, rates: GapRates | Unknown | None) -> float | None:
    """Money by which the claim overstates this deal; 0 where claim and evidence agree, None where not to be told."""
    if gap is None or amount is None:
        return None
    if gap <= 0:
        return 0.0 if gap == 0 else None
    if not isinstance(rates, GapRates) or rates.difference.value is None:
        return None
    return amount * rates.difference.value


def _question(study: Study, process: int, claimed: int | None, milestones: tuple[MilestoneState, ...]) -> str | None:
    """What to put to the buyer next: the first milestone that does not hold, in the order of the process."""
    unmet = [m for m in milestones if m.state != "proven" and not m.reconfirm]
    if unmet:
        return unmet[0].ask or None
    if milestones:
        return None
    needed: list[Milestone] = [m for rank, m in study.processes[process].milestones if rank <= (claimed or 1)]
    return needed[0].ask or None if needed else None


def _milestones(study: Study) -> dict[int, tuple[MilestoneState, ...]]:
    definitions = {(number, m.id): m for number, process in enumerate(study.processes) for _, m in process.milestones}
    evidenced = {
        row["deal"]: row["evidenced_rank"] for row in study.log.rows("SELECT deal, evidenced_rank FROM standings")
    }
    found: dict[int, list[MilestoneState]] = {}
    for row in study.rows("open_milestones"):
        milestone = definitions[row["process"], row["id"]]
        found.setdefault(row["deal"], []).append(
            MilestoneState(
                id=milestone.id,
                rank=row["rank"],
                buyer=milestone.buyer,
                ask=milestone.ask,
                state=STATE_NUMBERS[row["state"]],
                reconfirm=row["reconfirm"],
                ahead=row["state"] == 1 and row["rank"] > (evidenced.get(row["deal"]) or 0),
                at=aware(row["shown_at"]),
            )
        )
    return {deal: tuple(states) for deal, states in found.items()}


def _past_silences(study: Study) -> dict[tuple[int, int], tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]:
    """Per process and stage: the longest silences of decided deals there, rising, and whether each was won."""
    table = study.log.table(sql_text(__package__, "past_silences"))
    process, rank = table["process"].to_numpy(), table["rank"].to_numpy()
    silence = table["silence_days"].to_numpy()
    won = table["won"].to_numpy(zero_copy_only=False).astype(bool)
    keys = sorted(set(zip(process.tolist(), rank.tolist(), strict=True)))
    return {(p, r): (silence[here], won[here]) for p, r in keys for here in [(process == p) & (rank == r)]}


def _past_record(
    past: tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]] | None, silence_days: float | None
) -> tuple[int | None, int | None]:
    """(won, n) of past deals whose buyer was at least this silent at this stage."""
    if past is None or silence_days is None:
        return None, None
    first = int(np.searchsorted(past[0], silence_days))
    return int(past[1][first:].sum()), int(past[1].size - first)
