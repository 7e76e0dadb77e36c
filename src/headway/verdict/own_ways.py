"""My way: exceptions that were allowed with a predicted result, scored when their deals are decided.

Method page: docs/methods/own-ways.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pyarrow as pa

from headway.basics.periods import naive_utc
from headway.conformance.rules import RULES
from headway.conformance.shares import Share, share, square_and_add, wilson_bounds
from headway.deals.event_log import EventLog, sql_text
from headway.deals.predictions import Predicted, predicted_in
from headway.process.definition import Process
from headway.verdict.own_way_words import sentence_of
from headway.verdict.value import Interval, OwnWay

LEVEL = 0.90
LEAST_DECIDED = 10  # deals scored, and compared, for a word other than unknown
LEAST_PEERS = 5  # deals alike, below which one exception is not compared
MOST_PAIRS = 1_000_000  # an exception and a deal alike, looked at in one go; beyond, every n-th deal is
LEAST_ALIKE = 250  # ... but so many deals per stage at least
MARGIN = 0.10  # surely not worse than by this much
USUAL_SHARE = 0.9  # of decided deals; deals alike are followed for the time in which so many were decided
MOST_NEEDED = 2_000

KEEPS_WINNING, COMES_TRUE, NOT_BETTER, UNKNOWN = "keeps winning", "comes true", "not better", "unknown"


def own_ways(log: EventLog, processes: Sequence[Process] = (), *, margin: float = MARGIN) -> tuple[OwnWay, ...]:
    """One per rule (or step) and predicted result, the most often allowed first; empty where nothing was allowed.

    `log`: after `place_stages`, `record_proof` and `lay_out`. `processes`: for the texts of steps. Nothing here is
    drawn at random. `share`: came true among those scored, 90 % interval (Wilson). `expected`: what deals alike did.
    """
    at = naive_utc(log.as_of.at)
    log.connection.execute(sql_text(__package__, "own_ways"))
    rows = log.rows("SELECT * FROM own_ways ORDER BY rule, way")
    if not rows:
        return ()
    longest = timedelta(days=log.value(sql_text(__package__, "own_way_follow"), {"share": USUAL_SHARE}) or 0.0)
    allowed = [scored_way(row, at, longest) for row in rows]
    peers, weights = _peers(log, allowed, at)
    reasons = {row["rule"]: row["why"] for row in log.rows(sql_text(__package__, "own_way_reasons"))}
    labels = _labels(processes)
    groups: dict[tuple[str, Predicted | None], list[ScoredWay]] = {}
    for one in allowed:
        groups.setdefault((one.rule, one.predicted), []).append(one)
    found = [
        _own_way(
            members, peers, weights.get((rule, predicted)), labels.get(rule, rule), reasons.get(rule) or "", margin
        )
        for (rule, predicted), members in groups.items()
    ]
    return tuple(sorted(found, key=lambda way: (-way.allowed, way.label, way.predicted)))


@dataclass(frozen=True, slots=True)
class ScoredWay:
    """One exception. `came_true`: None while it cannot be told. `follow`: how long it and deals alike are followed for
    the comparison; `in_time`: it could be told by then.
    """

    way: int
    rule: str
    predicted: Predicted | None
    came_true: bool | None
    follow: timedelta
    in_time: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Those exceptions that have deals alike: how many came true, and the share of the deals alike that did.

    `difference`: the first minus the second, with its 90 % interval.
    """

    mine: Share
    expected: float
    peers: int
    difference: float
    low: float
    high: float


def scored_way(row: Mapping[str, Any], at: datetime, longest: timedelta) -> ScoredWay:
    """The score of one row of the table `own_ways` as of `at`; deals alike are followed for `longest` at most."""
    predicted = predicted_in(row["ref"])
    ends = datetime.combine(row["due_on"], time()) + timedelta(days=1) if row["due_on"] else None
    came_true: bool | None = None
    if predicted is Predicted.PROVEN:
        if row["provable"] and (row["outcome"] is not None or (ends is not None and at >= ends)):
            came_true = row["proven_at"] is not None and (ends is None or row["proven_at"] < ends)
    elif predicted is not None and row["outcome"] is not None:
        came_true = (row["outcome"] == "won") == (predicted is Predicted.WON)
    if predicted is Predicted.PROVEN and ends is not None:
        return ScoredWay(
            row["way"], row["rule"], predicted, came_true, ends - row["happened_at"], ends > row["happened_at"]
        )
    follow = min(at - row["happened_at"], longest)
    in_time = row["decided_at"] is not None and row["decided_at"] <= row["happened_at"] + follow
    return ScoredWay(row["way"], row["rule"], predicted, came_true, follow, in_time)


