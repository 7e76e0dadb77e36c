"""The main job, from files to a diagnosis; shared by `headway diagnose` and `headway demo`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from headway.cli.reading import Request, read_log
from headway.diagnosis.value import Diagnosis

if TYPE_CHECKING:
    from headway.connectors.question import Ask
    from headway.connectors.source import Progress
    from headway.verdict.value import PlantedTruth

MARGIN_POINTS = 10.0


def run_diagnosis(
    request: Request, *, margin_points: float = MARGIN_POINTS, truths: Mapping[str, PlantedTruth] | None = None,
    forecast: bool = False, ask: Ask | None = None, progress: Progress | None = None,
) -> Diagnosis:  # fmt: skip
    """Read, build, diagnose. Raises UserError for anything a user can mend.

    `margin_points`: a step that costs less does not matter. `truths`: what is really so in a simulated firm, by step.
    `forecast`: look ahead too, which takes longer than all the rest.
    """
    from headway.diagnosis.build import diagnosis_of
    from headway.diagnosis.judged import Judging
    from headway.diagnosis.study import begin_study
    from headway.process.loader import load_process

    processes = [load_process(path) for path in request.processes]
    with read_log(request, ask=ask, progress=progress) as (log, report):
        judging = Judging(margin=margin_points / 100, truths=truths or {})
        study = begin_study(log, processes)
        found = diagnosis_of(study, sources=report.files, repairs=report.repairs, judging=judging)
        if forecast:
            from headway.forecast.forecasting import forecast_log

            found = replace(found, forecast=forecast_log(log, study.processes))
    return replace(found, title=f"Diagnosis of {', '.join(path.name for path in request.files)}")
