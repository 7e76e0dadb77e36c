"""The analysis of a workspace: from its tables to the event log in one pass, and its findings back as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from headway.basics.periods import AsOf
from headway.conformance.win_rates import GapRates
from headway.deals.event_log import EventLog
from headway.diagnosis.build import diagnosis_of
from headway.diagnosis.departures import all_findings
from headway.diagnosis.json_text import json_text, plain
from headway.diagnosis.judged import Judging
from headway.diagnosis.open_pipeline import Rates, stage_gap_rates
from headway.diagnosis.rewind import rewind, usual_days
from headway.diagnosis.rewind_json import to_json
from headway.diagnosis.study import Study, begin_study
from headway.diagnosis.team.build import team_figures
from headway.diagnosis.value import Diagnosis
from headway.forecast.forecasting import Asking, forecast_log
from headway.forecast.value import Forecast
from headway.jobs.deal_rows import rows_of_deals
from headway.jobs.forecast import forecast_or_none
from headway.jobs.gates import measure_gates, settle_gates
from headway.jobs.portfolio import company_figures
from headway.jobs.task import Task, Told
from headway.report.page import FILE_ONLY, render, render_sections, render_short, sections_of
from headway.report.verdict_words import words_by_step
from headway.store.actions.analyses import Texts, write_analysis
from headway.store.deal_row import Measured
from headway.store.queries.analyses import scale_from
from headway.store.queries.clock import shown_at
from headway.store.queries.event_log import fill_log
from headway.store.queries.people import WorkspaceRow
from headway.store.queries.pins import Pinned, pinned_deals, written_contacts
from headway.store.queries.rates import state_in
from headway.store.queries.trials import plans_of
from headway.verdict.value import PlantedTruth

MEMORY_MIB = 1024
SMALL_EVENTS = 400_000
STEPS = ("Reading the history", "Proving milestones", "Rewinding", "Forecasting", "Writing")


def run_analysis(task: Task) -> None:
    """The job `analysis`."""
    analyse(task.workspace, at=task.at, told=task.told, clock=task.clock)


def analyse(
    workspace: WorkspaceRow, *, at: datetime, told: Told | None = None, clock: Callable[[], datetime] | None = None
) -> bool:
    """Analyse the workspace as of the moment it shows, and store what was found. False where it has no deals yet.

    `clock`: tells when it ended (default: as it began).
    """
    tell = told or (lambda *_: None)
    shown = shown_at(workspace, at)
    pinned = pinned_deals(workspace)
    with EventLog(memory_mib=MEMORY_MIB, in_memory=pinned.events <= SMALL_EVENTS) as log:
        tell(0, len(STEPS), STEPS[0])
        newest = fill_log(workspace.pk, log)
        state_in(log, workspace, shown.date())
        log.build(AsOf.moment(shown))
        if not log.value("SELECT count(*) FROM deals"):
            return False
        tell(1, len(STEPS), STEPS[1])
        study = begin_study(log, pinned.processes, pinned.table if pinned.processes else None)
        found = replace(diagnosis_of(study, judging=judging_of(workspace)), title=f"Diagnosis of {workspace.name}")
        tell(2, len(STEPS), STEPS[2])
        rewound = to_json(rewind(log, study.processes, usual_days(log)))
        tell(3, len(STEPS), STEPS[3])
        contacts = written_contacts(workspace)
        gaps = stage_gap_rates(study, found.movement.stages)
        ahead = forecast_or_none(lambda: forecast_log(log, study.processes, Asking(contacts=contacts)))
        gates = measure_gates(log, workspace, pinned, margin=workspace.margin_points / 100)
        summary = _summary(study, found, pinned, gaps) | {"gates": gates}
        texts = _texts(workspace, found, rewound, summary, ahead[0] if ahead else None)
        tell(4, len(STEPS), STEPS[4])
        as_of = AsOf.moment(shown)
        still = workspace.shows_at is not None
        measured: dict[int | None, Measured] = {
            number: Measured(process, as_of, scale_from(texts.summary), still)
            for number, process in ((None, None), *enumerate(pinned.processes))
        }
        write_analysis(
            workspace=workspace,
            log=log,
            texts=texts,
            rows=rows_of_deals(log, pinned.processes, measured, contacts),
            findings=all_findings(study),
            last_event=newest,
            as_of=shown,
            started_at=at,
            at=clock() if clock else at,
            forecast=ahead[1] if ahead else None,
            team=team_figures(study, found, gaps),
        )
    settle_gates(workspace, gates, clock() if clock else at)
    return True


def judging_of(workspace: WorkspaceRow) -> Judging:
    """What the workspace tells the judge: its margin, its trials, and the truth where its firm is simulated."""
    truths = {step: _truth(**told) for step, told in workspace.truths.items()}
    return Judging(margin=workspace.margin_points / 100, truths=truths, plans=plans_of(workspace))


def _truth(word: str, cost: float, naive: float | None = None) -> PlantedTruth:
    """Numbers as they were told: where a workspace was moved or exported, JSON has made 0 of 0.0."""
    return PlantedTruth(word, float(cost), None if naive is None else float(naive))


def _texts(
    workspace: WorkspaceRow, found: Diagnosis, rewound: str, summary: dict[str, Any], ahead: Forecast | None
) -> Texts:
    root = f"/w/{workspace.key}/"

    def href(deal: str) -> str:
        return f"{root}deals/{deal}/"

    return Texts(
        summary=summary,
        diagnosis=json_text(found, indent=None),
        rewind=rewound,
        short=render_short(found, href, f"{root}diagnosis/"),
        sections=render_sections(found, href),
        page=render(replace(found, forecast=ahead)),  # the file that people take with them holds both
    )


def _summary(study: Study, found: Diagnosis, pinned: Pinned, gaps: Rates) -> dict[str, Any]:
    """Small: the five sentences, counts, money, and what single deals are measured by."""
    gap, log = found.gap, found.log
    typical = study.log.value(
        "SELECT median(m.amount) FROM money AS m JOIN deals AS d ON d.deal = m.deal"
        " WHERE d.decided_at IS NULL AND m.amount > 0"
    )
    rates = {
        f"{pinned.version_ids[process]}:{rank}": rate.difference.value
        for (process, rank), rate in (gaps if pinned.processes else {}).items()
        if isinstance(rate, GapRates) and rate.difference.value is not None
    }
    words = words_by_step(found.judged) if found.judged else {}
    return {
        "sentences": plain(found.sentences),
        "sections": [section for section in sections_of(found) if section[0] not in FILE_ONLY],
        "verdicts": words,
        "reinforcement": plain(found.judged.reinforcement) if found.judged else None,
        "deals": log.deals,
        "open": log.open,
        "won": log.won,
        "events": log.events,
        "currency": log.currency,
        "currencies": [[one.currency, one.deals, one.rate] for one in log.currencies],
        "open_amount": log.open_amount,
        "observed_deals": gap.observed_deals,
        "inflated": gap.inflated,
        "gap_amount": gap.amount,
        "gap_low": gap.amount_low,
        "gap_high": gap.amount_high,
        "company": company_figures(found, words),
        "without_process": log.without_process,
        "practised": not pinned.processes,
        "silence_limit_days": gap.silence_limit_days if gap.silence_from == "own past" else None,
        "typical_amount": typical,
        "gap_rates": rates,
    }
