"""A forecast in words: its figures as people read them, alike in the report and in the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.charts.scale import MONTHS
from headway.forecast.value import (
    MODEL,
    Backtest,
    Chance,
    DealForecast,
    Forecast,
    LikelyWeek,
    Moved,
    Score,
    Settled,
    Total,
)
from headway.forecast.why_groups import CAUSES
from headway.report.words import (
    DASH,
    NO_BREAK,
    UNKNOWN,
    count_text,
    counted,
    interval_text,
    listed,
    percent_text,
    sentence,
    worth,
)
from headway.verdict.value import Interval

FEW_PERIODS = 4  # below it every week is named instead of the middle one
GROUP_KINDS = (("team", "By team"), ("segment", "By segment"), ("owner", "By owner"))
METHODS = {
    "model": "what buyers have done",
    "base rate": "one chance for every deal",
    "stage-weighted": "as a CRM sums it",
    "stage snapshot rate": "past deals claimed alike",
    "naive Bayes": "as open CRMs score leads",
    "gradient boosting": "many trees, not readable",
}
"""What each way of forecasting is, beside its name."""
TOGETHER = re.compile(r"(?<=\d) (?=(?:k|M|bn|days?|" + "|".join(MONTHS) + r")|%)")


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the scores, its figures in words."""

    name: str
    about: str
    ours: bool
    brier: str
    log_loss: str
    calibration: str
    ranking: str
    error: str
    bias: str


def spoken(text: str) -> str:
    """A sentence in which no figure is torn from its unit, and no day from its month."""
    return TOGETHER.sub(NO_BREAK, text)


def day_month(day: date) -> str:
    """`30 Jun`."""
    return f"{day.day}{NO_BREAK}{MONTHS[day.month - 1]}"


def range_text(low: float, high: float, currency: str | None) -> str:
    """`€449 k to €677 k`; one amount where both read alike."""
    left, right = worth(low, currency), worth(high, currency)
    return left if left == right else f"{left} to {right}"


def signed(amount: float, currency: str | None) -> str:
    """`+€13.2 k`, `−€8 k`; nothing before zero."""
    text = worth(amount, currency)
    return f"+{text}" if amount > 0 and any(sign in "123456789" for sign in text) else text


def chance_text(chance: Chance | None) -> str:
    """`33 %`."""
    return UNKNOWN if chance is None else percent_text(chance.value)


def chance_range(chance: Chance | None) -> str:
    """`21–45 %`: eight in ten such chances lie there."""
    return "" if chance is None else interval_text(chance.low, chance.high)


def likely_range(likely: LikelyWeek) -> str:
    """`6 Jun to 8 Jul`."""
    return f"{day_month(likely.low_on)} to {day_month(likely.high_on)}"


def cause_text(cause: str) -> str:
    """`Silence went on`."""
    words = CAUSES.get(cause, cause.replace("_", " "))
    return words[:1].upper() + words[1:]


def fact_text(text: str) -> str:
    """A fact as a sentence, no figure apart from its sign."""
    return sentence(text).replace(" %", f"{NO_BREAK}%")


def points_of(points: float) -> str:
    """`−21 points`."""
    rounded = round(100 * points)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded)}{NO_BREAK}{'point' if abs(rounded) == 1 else 'points'}"


def beside_text(other: float | None, middle: float) -> str:
    """How far another number lies from the forecast's middle: `35 % above it`."""
    if other is None or middle <= 0:
        return ""
    apart = other / middle - 1
    if abs(apart) < 0.005:
        return "the same"
    size = f"{100 * abs(apart):.0f}{NO_BREAK}%" if abs(apart) < 10 else f"{1 + abs(apart):.0f} times"
    return f"{size} above the forecast" if apart > 0 else f"{size} below the forecast"


def covered_sentence(covered: Interval | None) -> str:
    """How often a stated range held; empty where it was never tried."""
    if covered is None:
        return ""
    held = round(covered.value * covered.n)
    return (
        f"A stated range of 8 in 10 held the true total in {held} of {counted(covered.n, 'past week')} "
        f"({percent_text(covered.value)}, {interval_text(covered.low, covered.high)})."
    )


def groups_of(forecast: Forecast, kind: str) -> tuple[Total, ...]:
    """Teams and segments with most expected first; owners by name, for nobody is ranked."""
    found = [group for group in forecast.groups if group.kind == kind]
    if kind == "owner":
        return tuple(sorted(found, key=lambda group: (group.name.casefold(), group.name)))
    return tuple(sorted(found, key=lambda group: (-group.mean, group.name)))


def by_expected(forecast: Forecast) -> tuple[DealForecast, ...]:
    """The deals that the model speaks of, the largest expected amount first; those without a chance last."""
    return tuple(sorted(forecast.deals, key=lambda deal: (-deal.expected, -(deal.amount or 0.0), deal.name)))


def stalled_deals(forecast: Forecast) -> tuple[DealForecast, ...]:
    """Likelier to end in no decision than to be won; the largest amount first."""
    found = (deal for deal in forecast.deals if deal.stalled)
    return tuple(sorted(found, key=lambda deal: (-(deal.amount or 0.0), deal.name)))


