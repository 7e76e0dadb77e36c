"""What a gate would have done: whom it would have stopped, how they ended, and which rung that supports.

How to read it, and its limits: docs/how-to/backtest.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.stats import binom

from headway.conformance.arrays import BoolArray, FloatArray
from headway.conformance.shares import share, share_difference
from headway.deals.event_log import EventLog
from headway.deals.events import Outcome
from headway.process.definition import Process
from headway.verdict.decide import enough
from headway.verdict.gate import Backtest, Difference, Gate, Need, Side, StoppedDeal
from headway.verdict.gate_replay import BUYER_ACT, DAY_US, Replay, fitting, replay
from headway.verdict.gate_rungs import LEVEL, ladder
from headway.verdict.gate_words import asks_text, sentence_text, so_text
from headway.verdict.judge import judge_landmarks
from headway.verdict.landmark import Landmark
from headway.verdict.value import Interval

MARGIN = 0.10
USUAL_HORIZON = 90
LEAST_WINS = 10  # below, the time to winning has no 90th percentile worth the name
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def backtest(
    log: EventLog, processes: Sequence[Process], gate: Gate, *, margin: float = MARGIN, seed: int = 0
) -> Backtest:
    """Replay the log through the gate. It must be built and hold the tables of `record_proof`.

    margin: a difference in shares won that is still called none. The same log and seed give the same answer.
    ValueError where no process has what the gate speaks of; `gate_file` says so with lines before.
    """
    fits = fitting(processes, gate)
    if not fits:
        raise ValueError("no process has what the gate speaks of")
    past = replay(log, processes, gate)
    outcomes = np.array(past.deals["outcome"].cast("string").fill_null("").to_pylist(), dtype=object)
    stopped, through = _side(outcomes[past.stopped]), _side(outcomes[~past.stopped])
    difference, observed = _difference(log, past, gate, outcomes, margin, seed)
    reached = ladder(gate, difference, stopped, observed=observed, margin=margin)
    deals = _stopped_deals(past)
    earlier = _median([deal.days_earlier for deal in deals if deal.days_earlier is not None and deal.outcome != "won"])
    asks = asks_text(gate)
    return Backtest(
        gate=gate,
        asks=asks,
        needs=_needs([processes[number] for number in fits], gate, past),
        as_of=log.as_of.at,
        processes=tuple(dict.fromkeys(processes[number].name for number in fits)),
        margin=margin,
        asked=past.asked,
        stopped=stopped,
        let_through=through,
        days_earlier=earlier,
        difference=difference,
        rung=reached.rung,
        known=reached.known,
        rungs=reached.rungs,
        deals_needed=reached.deals_needed,
        sentence=sentence_text(past.asked.asked, stopped, earlier, snapshots_only=past.snapshots_only),
        so=so_text(reached.rung, reached.known, reached.deals_needed, any_stopped=stopped.deals > 0),
        unseen=int((past.stopped & np.isnan(past.last_act_us)).sum()),
        written_late=len(past.written_late),
        assumed=past.assumed,
        deals=deals,
    )


def _side(outcomes: np.ndarray) -> Side:
    counts = {outcome: int((outcomes == outcome.value).sum()) for outcome in Outcome}
    decided, won = sum(counts.values()), counts[Outcome.WON]
    found = share(won, decided, level=LEVEL)
    return Side(
        deals=int(outcomes.size),
        won=won,
        lost=counts[Outcome.LOST],
        no_decision=counts[Outcome.NO_DECISION],
        withdrawn=counts[Outcome.WITHDRAWN],
        open=int(outcomes.size) - decided,
        share=None if found.value is None else Interval(found.value, found.low, found.high, decided),
    )


def _difference(
    log: EventLog, past: Replay, gate: Gate, outcomes: np.ndarray, margin: float, seed: int
) -> tuple[Difference, float]:
    """Stopped against let through at the same landmark, the gate's moment; and the share of deals whose buyer was seen.

    Followed: the horizon had passed as of the log, whatever became of the deal, so that quick decisions among recent
    deals do not count double.
    """
    moment, decided = past.microseconds("moment"), past.microseconds("decided_at")
    won_after = np.where(outcomes == Outcome.WON.value, (decided - moment) / DAY_US, np.inf)
    horizon = _horizon(won_after)
    as_of = (log.as_of.at - EPOCH) / timedelta(microseconds=1)
    followed: BoolArray = moment + horizon * DAY_US <= as_of
    stopped, won = past.stopped[followed], (won_after <= horizon)[followed]
    observed = float((~np.isnan(past.last_act_us[followed])).mean()) if followed.any() else 0.0
    landmark = _landmark(past, gate, followed, won, moment / DAY_US + horizon)
    judged = None
    if enough(stopped.size, int(stopped.sum()), int(won.sum())):
        (judged,) = judge_landmarks([landmark], margin=margin, seed=seed)
    counts = [int((side & won).sum()) for side in (stopped, ~stopped)]
    raw = share_difference(counts[0], int(stopped.sum()), counts[1], int((~stopped).sum()), level=LEVEL)
    return Difference(
        horizon_days=horizon,
        followed=int(stopped.size),
        stopped=int(stopped.sum()),
        won_stopped=counts[0],
        won_through=counts[1],
        not_followed=int((~followed).sum()),
        raw=None if raw.value is None else Interval(raw.value, raw.low, raw.high, int(stopped.size)),
        adjusted=judged.effect if judged else None,
        sceptical=judged.sceptical if judged else None,
        adjusted_for=(*landmark.names, "owner") if judged else (),
    ), observed


def _landmark(past: Replay, gate: Gate, followed: BoolArray, won: BoolArray, known_on: FloatArray) -> Landmark:
    """The gate's moment as the estimator of verdicts takes it. `won` has a row for each deal that was followed."""
    covariates, names, evidence = _covariates(past, gate)
    owners = np.unique(past.deals["owner"].fill_null("").to_numpy(), return_inverse=True)[1].astype(np.int64)
    return Landmark(
        left_out=past.stopped[followed],
        won=won,
        covariates=covariates[followed],
        names=names,
        evidence=evidence,
        owners=owners[followed],
        inspected=np.zeros(won.size, dtype=np.bool_),
        known_on=known_on[followed],
        dated_evidence=True,
        reviews=False,
    )


