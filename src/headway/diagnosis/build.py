"""The whole diagnosis of a built event log, section by section."""

from __future__ import annotations

from collections.abc import Sequence

from headway.deals.event_log import EventLog
from headway.diagnosis.adherence import adherence_and_fade
from headway.diagnosis.departures import rule_results
from headway.diagnosis.flow_of_stages import flow_of_stages
from headway.diagnosis.gap_overall import gap_overall
from headway.diagnosis.judged import Judging, judged_of
from headway.diagnosis.movement_of_stages import movement_of_stages
from headway.diagnosis.open_pipeline import open_deals, silence_limit, stage_gap_rates
from headway.diagnosis.sentences import five_sentences
from headway.diagnosis.spread import consistency_between_owners, pressure_rows
from headway.diagnosis.study import Study, begin_study
from headway.diagnosis.traces import traces
from headway.diagnosis.value import Diagnosis, Repair, SourceFile
from headway.diagnosis.what_was_read import log_summary, process_summaries
from headway.process.definition import Process

LARGEST_TRACED = 20  # open deals whose events are shown although nothing else names them


def diagnose(
    log: EventLog,
    processes: Sequence[Process] = (),
    *,
    sources: Sequence[SourceFile] = (),
    repairs: Sequence[Repair] = (),
    judging: Judging | None = None,
) -> Diagnosis:
    """Diagnose a log that was built as of its moment, against `processes`, or else against the ones practised."""
    return diagnosis_of(begin_study(log, processes), sources=sources, repairs=repairs, judging=judging)


def diagnosis_of(
    study: Study,
    *,
    sources: Sequence[SourceFile] = (),
    repairs: Sequence[Repair] = (),
    judging: Judging | None = None,
) -> Diagnosis:
    """The same of a study that was begun already."""
    log = study.log
    summary = log_summary(study, sources, repairs)
    process_views = process_summaries(study)
    movement = movement_of_stages(study)
    findings = rule_results(study)
    limit = silence_limit(study)
    rates = stage_gap_rates(study, movement.stages)
    deals = open_deals(study, limit, rates)
    gap = gap_overall(study, deals, limit, rates)
    adherence, fade = adherence_and_fade(study)
    sentences = five_sentences(study, summary, process_views, movement, findings, gap, deals)
    named = [
        *(deal for sentence in sentences for deal in sentence.deals),
        *(example.deal for result in findings for example in result.examples[:5]),
        *(deal.id for deal in deals[:LARGEST_TRACED]),
    ]
    return Diagnosis(
        as_of=log.as_of.at,
        sentences=sentences,
        log=summary,
        processes=process_views,
        movement=movement,
        findings=findings,
        gap=gap,
        open_deals=deals,
        adherence=adherence,
        flow=flow_of_stages(study),
        consistency=consistency_between_owners(study),
        fade=fade,
        pressure=pressure_rows(study),
        traces=traces(study, named, sources),
        judged=judged_of(study, judging or Judging(), silence_limit_days=limit.days),
    )
