"""Movement for the team: the stages of the diagnosis, and which deals were decided in time and which still stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.periods import naive_utc
from headway.conformance.movement import MIN_DEALS
from headway.deals.event_log import sql_text
from headway.diagnosis.study import Study
from headway.diagnosis.team.value import MOST_BEHIND, Behind, Moved, Part
from headway.diagnosis.value import Diagnosis, StageMovement

DECISIONS = pa.array(["won", "lost"])
Numbers = npt.NDArray[np.int64]


def moved_of(study: Study, found: Diagnosis, behind: dict[str, Behind]) -> tuple[Moved | None, tuple[Moved, ...]]:
    """(headline, by stage); deals go into `behind`."""
    processes = [number for number, process in enumerate(study.processes) for _ in process.stages]
    tables = {basis: _entries(study, basis == "evidenced") for basis in {one.basis for one in found.movement.stages}}
    made, sides = [], []
    for place, (one, process) in enumerate(zip(found.movement.stages, processes, strict=True)):
        table = tables[one.basis]
        here = table.filter(pc.and_(pc.equal(table["process"], process), pc.equal(table["rank"], one.rank)))
        decided = int(pc.sum(pc.is_in(here["outcome"], DECISIONS)).as_py() or 0)
        name = f"moved:{place}" if here.num_rows else ""
        made.append(Moved(replace(one, curve=()), max(MIN_DEALS - decided, 1) if one.reason else 0, name))
        if name:
            sides.append((name, one, _parts(here, one.usual_days)))
    _name_deals(study, sides, behind)
    overall = found.movement.overall
    same = next((m for m, o in zip(made, found.movement.stages, strict=True) if o is overall), None)
    return (replace(same, stage=overall) if same and overall else None), tuple(made)


def _entries(study: Study, evidenced: bool) -> pa.Table:
    at = naive_utc(study.log.as_of.at)
    table = study.log.table(sql_text("headway.diagnosis", "movement"), {"at": at, "evidenced": evidenced})
    outcome = table["outcome"].cast(pa.string())
    return table.set_column(table.column_names.index("outcome"), "outcome", outcome)


def _parts(here: pa.Table, usual_days: float | None) -> tuple[tuple[str, Numbers], ...]:
    """Deal numbers in parts: still open beyond the usual time, decided within it, and all others; longest first."""
    days = here["days"].to_numpy()
    deals = here["deal"].to_numpy()
    is_open = np.asarray(pc.is_null(here["outcome"]).to_numpy(zero_copy_only=False), dtype=bool)
    ended = np.asarray(
        pc.fill_null(pc.is_in(here["outcome"], DECISIONS), False).to_numpy(zero_copy_only=False), dtype=bool
    )
    usual = np.inf if usual_days is None else usual_days
    standing, decided = is_open & (days > usual), ended & (days <= usual)
    order = np.argsort(-days, kind="stable")

    def chosen(mask: npt.NDArray[np.bool_]) -> Numbers:
        return np.asarray(deals[order][mask[order]], dtype=np.int64)

    return (
        ("Still open beyond the usual time", chosen(standing)),
        ("Decided within the usual time", chosen(decided)),
        ("Others: still within it, decided later, or ended without a decision", chosen(~standing & ~decided)),
    )


def _name_deals(
    study: Study, sides: Iterable[tuple[str, StageMovement, tuple[tuple[str, Numbers], ...]]], behind: dict[str, Behind]
) -> None:
    found = list(sides)
    shown = sorted({int(n) for _, _, parts in found for _, deals in parts for n in deals[:MOST_BEHIND]})
    study.log.replace("wanted_deals", pa.table({"deal": pa.array(shown, pa.int64())}))
    ids = dict(
        study.log.connection.execute("SELECT d.deal, d.id FROM deals AS d JOIN wanted_deals USING (deal)").fetchall()
    )
    for name, one, parts in found:
        behind[name] = Behind(
            f"Deals that entered {one.stage}",
            tuple(
                Part(words, len(deals), tuple(ids[int(n)] for n in deals[:MOST_BEHIND]), "longest")
                for words, deals in parts
            ),
        )