def _horizon(won_after: FloatArray) -> int:
    """Days within which nine in ten of the deals that were won had been won."""
    wins = won_after[np.isfinite(won_after)]
    return max(1, math.ceil(float(np.percentile(wins, 90)))) if wins.size >= LEAST_WINS else USUAL_HORIZON


def _covariates(past: Replay, gate: Gate) -> tuple[FloatArray, tuple[str, ...], tuple[int, ...]]:
    """(n, k): known at the moment. What the buyer had shown is left out where that is what the gate asks for."""
    moment = past.microseconds("moment")
    amount = past.deals["amount"].cast("double").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(amount > 0, np.log(amount), np.nan)
    columns = [size, (moment - past.microseconds("created_at")) / DAY_US, moment / DAY_US]
    names = ["amount", "age", "date"]
    if not gate.about_buyer:
        silence = (moment - past.last_act_us) / DAY_US
        columns += [
            past.proven.astype(np.float64),
            np.log1p(np.maximum(silence, 0)),
            np.isnan(silence).astype(np.float64),
        ]
        names += ["milestones proven", "the buyer's silence", "buyer never seen"]
    return np.column_stack(columns), tuple(names), tuple(range(3, len(names)))


def _stopped_deals(past: Replay) -> tuple[StoppedDeal, ...]:
    """Deals won first, since they are what a gate costs, then others decided, then open ones; the latest first."""
    found = []
    for row in past.deals.filter(past.stopped).to_pylist():
        moment, decided = row["moment"].replace(tzinfo=UTC), row["decided_at"]
        decided = decided.replace(tzinfo=UTC) if decided else None
        found.append(
            StoppedDeal(
                id=row["id"],
                name=row["name"],
                account=row["account"],
                amount=None if row["amount"] is None else float(row["amount"]),
                currency=row["currency"],
                stopped_at=moment,
                lacked=past.lacked[row["deal"]],
                outcome=row["outcome"],
                decided_at=decided,
                days_earlier=(decided - moment) / timedelta(days=1) if decided else None,
                written_late=row["deal"] in past.written_late,
            )
        )
    rank = {Outcome.WON.value: 0, None: 2}
    return tuple(sorted(found, key=lambda deal: (rank.get(deal.outcome, 1), EPOCH - deal.stopped_at, deal.id)))


def _needs(processes: Sequence[Process], gate: Gate, past: Replay) -> tuple[Need, ...]:
    texts = {m.id: m.buyer for process in reversed(processes) for _, m in process.milestones}
    texts |= {step.id: step.seller for process in reversed(processes) for _, step in process.steps}
    wanted = [("milestone", name, texts[name]) for name in gate.milestones]
    wanted += [("step", name, texts[name]) for name in gate.steps]
    if gate.buyer_act_within_days is not None:
        wanted.append((BUYER_ACT, BUYER_ACT, f"The buyer has acted within {gate.buyer_act_within_days} days"))
    return tuple(Need(*need, sum(need[1] in lacked for lacked in past.lacked.values())) for need in wanted)


def _median(days: Sequence[float]) -> Interval | None:
    """The median with its exact 90 % interval from the ranks (binomial); under 5 values, their extremes."""
    if not days:
        return None
    values, n = np.sort(np.array(days)), len(days)
    rank = int(binom.ppf((1 - LEVEL) / 2, n, 0.5))  # the largest with P(fewer than it below the median) <= 5 %
    rank = max(1, rank)
    return Interval(float(np.median(values)), float(values[rank - 1]), float(values[n - rank]), n)