def stalled_sentence(forecast: Forecast) -> str:
    """How many deals are stalled, and what they hold."""
    found = stalled_deals(forecast)
    if not found:
        return "No open deal is likelier to end without a decision than to be won."
    amount = sum(deal.amount or 0.0 for deal in found)
    what = counted(len(found), "open deal")
    holds = f", {worth(amount, forecast.currency)}," if amount else ""
    return f"{what}{holds} {'is' if len(found) == 1 else 'are'} likelier to end without a decision than to be won."


def moved_sentence(moved: Moved, currency: str | None) -> str:
    """From what to what, and the cause with most weight."""
    change = moved.after - moved.before
    head = f"Since {day_month(moved.from_on)} the expected total went from {worth(moved.before, currency)} to "
    head += f"{worth(moved.after, currency)}, {signed(change, currency)}."
    if not moved.causes:
        return f"{head} Nothing that is known changed."
    cause, amount, deals = moved.causes[0]
    on = f" on {counted(deals, 'deal')}" if deals else ""
    return f"{head} Most: {CAUSES.get(cause, cause)}, {signed(amount, currency)}{on}."


def skill_sentence(backtest: Backtest) -> str:
    """Whether the model beats the base rate, and by how much."""
    weeks = counted(len(backtest.origins), "past week")
    skill = backtest.skill
    if skill is None:
        return sentence(
            backtest.reason or "whether it beats the base rate is unknown: too few past weeks were replayed"
        )
    better = f"{percent_text(abs(skill.value))} {'less' if skill.value >= 0 else 'more'} wrong than the base rate"
    better = better if round(100 * skill.value) else "as wrong as the base rate"
    return (
        f"Over {weeks}, forecast with only what had been recorded then, the model was {better} "
        f"(90{NO_BREAK}%: {skill_range(skill)})."
    )


def skill_range(skill: Interval) -> str:
    """`12 to 27 %`, with a sign where one end is below zero."""
    low, high = (f"{'−' if round(100 * one) < 0 else ''}{abs(round(100 * one))}" for one in (skill.low, skill.high))
    return f"{low} to {high}{NO_BREAK}%"


def settled_sentence(backtest: Backtest) -> str:
    """When the number of past periods came to stay near what came true."""
    if not backtest.settled:
        return "No past period could be replayed to its end."
    weeks = sorted(one.week for one in backtest.settled if one.week is not None)
    of = f"{len(weeks)} of {counted(len(backtest.settled), 'past period')}"
    near = f"within {percent_text(backtest.tolerance)} of what came true"
    if not weeks and len(backtest.settled) == 1:
        return f"In the one past period that was replayed the number never came to stay {near}."
    if not weeks:
        return f"In none of {counted(len(backtest.settled), 'past period')} did the number come to stay {near}."
    few = len(weeks) < FEW_PERIODS
    since = f"from week {listed(map(str, weeks))}" if few else f"in the middle from week {weeks[len(weeks) // 2]}"
    return f"In {of} the number came to stay {near}, {since} on."


def settled_periods(backtest: Backtest, most: int) -> tuple[Settled, ...]:
    """The newest `most` of the past periods, the earliest first."""
    return tuple(sorted(backtest.settled, key=lambda one: one.period.starts_on)[-most:])


def settled_text(settled: Settled) -> str:
    """`from week 9 of 13`."""
    return f"never in {settled.weeks} weeks" if settled.week is None else f"from week {settled.week} of {settled.weeks}"


def flagged_sentence(backtest: Backtest) -> str:
    """How early deals that came to nothing were flagged as stalled; empty where that was not tried."""
    found = backtest.flagged
    if found is None or not found.deals:
        return ""
    text = f"Of {counted(found.deals, 'past deal')} that were not won, "
    text += f"{count_text(found.flagged) if found.flagged else 'none'} had been flagged as stalled"
    if found.days_before is not None:
        early = found.days_before
        text += f", in the middle {counted(round(early.value), 'day')} before their end"
        text += f" ({round(early.low)}{DASH}{round(early.high)})"
    if found.false is not None:
        text += f"; of flagged deals {percent_text(found.false.value)} were won after all"
        text += f" ({interval_text(found.false.low, found.false.high)}, n{NO_BREAK}{count_text(found.false.n)})"
    return f"{text}."


def time_sentence(backtest: Backtest) -> str:
    """How far the likely week was off, beside always saying the usual time; empty where unknown."""
    if backtest.time_error_days is None:
        return ""
    text = f"The likely week was off by {counted(round(backtest.time_error_days), 'day')} on average"
    if backtest.time_error_usual is not None:
        text += f"; always saying the usual time is off by {round(backtest.time_error_usual)}"
    return f"{text}."


def ways_of(scores: Sequence[Score]) -> tuple[Way, ...]:
    """The lines of the table: the model first, then as they were scored."""
    ordered = sorted(scores, key=lambda score: score.method != MODEL)
    return tuple(
        Way(
            score.method[:1].upper() + score.method[1:], METHODS.get(score.method, ""), score.method == MODEL,
            f"{score.brier:.3f}", f"{score.log_loss:.3f}", f"{score.calibration:.3f}",
            "–" if score.ranking is None else percent_text(score.ranking),
            "–" if score.bookings_error is None else percent_text(score.bookings_error),
            "–" if score.bookings_bias is None else _bias(score.bookings_bias),
        )
        for score in ordered
    )  # fmt: skip


def _bias(share: float) -> str:
    rounded = round(100 * share)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}{NO_BREAK}%"