def _peers(
    log: EventLog, allowed: Sequence[ScoredWay], at: datetime
) -> tuple[dict[int, tuple[float, int]], dict[tuple[str, Predicted | None], float]]:
    """Per exception: share of the deals alike and their number; per group: how many deals stand behind it in effect."""
    scored = [one for one in allowed if one.came_true is not None and one.predicted is not None and one.in_time]
    micros = [one.follow // timedelta(microseconds=1) for one in scored]
    log.replace(
        "scored_ways",
        pa.table(
            {
                "way": pa.array([one.way for one in scored], pa.int64()),
                "predicted": pa.array([str(one.predicted) for one in scored], pa.string()),
                "follow_us": pa.array(micros, pa.int64()),
            }
        ),
    )
    most = max(LEAST_ALIKE, MOST_PAIRS // max(1, len(scored)))
    rows = log.rows(sql_text(__package__, "own_way_peers"), {"at": at, "least": LEAST_PEERS, "most": most})
    per_way = {
        row["way"]: (row["came_true"] / row["peers"], int(row["peers"])) for row in rows if row["way"] is not None
    }
    weights = {(row["rule"], Predicted(row["predicted"])): row["peers"] for row in rows if row["way"] is None}
    return per_way, {(rule, predicted): value for (rule, predicted), value in weights.items()}


def _own_way(
    members: Sequence[ScoredWay],
    peers: Mapping[int, tuple[float, int]],
    behind: float | None,
    label: str,
    why: str,
    margin: float,
) -> OwnWay:
    first = members[0]
    scored = [one for one in members if one.came_true is not None]
    came = share(sum(bool(one.came_true) for one in scored), len(scored), level=LEVEL)
    compared = _compared([one for one in scored if one.way in peers], peers, behind)
    word = _word(first.predicted, came, compared, margin)
    return OwnWay(
        rule=first.rule,
        label=label,
        why=why,
        predicted=first.predicted.value if first.predicted else "",
        allowed=len(members),
        decided=came.n,
        came_true=came.done,
        share=None if came.value is None else Interval(came.value, came.low, came.high, came.n),
        expected=compared.expected if compared else None,
        word=word,
        sentence=sentence_of(
            label, first.predicted, len(members), came, compared, word,
            _more(first.predicted, came, compared, margin) if word == UNKNOWN else None,
        ),
    )  # fmt: skip


def _compared(
    members: Sequence[ScoredWay], peers: Mapping[int, tuple[float, int]], behind: float | None
) -> Compared | None:
    if not members or not behind:
        return None
    mine = share(sum(bool(one.came_true) for one in members), len(members), level=LEVEL)
    expected = sum(peers[one.way][0] for one in members) / len(members)
    low, high = _bounds(mine, expected, behind)
    return Compared(mine, expected, round(behind), (mine.value or 0.0) - expected, low, high)


def _bounds(mine: Share, expected: float, behind: float) -> tuple[float, float]:
    """Square-and-add (Newcombe 1998, method 10), with Kish's effective number of the deals alike behind the second."""
    low, high = wilson_bounds(expected * behind, behind, LEVEL)
    return square_and_add(mine, Share(expected, low, high, 0, max(1, round(behind))))


def _word(predicted: Predicted | None, came: Share, compared: Compared | None, margin: float) -> str:
    if predicted is None or compared is None or min(came.n, compared.mine.n) < LEAST_DECIDED:
        return UNKNOWN
    if compared.high < 0:
        return NOT_BETTER
    if compared.low > -margin:
        return KEEPS_WINNING if predicted is Predicted.WON else COMES_TRUE
    return UNKNOWN


def _more(predicted: Predicted | None, came: Share, compared: Compared | None, margin: float) -> int | None:
    """How many more scored exceptions it takes, if things go on as they did; None where that cannot be said."""
    if predicted is None or came.n == 0:
        return None
    missing = max(0, LEAST_DECIDED - (compared.mine.n if compared else came.n))
    if compared is None or compared.mine.value is None:
        return missing or None
    n = compared.mine.n
    for more in range(max(1, missing), MOST_NEEDED):
        total = n + more
        mine = share(round(compared.mine.value * total), total, level=LEVEL)
        low, high = _bounds(mine, compared.expected, compared.peers * total / n)
        if low > -margin or high < 0:
            return more
    return None


def _labels(processes: Sequence[Process]) -> dict[str, str]:
    """Rules by their title, steps by what they ask; a rule wins where a step bears its name."""
    steps = {step.id: step.seller for process in processes for _, step in process.steps}
    return steps | {rule.name: rule.title for rule in RULES}
