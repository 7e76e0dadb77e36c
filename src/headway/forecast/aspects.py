"""In which respects a deal can be unlike the usual, which past deals are alike in it, and how that is said.

Nothing here is about a person: whose deal it is never becomes a fact, and what the seller did only beside a silent
buyer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.basics.figures import counted
from headway.basics.money import money_text
from headway.conformance.arrays import BoolArray, FloatArray
from headway.forecast.event_words import BUYER, Act
from headway.forecast.snapshots import UNSEEN, Snapshots

TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times",
         "nine times")  # fmt: skip
SILENT_DAYS = 14
RECENT_DAYS = 14
Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """One deal to be told of: its columns, the names of its process's stages, what its buyer did last, the currency.

    `better`: a win is likelier because of it.
    """

    row: Mapping[str, Any]
    stages: tuple[str, ...]
    better: bool
    act: Act | None
    currency: str | None

    def days(self, name: str) -> str:
        """`19 days`; without a sign."""
        return counted(abs(int(self.row[name])), "day")

    @property
    def ago(self) -> str:
        """When the buyer acted last: `today`, `3 days ago`."""
        return "today" if self.row["silence"] < 1 else f"{self.days('silence')} ago"

    @property
    def claimed(self) -> str:
        """The claimed stage."""
        return self.stages[self.row["claimed"] - 1] if 1 <= self.row["claimed"] <= len(self.stages) else "no stage"

    @property
    def evidenced(self) -> str:
        """The evidenced stage; `no stage` before the first."""
        return self.stages[self.row["level"] - 1] if 1 <= self.row["level"] <= len(self.stages) else "no stage"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be unlike the usual. `value` (n,): past deals alike have at least as much of it; NaN: not of the kind.

    `unlike(rows, usual)`: for which rows it is said. `said`: (what is so, how past deals are alike in it).
    """

    value: Callable[[Snapshots], FloatArray]
    unlike: Callable[[Snapshots, Snapshots], BoolArray]
    said: Callable[[Told], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Aspect:
    """Columns that are replaced by the usual ones together, and the ways in which they can be unlike them.

    `about`: a group of `design.GROUPS`. `by_claim`: past deals are those at the same claimed stage, not evidenced.
    `placed`: the words for past deals say already at which stage they were.
    """

    about: str
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    by_claim: bool = False
    placed: bool = False


def _more(name: str) -> tuple[Callable[[Snapshots], FloatArray], Callable[[Snapshots, Snapshots], BoolArray]]:
    return lambda rows: getattr(rows, name), lambda rows, usual: np.asarray(getattr(rows, name) > getattr(usual, name))


def _less(name: str) -> tuple[Callable[[Snapshots], FloatArray], Callable[[Snapshots, Snapshots], BoolArray]]:
    return lambda rows: -getattr(rows, name), lambda rows, usual: np.asarray(getattr(rows, name) < getattr(usual, name))


def _if(test: Callable[[Snapshots], BoolArray]) -> tuple[
    Callable[[Snapshots], FloatArray], Callable[[Snapshots, Snapshots], BoolArray]
]:  # fmt: skip
    return lambda rows: np.where(test(rows), 1.0, np.nan), lambda rows, _: test(rows)


def _where(test: Callable[[Snapshots], BoolArray], value: Callable[[Snapshots], FloatArray]) -> tuple[
    Callable[[Snapshots], FloatArray], Callable[[Snapshots, Snapshots], BoolArray]
]:  # fmt: skip
    return lambda rows: np.where(test(rows), value(rows), np.nan), lambda rows, _: test(rows)


def _seen_far(told: Told) -> tuple[str, str]:
    if told.row["level"] == UNSEEN:
        return f"{BUYER} was never seen to act", "whose buyers were not seen either"
    if told.row["level"] < 1:
        first = told.stages[0] if told.stages else "anything"
        return f"{BUYER} was seen, but has not shown {first} yet", "whose buyers had shown no more"
    if not told.better:
        return f"{BUYER} has shown only {told.evidenced}", "whose buyers had shown no more"
    if told.act and told.act.proves and told.row["silence"] <= RECENT_DAYS:
        return f"{told.act.said}, {told.ago} (evidenced at {told.evidenced})", "whose buyers had shown as much"
    return f"{BUYER} has shown {told.evidenced}", "whose buyers had shown as much"


def _claimed(told: Told) -> tuple[str, str]:
    level, but = told.row["level"], "and" if told.better else "but"
    if level == UNSEEN:
        return f"claimed at {told.claimed}, {but} no buyer act is known", "claimed as far without one"
    if told.row["claimed"] > level:
        shown = f"only {told.evidenced}" if level >= 1 else "nothing of it yet"
        return f"claimed at {told.claimed}, {but} {BUYER} has shown {shown}", "claimed ahead like this"
    if told.row["claimed"] < level:
        return f"claimed only at {told.claimed}, though {BUYER} has shown {told.evidenced}", "claimed no further"
    return f"claimed at {told.claimed}, as {BUYER} has shown", "claimed no further"


def _ahead(rows: Snapshots, usual: Snapshots) -> BoolArray:
    return np.asarray((rows.claimed > usual.claimed) & (rows.claimed > rows.level) & (rows.claimed != UNSEEN))


def _not_ahead(rows: Snapshots, usual: Snapshots) -> BoolArray:
    return np.asarray((rows.claimed < usual.claimed) & (rows.claimed <= rows.level) & (rows.claimed != UNSEEN))


def _pushed(told: Told) -> tuple[str, str]:
    times = int(told.row["pushes"])
    said = TIMES[times] if times < len(TIMES) else f"{times} times"
    return (
        (f"close date moved later {said}", "moved as often")
        if times
        else ("close date never moved later", "never moved either")
    )


def _coming(told: Told, name: str, ahead: str) -> str:
    return f"{ahead} today" if told.row[name] == 0 else f"{ahead} in {told.days(name)}"


def _heard(told: Told) -> tuple[str, str]:
    what = told.act.said if told.act and not told.act.proves else f"{BUYER} acted"
    return f"{what} {told.ago}", "heard from as recently"


def _alone(told: Told) -> tuple[str, str]:
    days = f"in the last {RECENT_DAYS} days"
    return f"the seller has been active {days}, {BUYER} not for {told.days('silence')}", "worked on in such a silence"


def _in_stage(told: Told) -> str:
    return f"claimed at {told.claimed} for {told.days('stage_days')}"


def _worth(told: Told) -> str:
    return f"worth {money_text(told.row['amount'], told.currency)}"


ASPECTS = (
    Aspect("evidence", (), (
        Kind(lambda rows: np.zeros(len(rows)), lambda rows, _: np.ones(len(rows), dtype=np.bool_), _seen_far),
    ), placed=True),
    Aspect("silence", ("silence",), (
        Kind(*_more("silence"), lambda t: (f"silent for {t.days('silence')}", "silent this long")),
        Kind(*_less("silence"), _heard),
    )),
    Aspect("claim", ("claimed",), (
        Kind(lambda rows: np.where(rows.claimed > rows.level, rows.claimed, np.nan), _ahead, _claimed),
        Kind(lambda rows: np.where(rows.claimed == UNSEEN, np.nan, -rows.claimed), _not_ahead, _claimed),
    ), placed=True),
    Aspect("stage", ("stage_days",), (
        Kind(*_more("stage_days"), lambda t: (_in_stage(t), "claimed there this long")),
        Kind(*_less("stage_days"), lambda t: (f"{_in_stage(t)} only", "claimed there no longer")),
    ), by_claim=True, placed=True),
    Aspect("age", ("age",), (
        Kind(*_more("age"), lambda t: (f"open for {t.days('age')}", "open this long")),
        Kind(*_less("age"), lambda t: (f"open for {t.days('age')} only", "open no longer")),
    )),
    Aspect("amount", ("amount",), (
        Kind(*_more("amount"), lambda t: (_worth(t), "this large")),
        Kind(*_less("amount"), lambda t: (_worth(t), "no larger")),
        Kind(*_if(lambda rows: np.isnan(rows.amount)), lambda _: ("no amount known", "without one")),
    )),
    Aspect("outreach", ("seller_silence", "activities", "recent"), (
        Kind(lambda rows: np.where(rows.recent > 0, rows.silence, np.nan),
             lambda rows, _: (rows.recent > 0) & (rows.silence > SILENT_DAYS), _alone),
    )),
    Aspect("dates", ("pushes",), (Kind(*_more("pushes"), _pushed), Kind(*_less("pushes"), _pushed))),
    Aspect("dates", ("due_days",), (
        Kind(*_where(lambda rows: rows.due_days < 0, lambda rows: -rows.due_days),
             lambda t: (f"close date passed {t.days('due_days')} ago", "overdue this long")),
        Kind(lambda rows: np.where(rows.due_days >= 0, -rows.due_days, np.nan),
             lambda rows, usual: (rows.due_days >= 0) & (rows.due_days < usual.due_days),
             lambda t: (_coming(t, "due_days", "close date"), "due as soon")),
        Kind(lambda rows: np.where(rows.due_days >= 0, rows.due_days, np.nan),
             lambda rows, usual: (rows.due_days >= 0) & ~(rows.due_days < usual.due_days),
             lambda t: (_coming(t, "due_days", "close date"), "with as far to go")),
        Kind(*_if(lambda rows: np.isnan(rows.due_days)), lambda _: ("no close date set", "without one")),
    )),
    Aspect("agreed", ("agreed_days",), (
        Kind(*_if(lambda rows: rows.agreed_days >= 0),
             lambda t: (_coming(t, "agreed_days", f"{BUYER} has agreed to act, due"), "with an act agreed")),
        Kind(*_where(lambda rows: rows.agreed_days < 0, lambda rows: -rows.agreed_days),
             lambda t: (f"what {BUYER} agreed to is {t.days('agreed_days')} overdue", "waiting this long")),
        Kind(*_if(lambda rows: np.isnan(rows.agreed_days)),
             lambda _: (f"nothing is agreed with {BUYER}", "with nothing agreed")),
    )),
)  # fmt: skip
"""Every respect, in the order of `design.GROUPS`; of the two about dates at most one is said of a deal."""
