"""People's own calls, scored when the period is over: how far off, and which way, beside the number of the same moment.

One person at a time, for that person: no function here compares people. Method page: docs/methods/forecast-calls.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import fmean

import numpy as np
from scipy.special import stdtrit

from headway.basics.figures import counted
from headway.forecast.value import Period
from headway.verdict.value import Interval

SELLER, LEADER = "seller", "leader"
FEW_PERIODS = 4
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Call:
    """What a person says that a period brings, said before the number was shown to them.

    `scope`: which deals it is about, as the caller names it: `all`, `team North`. `commit`: what they are sure of;
    `best_case`: if all goes well; None where they said none. `number_shown`: the middle of the forecast for the same
    deals at that moment; None where it said nothing.
    """

    who_key: str
    role: str
    scope: str
    period: Period
    commit: float | None
    best_case: float | None
    said_at: datetime
    number_shown: float | None = None


@dataclass(frozen=True, slots=True)
class CallScore:
    """One person's calls of periods that are over, for whichever deals. Shares of what came true, 95 % intervals.

    In intervals `n` counts calls; the person's own `role` is that of the latest.
    `off`: how far off on average, whichever way; `bias`: above 0 too high. None under 4 periods, or where nothing came
    true. `beside`: calls that the number stood beside; on these `own_off` is the person's and `number_off`,
    `number_bias` the number's. `ranges`: calls with a best case; in `between` of them what came true lay from the
    commit to the best case. `best_case_bias`: as `bias`.
    """

    who_key: str
    role: str
    calls: int
    periods: int
    off: Interval | None
    bias: Interval | None
    best_case_bias: Interval | None
    beside: int
    own_off: Interval | None
    number_off: Interval | None
    number_bias: Interval | None
    ranges: int
    between: int


def score_of(who_key: str, calls: Iterable[Call], actual: Mapping[tuple[str, Period], float]) -> CallScore | None:
    """The score of one person; calls of others are not looked at. None where none of theirs can be scored yet.

    `actual`: what periods that are over brought, by (scope, period); calls for others wait. Of several calls
    in one week (Monday to Sunday, UTC) for the same deals and period the last counts; those said after the period ended
    count for nothing.
    """
    mine = standing_calls(call for call in calls if call.who_key == who_key and (call.scope, call.period) in actual)
    scored = [call for call in mine if call.commit is not None]
    if not scored:
        return None
    if not all(math.isfinite(actual[call.scope, call.period]) for call in scored):
        raise ValueError("what came true is an amount, not NaN or infinite")
    commits = [_Said(call.period, call.commit, actual[call.scope, call.period]) for call in scored]
    best = [_Said(one.period, call.best_case, one.came) for call, one in zip(scored, commits, strict=True)]
    numbers = [_Said(one.period, call.number_shown, one.came) for call, one in zip(scored, commits, strict=True)]
    beside = [own for own, number in zip(commits, numbers, strict=True) if number.amount is not None]
    ranges = [(own, top.amount) for own, top in zip(commits, best, strict=True) if top.amount is not None]
    return CallScore(
        who_key=who_key,
        role=scored[-1].role,
        calls=len(scored),
        periods=len({call.period for call in scored}),
        off=_off(commits, signed=False),
        bias=_off(commits, signed=True),
        best_case_bias=_off(best, signed=True),
        beside=len(beside),
        own_off=_off(beside, signed=False),
        number_off=_off(numbers, signed=False),
        number_bias=_off(numbers, signed=True),
        ranges=len(ranges),
        between=sum((own.amount or 0.0) <= own.came <= top for own, top in ranges),
    )


def standing_calls(calls: Iterable[Call]) -> tuple[Call, ...]:
    """The calls that count, the earliest first: per person, deals, period and week the last, none after the end.

    Of several said at one instant, the last one given counts.
    """
    last: dict[tuple[str, str, Period, tuple[int, int]], Call] = {}
    for call in sorted(calls, key=lambda one: one.said_at):
        said_on = _day(call.said_at)
        if said_on <= call.period.ends_on:
            year, week, _ = said_on.isocalendar()
            last[call.who_key, call.scope, call.period, (year, week)] = call
    return tuple(sorted(last.values(), key=lambda one: one.said_at))


def sentences_of(score: CallScore, whose: str = "Your") -> tuple[str, ...]:
    """What the score says: the bias first, then the number beside it, then the range. `whose`: `Your`, `Bob's`."""
    told = [bias_sentence(score, whose)]
    if score.own_off and score.number_off:
        told.append(
            f"Over {counted(score.beside, 'call')} {'your' if whose == 'Your' else whose} commits were "
            f"{_percent(score.own_off)} % off on average, the number at the same moments "
            f"{_percent(score.number_off)} %."
        )
    if score.ranges:
        told.append(
            f"What came true lay between commit and best case in {score.between} of {counted(score.ranges, 'call')}."
        )
    return tuple(told)


def bias_sentence(score: CallScore, whose: str = "Your") -> str:
    """`Your commits have been 12 % too high on average (6 to 18, 9 calls).`"""
    if score.periods < FEW_PERIODS:
        so_far = f"{counted(score.calls, 'call')} in {counted(score.periods, 'period')}"
        return f"Too few to tell: {so_far} so far, and it takes {FEW_PERIODS} periods that are over."
    if score.bias is None:
        return f"{whose} commits cannot be scored: nothing was won in the {score.periods} periods."
    bias, n = score.bias, counted(score.calls, "call")
    if bias.low <= 0 <= bias.high:
        figures = f"{_signed(bias.value)} % on average ({_signed(bias.low)} to {_signed(bias.high)}, {n})"
        return f"{whose} commits have been neither surely too high nor too low: {figures}."
    near, far = sorted((abs(bias.low), abs(bias.high)))
    way = "high" if bias.value > 0 else "low"
    said = f"{100 * abs(bias.value):.0f} % too {way} on average ({100 * near:.0f} to {100 * far:.0f}, {n})"
    return f"{whose} commits have been {said}."


@dataclass(frozen=True, slots=True)
class _Said:
    period: Period
    amount: float | None
    came: float


def _off(said: Sequence[_Said], *, signed: bool) -> Interval | None:
    """All that was said too much (or off, whichever way) over all that came true, so that large periods weigh more.

    Calls of one period share what came true, so a period is one observation: the mean over its calls. Interval: the
    ratio estimator's (Cochran 1977, Sampling Techniques, section 6.4), Student's t on the periods.
    """
    by_period: dict[Period, list[tuple[float, float]]] = {}
    for one in said:
        if one.amount is not None:
            by_period.setdefault(one.period, []).append((one.amount - one.came, one.came))
    if len(by_period) < FEW_PERIODS:
        return None
    errors = np.array([fmean(off if signed else abs(off) for off, _ in rows) for rows in by_period.values()])
    amounts = np.array([fmean(came for _, came in rows) for rows in by_period.values()])
    if amounts.sum() <= 0:
        return None
    ratio = float(errors.sum() / amounts.sum())
    n = errors.size
    spread = math.sqrt(float(np.sum(np.square(errors - ratio * amounts))) / (n - 1) / n) / float(amounts.mean())
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * spread
    low = ratio - half if signed else max(ratio - half, 0.0)
    return Interval(ratio, low, ratio + half, sum(len(rows) for rows in by_period.values()))


def _percent(share: Interval) -> str:
    return f"{100 * share.value:.0f}"


def _signed(share: float) -> str:
    figure = round(100 * share)
    return f"{'+' if figure > 0 else '−' if figure < 0 else ''}{abs(figure)}"


def _day(at: datetime) -> date:
    if at.tzinfo is None:
        raise ValueError("a call was said at an instant with a time zone")
    return at.astimezone(UTC).date()
