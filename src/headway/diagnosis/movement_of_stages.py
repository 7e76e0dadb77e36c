"""Movement: of the deals in a stage, the share that reached a decision within the usual time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from headway.basics.periods import naive_utc
from headway.conformance.estimate import Estimate, Unknown
from headway.conformance.movement import DECIDED, ENDED_UNDECIDED, OutcomeCode, movement
from headway.conformance.movement import Movement as Estimated
from headway.conformance.survival import cumulative_incidence
from headway.deals.event_log import sql_text
from headway.diagnosis.study import Study
from headway.diagnosis.value import CurvePoint, Movement, Share, StageMovement
from headway.process.definition import Stage

CODES = {
    None: OutcomeCode.OPEN,
    "won": OutcomeCode.WON,
    "lost": OutcomeCode.LOST,
    "no_decision": OutcomeCode.NO_DECISION,
    "withdrawn": OutcomeCode.WITHDRAWN,
}
CURVE_POINTS = 60
LEAST_UNEXPLAINED = 0.1  # of losses without a reason; beyond, movement is called an upper bound


def movement_of_stages(study: Study) -> Movement:
    """Per stage and, as the headline, for deals since they entered their first stage."""
    facts = study.rows("log")[0]
    stages = _per_stage(study)
    overall = max((s for s in stages if s.rank == 1 and s.decided), key=lambda s: s.n, default=None)
    if overall is None:
        overall = max((s for s in stages if s.decided), key=lambda s: s.n, default=None)
    return Movement(
        overall=overall,
        stages=stages,
        upper_bound=facts["lost"] - facts["lost_with_reason"] > LEAST_UNEXPLAINED * facts["lost"],
        reason=None if overall else _why_none(stages),
    )


def _per_stage(study: Study) -> tuple[StageMovement, ...]:
    """By when stages became real, where buyers are observed and the stage has milestones; else by claims."""
    claimed = _Entries.of(study, evidenced=False)
    evidenced = _Entries.of(study, evidenced=True) if study.observed else claimed
    return tuple(
        _stage_movement(
            definition.name,
            rank,
            stage,
            "evidenced" if stage.milestones and evidenced is not claimed else "claimed",
            *(evidenced if stage.milestones else claimed).at(number, rank),
        )
        for number, definition in enumerate(study.processes)
        for rank, stage in enumerate(definition.stages, 1)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """One row per stage and deal: days from entering to the end or to as of, and how it ended (`OutcomeCode`)."""

    process: npt.NDArray[np.int32]
    rank: npt.NDArray[np.int32]
    days: npt.NDArray[np.float64]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, study: Study, *, evidenced: bool) -> _Entries:
        table = study.log.table(
            sql_text(__package__, "movement"), {"at": naive_utc(study.log.as_of.at), "evidenced": evidenced}
        )
        outcome = pc.fill_null(table["outcome"].cast("string"), "open").to_numpy(zero_copy_only=False)
        named = [(outcome == name, int(code)) for name, code in CODES.items() if name]
        codes = np.select([mask for mask, _ in named], [code for _, code in named], int(OutcomeCode.OPEN))
        return cls(table["process"].to_numpy(), table["rank"].to_numpy(), table["days"].to_numpy(), codes)

    def at(self, process: int, rank: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Days and outcomes of the deals that entered this stage."""
        here = (self.process == process) & (self.rank == rank)
        return self.days[here], self.codes[here]


def _stage_movement(
    process: str,
    rank: int,
    stage: Stage,
    basis: str,
    days: npt.NDArray[np.float64],
    codes: npt.NDArray[np.int64],
) -> StageMovement:
    n = int(days.size)
    usual_days = stage.usual_days
    found = movement(days, codes, usual_days) if n else Unknown("no deal was ever in this stage", 0, 1)
    if isinstance(found, Unknown):
        return StageMovement(
            process, rank, stage.name, basis, n, usual_days, "process" if usual_days else "own past",
            None, None, None, None, None, None, None, reason=found.reason,
        )  # fmt: skip
    return StageMovement(
        process=process,
        rank=rank,
        stage=stage.name,
        basis=basis,
        n=n,
        usual_days=found.usual.days,
        usual_from="process" if found.usual.source == "process" else "own past",
        decided=_share(found.reached),
        won=_share(found.won),
        open_beyond=_share(found.open_beyond),
        ended=_share(found.ended_undecided),
        median_days=found.median_days.days,
        median_low=found.median_days.low,
        median_high=found.median_days.high,
        curve=_curve(days, codes, found),
    )


def _share(estimate: Estimate) -> Share:
    return Share(estimate.value, estimate.low, estimate.high, estimate.n)


def _curve(days: npt.NDArray[np.float64], codes: npt.NDArray[np.int64], found: Estimated) -> tuple[CurvePoint, ...]:
    """The three incidences on an even grid up to twice the usual time, or as far as deals were followed."""
    end = min(found.open_curve.followed_days, max(2.0 * found.usual.days, 1.0))
    grid = np.linspace(0.0, end, CURVE_POINTS + 1)
    won = cumulative_incidence(days, codes, (OutcomeCode.WON,))
    lost = cumulative_incidence(days, codes, tuple(c for c in DECIDED if c is not OutcomeCode.WON))
    ended = cumulative_incidence(days, codes, ENDED_UNDECIDED)
    return tuple(
        CurvePoint(round(float(day), 2), *(round(curve.at(float(day)).value, 5) for curve in (won, lost, ended)))
        for day in grid
    )


def _why_none(stages: tuple[StageMovement, ...]) -> str:
    return next((s.reason for s in stages if s.reason), "no stage was ever claimed")
