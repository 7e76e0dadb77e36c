"""Every step, rule and milestone of one log judged: from the log to verdicts and signals in words.

Method pages: docs/methods/signal.md (who is compared with whom), docs/methods/verdict.md (how it is estimated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from headway.conformance.expectations import Item
from headway.deals.event_log import EventLog
from headway.process.definition import Process
from headway.verdict.decide import at_fault
from headway.verdict.judge import MARGIN, judge_landmarks
from headway.verdict.known import known_of
from headway.verdict.landmark import Judgement
from headway.verdict.question import Question
from headway.verdict.rules import rule_questions
from headway.verdict.signals import judge_signals
from headway.verdict.steps import step_questions
from headway.verdict.value import Comparison, PlantedTruth, Signal, TrialResult, Verdict
from headway.verdict.words import so_of, trial_sentence, verdict_sentence, why_naive_is_off

NO_TRUTHS: Mapping[str, PlantedTruth] = {}
NO_TRIALS: Mapping[str, TrialResult] = {}
ENDED = ("better with", "better without", "no difference")


def judge_log(
    log: EventLog,
    processes: Sequence[Process],
    items: Sequence[Item],
    *,
    margin: float = MARGIN,
    seed: int = 0,
    truths: Mapping[str, PlantedTruth] = NO_TRUTHS,
    trials: Mapping[str, TrialResult] = NO_TRIALS,
) -> tuple[tuple[Verdict, ...], tuple[Signal, ...]]:
    """A verdict per step and rule, a signal per milestone. The log has been through `record_proof`, `lay_out`, `check`.

    `margin`: a cost still called none, as a share. `truths` and `trials` are by the id of a step or the name of a rule.
    """
    known = known_of(log)
    steps = step_questions(log, processes, items, known)
    horizons = {question.process: question.horizon_days for question in steps}
    questions = (*steps, *rule_questions(log, processes, known, horizons))
    found = judge_landmarks([question.landmark for question in questions], margin=margin, seed=seed)
    verdicts = tuple(
        _verdict(question, judgement, margin, truths.get(question.id), trials.get(question.id))
        for question, judgement in zip(questions, found, strict=True)
    )
    return verdicts, judge_signals(log, processes, known, margin=margin, seed=seed)


def _verdict(
    question: Question, found: Judgement, margin: float, truth: PlantedTruth | None, trial: TrialResult | None
) -> Verdict:
    sentence, effect = verdict_sentence(question, found, margin), found.effect
    unseen = found.ground == "no buyer evidence"
    if trial is not None and trial.state in ENDED:
        found, effect = _settled(found, trial), trial.effect
        sentence, unseen = trial_sentence(question, trial, found), False
    return Verdict(
        subject=question.subject,
        id=question.id,
        label=question.label,
        process=question.process,
        stage=question.stage,
        word=found.word,
        ground=found.ground,
        sentence=sentence,
        so=so_of(question, found),
        margin=margin,
        left_out=found.left_out,
        effect=effect,
        deals_needed=found.deals_needed,
        provisional=not found.confirmed,
        cannot_be_judged=unseen,
        comparison=_comparison(question, found),
        trial=trial,
        truth=truth,
    )


def _settled(found: Judgement, trial: TrialResult) -> Judgement:
    """What a trial that ended makes of it: chance chose who was asked, so it outranks every comparison."""
    worse, _ = at_fault(found.inspected is not None, found.inspected, found.owners_leaving_out, found.owners)
    word = {"better without": "helps", "no difference": "process", "better with": worse}[trial.state]
    return replace(found, word=word, ground="trial", deals_needed=None, confirmed=True)


def _comparison(question: Question, found: Judgement) -> Comparison:
    landmark = question.landmark
    return Comparison(
        landmark=question.when,
        n=landmark.won.size,
        left_out=int(landmark.left_out.sum()),
        won_without=int((landmark.won & landmark.left_out).sum()),
        won_with=int((landmark.won & ~landmark.left_out).sum()),
        horizon_days=question.horizon_days,
        not_followed=question.not_followed,
        decided_before=question.decided_before,
        adjusted_for=question.adjusted_for,
        raw=found.raw,
        naive=question.naive.difference,
        naive_n=question.naive.done + question.naive.never,
        why_naive_is_off=why_naive_is_off(question, found),
        without_evidence=found.without_evidence,
        e_value=found.e_value,
        e_value_bound=found.e_value_bound,
        owners=found.owners,
        owners_leaving_out=found.owners_leaving_out,
        inspected=found.inspected,
        evidence_seen=question.evidence_seen,
    )
