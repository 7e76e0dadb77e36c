"""Consistency between owners, and pressure at the ends of months and quarters."""

from __future__ import annotations

from typing import Literal

import numpy as np

from headway.conformance.consistency import StepConsistency as EstimatedStep
from headway.conformance.consistency import consistency
from headway.conformance.estimate import Estimate, Unknown
from headway.conformance.pressure import pressure
from headway.conformance.shares import Share as Counted
from headway.deals.event_log import sql_text
from headway.diagnosis.study import Study
from headway.diagnosis.value import Consistency, PressureRow, Share, StepConsistency

PERIODS: tuple[Literal["month", "quarter"], ...] = ("month", "quarter")


def consistency_between_owners(study: Study) -> Consistency:
    """How much of the path depends on the owner. Owners are numbers here and are never named."""
    table = study.log.table(sql_text(__package__, "owners"))
    if table.num_rows == 0:
        return Consistency(None, None, None, 0, 0, reason="no deal names its owner, or nothing fell due")
    deal, row_of = np.unique(table["deal"].to_numpy(), return_inverse=True)
    item, column_of = np.unique(table["item"].to_numpy(), return_inverse=True)
    done = np.zeros((deal.size, item.size), dtype=bool)
    asked = np.zeros_like(done)
    done[row_of, column_of] = table["kept"].to_numpy(zero_copy_only=False)
    asked[row_of, column_of] = True
    owners = np.zeros(deal.size, dtype=np.int64)
    owners[row_of] = table["owner"].to_numpy()
    labels = item_labels(study, [int(number) for number in item])
    found = consistency(owners, labels, done, asked=asked)
    if isinstance(found, Unknown):
        return Consistency(None, None, None, len(set(owners.tolist())), int(deal.size), reason=found.reason)
    path = found.path if isinstance(found.path, Estimate) else None
    return Consistency(
        variance_share=path.value if path else None,
        low=path.low if path else None,
        high=path.high if path else None,
        owners=found.owners,
        deals=found.deals,
        steps=tuple(_step(step) for step in found.steps),
        reason=found.path.reason if isinstance(found.path, Unknown) else None,
    )


def _step(step: EstimatedStep) -> StepConsistency:
    between = step.between if isinstance(step.between, Estimate) else None
    return StepConsistency(
        label=step.step,
        differs=step.differs,
        variance_share=between.value if between else None,
        low=between.low if between else None,
        high=between.high if between else None,
        n=step.done.n,
    )


def pressure_rows(study: Study) -> tuple[PressureRow, ...]:
    """Deviations in the last ten days of months and of quarters against the rest."""
    table = study.log.table(sql_text(__package__, "deviations"))
    days = table["due_on"].to_numpy().astype("datetime64[D]")
    deviates = table["deviates"].to_numpy(zero_copy_only=False).astype(bool)
    deals = table["deal"].to_numpy()
    rows = []
    for period in PERIODS:
        found = pressure(days, deviates, deals, period=period)
        if isinstance(found, Unknown):
            rows.append(PressureRow(period, None, None, None, None, None, found.reason))
        else:
            rows.append(
                PressureRow(
                    period, _share(found.in_last_days), _share(found.in_rest), found.difference, found.low, found.high
                )
            )
    return tuple(rows)


def item_labels(study: Study, items: list[int]) -> list[str]:
    """What each item asks, in words of its kind; the process is named where labels are alike."""
    words = {"stage": "Enter {}", "claim": "Claim {} only when shown", "step": "{}"}
    names = {item.number: item for item in study.items}
    labels = [words[names[number].kind].format(names[number].label) for number in items]
    return [
        label if labels.count(label) == 1 else f"{label} ({study.processes[names[number].process].name}, {number})"
        for label, number in zip(labels, items, strict=True)
    ]


def _share(counted: Counted) -> Share | None:
    return None if counted.value is None else Share(counted.value, counted.low, counted.high, counted.n)
