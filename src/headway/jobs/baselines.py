"""Read the baselines of a workspace that are due: the four outcomes as of their day, however late the job runs."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from headway.basics.periods import AsOf
from headway.deals.event_log import EventLog
from headway.diagnosis.build import diagnosis_of
from headway.diagnosis.json_text import json_text
from headway.diagnosis.study import begin_study
from headway.forecast.forecast_json import to_json
from headway.forecast.forecasting import Asking, forecast_log
from headway.jobs.analysis import MEMORY_MIB, SMALL_EVENTS, judging_of
from headway.jobs.forecast import forecast_or_none
from headway.jobs.task import Task
from headway.reviews.embedding import MEASURES, Figure
from headway.store.actions.baselines import record_reading
from headway.store.queries.baselines import due_readings, figures_from, find_texts, moment_of, rhythm_figures
from headway.store.queries.calls_held import calls_figure
from headway.store.queries.event_log import fill_log
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.pins import pinned_deals, written_contacts
from headway.store.queries.rates import state_in

Read = tuple[dict[str, Any], dict[str, Any] | None]
log_of_this = logging.getLogger(__name__)


def run_baselines(task: Task) -> None:
    """The job `baselines`: every reading that is due and was not made."""
    read_due(task.workspace, at=task.at, told=lambda done, of: task.told(done, of, "Reading the four outcomes"))


def read_due(workspace: WorkspaceRow, *, at: datetime, told: Any = None) -> int:
    """How many readings were made."""
    due = due_readings(workspace, at)
    made = 0
    for number, (baseline, day, on) in enumerate(due):
        if told:
            told(number, len(due))
        figures = figures_as_of(workspace, moment_of(workspace, baseline, day, at))
        made += record_reading(baseline=baseline, day=day, on=on, figures=figures, at=at)
    return made


def figures_as_of(workspace: WorkspaceRow, moment: datetime) -> list[Figure]:
    """Every measure as of a moment, in their order; those that cannot be known say why.

    Where an analysis of that very day is kept it is read, else the history is analysed as it was known then.
    """
    shown = workspace.shows_at or moment
    kept = find_texts(workspace, shown)
    read = _parsed(*kept) if kept else _analysed(workspace, shown)
    found = figures_from(*read) if read else _nothing()
    found += [calls_figure(workspace, shown), *rhythm_figures(workspace, moment)]
    by_id = {figure.id: figure for figure in found}
    return [by_id[measure.id] for measure in MEASURES]


def _nothing() -> list[Figure]:
    why = "there was no deal yet"
    return [Figure(measure.id, None, reason=why) for measure in MEASURES]


def _parsed(diagnosis: str, forecast: str) -> Read:
    return json.loads(diagnosis), json.loads(forecast) if forecast else None


def _analysed(workspace: WorkspaceRow, moment: datetime) -> Read | None:
    """The history as it was known then; None where it holds no deal yet."""
    pinned = pinned_deals(workspace)
    with EventLog(memory_mib=MEMORY_MIB, in_memory=pinned.events <= SMALL_EVENTS) as log:
        fill_log(workspace.pk, log, known_by=moment)
        state_in(log, workspace, moment.date())
        log.build(AsOf.moment(moment))
        if not log.value("SELECT count(*) FROM deals"):
            return None
        study = begin_study(log, pinned.processes, pinned.table if pinned.processes else None)
        found = diagnosis_of(study, judging=judging_of(workspace))
        contacts = written_contacts(workspace)
        ahead = forecast_or_none(lambda: forecast_log(log, study.processes, Asking(contacts=contacts)))
        return json.loads(json_text(found, indent=None)), json.loads(to_json(ahead[0])) if ahead else None
