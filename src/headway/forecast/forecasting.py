"""The whole forecast of a built event log, put together: the only place that knows all of its parts.

Method pages: docs/methods/forecast.md and those it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from headway.basics.figures import counted
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.deals.event_log import EventLog
from headway.forecast.asked import Asked
from headway.forecast.backtest import replay_before, scored, shock_on
from headway.forecast.baselines import BASELINES, BOOSTING, base_rate
from headway.forecast.booked import Won, won_by
from headway.forecast.deal_rows import WEEKS, Said, deal_rows
from headway.forecast.facts import facts_of, last_acts
from headway.forecast.fitted import Fitted, Shared, won_in
from headway.forecast.forecast_words import forecast_sentence
from headway.forecast.group_totals import TotalsAsked, totals_of
from headway.forecast.known_at import day_number, day_of, past_of
from headway.forecast.method import Method
from headway.forecast.model import Model, TooFew
from headway.forecast.period import period_of
from headway.forecast.replay import MOST_ORIGINS, Replay
from headway.forecast.said_before import ShockOn, days_of, fan_of, flags_before, settled_before
from headway.forecast.shock import Shock
from headway.forecast.snapshots import NO_DECISION, WON, KnownAt
from headway.forecast.stalled import stalled
from headway.forecast.to_come import Contacts, to_come
from headway.forecast.value import (
    BASE_RATE,
    MODEL,
    NOTHING,
    Backtest,
    Fact,
    FanDay,
    Forecast,
    Moved,
    Period,
    ToCome,
    Total,
)
from headway.forecast.why_it_moved import State, moved_between
from headway.process.definition import Process

MANY_SNAPSHOTS = 60_000
"""Weekly snapshots beyond which past days are asked more sparingly: each asks for a fit of its own."""
FEW_ORIGINS = 6
MOST_UNKNOWN = 0.5
"""Of the open deals of an earlier day, the share without an amount above which it is not said why the number moved."""
LEAST_FACT_DAYS = 28
WEEK = 7


@dataclass(frozen=True, slots=True)
class Asking:
    """What a forecast is asked for beside the log. `period`: by default the quarter of the as-of.

    `since`: the day from which on it is said why the number moved, by default a week before. `contacts`: those that
    people wrote down, by deal. `thorough`: also score gradient boosting, which takes longest.
    """

    period: Period | None = None
    since: date | None = None
    contacts: Contacts | None = None
    thorough: bool = False
    seed: int = 0


ASKING = Asking()


def forecast_log(log: EventLog, processes: Sequence[Process], asking: Asking = ASKING) -> Forecast:
    """Everything a forecast says as of the log, which must be built, with deals pinned and `record_proof` done."""
    fitted = Fitted(past_of(log, processes))
    made = _Making.begun(log, processes, fitted, asking)
    rows = deal_rows(log, processes, made.known, made.said())
    totals = made.totals()
    moved = made.moved()
    return Forecast(
        as_of=log.as_of.at,
        period=made.period,
        currency=fitted.past.read.currency,
        basis=made.basis,
        sentence=forecast_sentence(made.basis, made.period, totals[0], made.backtest, fitted.past.read.currency),
        reason=made.reason,
        decided=made.known.decided,
        total=totals[0],
        groups=totals[1:],
        deals=rows,
        fan=made.fan(),
        moved=moved,
        backtest=made.backtest,
        cells=made.model.cells if isinstance(made.model, Model) else (),
        weights=made.model.weights if isinstance(made.model, Model) else (),
        other_currency_deals=made.other_currency(),
        without_process=made.without_process(),
        limits=made.limits(moved),
        moved_longer=made.moved_longer(moved),
    )


def backtest_log(log: EventLog, processes: Sequence[Process], asking: Asking = ASKING) -> Backtest:
    """The back-test alone, with every method it can be set beside."""
    fitted = Fitted(past_of(log, processes))
    return _backtest(fitted, fitted.at(fitted.past.last_day), replace(asking, thorough=True))[0]


def _backtest(fitted: Fitted, known: KnownAt, asking: Asking) -> tuple[Backtest, Replay, float | None]:
    """Scored, with flags and settled periods; the replay behind it; and the margin by which deals are flagged now."""
    many = len(known.weekly) > MANY_SNAPSHOTS
    beside = {name: method for name, method in BASELINES.items() if asking.thorough or name != BOOSTING}
    replayed = replay_before(
        fitted, known.day, fitted.by_model, beside=beside, most_origins=FEW_ORIGINS if many else MOST_ORIGINS
    )
    margin, flagged = flags_before(replayed, MODEL, known.day)
    period = asking.period or period_of(day_of(known.day))
    settled = () if many else settled_before(fitted, period, _shocks(replayed), seed=asking.seed)
    return replace(scored(replayed, seed=asking.seed), flagged=flagged, settled=settled), replayed, margin


def _shocks(replayed: Replay) -> ShockOn:
    """The common shock as it could be known at the end of any day."""
    return lambda day: shock_on(replayed, MODEL, day)


@dataclass(frozen=True, slots=True, eq=False)
class _Making:
    """One forecast being made: what is known, by which model, and the figures that several parts need."""

    log: EventLog
    processes: tuple[Process, ...]
    fitted: Fitted
    asking: Asking
    known: KnownAt
    period: Period
    model: Model | TooFew
    backtest: Backtest | None
    margin: float | None
    shock_on: ShockOn
    basis: str
    reason: str

    @classmethod
    def begun(cls, log: EventLog, processes: Sequence[Process], fitted: Fitted, asking: Asking) -> _Making:
        known = fitted.at(fitted.past.last_day)
        period = asking.period or period_of(day_of(known.day))
        model = fitted.model(known)
        if isinstance(model, TooFew):
            basis = BASE_RATE if known.decided else NOTHING
            return cls(
                log, tuple(processes), fitted, asking, known, period, model, None, None, lambda _: Shock.prior(), basis,
                model.reason,
            )  # fmt: skip
        backtest, replayed, margin = _backtest(fitted, known, replace(asking, period=period))
        basis, reason = (MODEL, "") if backtest.shown else (BASE_RATE, backtest.reason)
        return cls(
            log, tuple(processes), fitted, asking, known, period, model, backtest, margin, _shocks(replayed), basis,
            reason,
        )  # fmt: skip

    @property
    def method(self) -> Method:
        """By which chances are shown."""
        return self.fitted.by_model if self.basis == MODEL else base_rate

    def said(self) -> Said:
        """What is said of each deal."""
        known, now = self.known, self.known.now
        weekly = self.method(known, WEEKS)
        by_end = won_in(self.method, known, days_of(self.period))
        model = self.model if self.basis == MODEL and isinstance(self.model, Model) else None
        days = model.decision_days(now) if model else None
        within = self.method(known, (self.backtest.horizon_days,)) if self.backtest else weekly
        flagged: BoolArray = (
            stalled(within.value[:, 0, WON], within.value[:, 0, NO_DECISION], self.margin)
            if model
            else np.zeros(len(now), dtype=np.bool_)
        )
        return Said(
            basis=self.basis,
            weekly=weekly,
            by_end=by_end,
            decision_days=days,
            facts=self._facts(model),
            to_come=self._to_come(days),
            stalled=flagged,
            seen=model.seen(now) if model else np.ones(len(now), dtype=np.bool_),
        )

    def _facts(self, model: Model | None) -> Sequence[tuple[Fact, ...]]:
        if model is None:
            return ((),) * len(self.known.now)
        left = days_of(self.period).last - self.known.day
        acts = last_acts(self.log, self.processes, self.known.now.deal.tolist())
        currency = self.fitted.past.read.currency
        return facts_of(self.known, model, max(left, LEAST_FACT_DAYS), acts=acts, currency=currency)

    def _to_come(self, days: FloatArray | None) -> Mapping[int, tuple[ToCome, ...]]:
        deals = self.known.now.deal.tolist()
        likely = {} if days is None else {
            deal: day_of(self.known.day + int(np.ceil(middle))) for deal, middle in zip(deals, days[:, 1], strict=True)
        }  # fmt: skip
        return to_come(self.log, self.processes, deals, likely=likely, contacts=self.asking.contacts)

    def totals(self) -> tuple[Total, ...]:
        """All deals first, then every team, owner and segment."""
        asking = TotalsAsked(
            self.period, self.shock_on(self.known.day), self.backtest.covered if self.backtest else None,
            self.asking.seed,
        )  # fmt: skip
        method = None if self.basis == NOTHING else self.method
        return totals_of(self.log, self.fitted, self.known, method, asking)

    def fan(self) -> tuple[FanDay, ...]:
        """What was said each week of the period."""
        if self.basis == NOTHING:
            return ()
        return fan_of(self.fitted, self.period, self.known.day, self.shock_on, seed=self.asking.seed)

    def moved(self) -> Moved | None:
        """Why the number moved since the day asked for; None where there was no number then."""
        asked = self.asking.since
        return self._moved_since(day_number(asked) if asked else self.known.day - WEEK)

    def moved_longer(self, moved: Moved | None) -> tuple[Moved, ...]:
        """The same since four weeks ago and since the period's first week, on days whose models the fan has fitted."""
        if moved is None or self.asking.since:
            return ()
        today, first = self.known.day, days_of(self.period).first
        days = sorted({today - 4 * WEEK, today - (today - first) // WEEK * WEEK}, reverse=True)
        found = [self._moved_since(day) for day in days if day < today - WEEK]
        return tuple(one for one in found if one is not None)

    def _moved_since(self, since: int) -> Moved | None:
        """None too where most amounts were not known then."""
        past = self.fitted.past
        if not past.first_day <= since < self.known.day or self.basis == NOTHING:
            return None
        before = self.fitted.at(since)
        if not before.decided or not len(before.now) or np.isnan(before.now.amount).mean() > MOST_UNKNOWN:
            return None
        period = days_of(self.period)
        states = [
            State(known, self._asked(known), *_of_won(won_by(past, known.day, period)))
            for known in (before, self.known)
        ]
        return moved_between(states[0], states[1], self.period, self.log, self.processes, currency=past.read.currency)

    def _asked(self, known: KnownAt) -> Asked:
        model = self.fitted.model(known)
        return model if self.basis == MODEL and isinstance(model, Model) else Shared(known)

    def other_currency(self) -> int:
        """Open deals whose amounts are not summed."""
        return int((~self.fitted.past.read.counted[self.known.now.deal]).sum())

    def without_process(self) -> int:
        """Open deals that match no process, and so are not forecast."""
        read = self.fitted.past.read
        open_deals = self.log.value("SELECT count(*) FROM deals WHERE decided_at IS NULL")
        return max(int(open_deals) - int(np.unique(self.known.now.deal).size), 0) if (read.process < 0).any() else 0

    def limits(self, moved: Moved | None) -> tuple[str, ...]:
        """What a reader must know of the whole; one short sentence each."""
        found = []
        if self.other_currency():
            found.append(f"{counted(self.other_currency(), 'open deal')} in a currency without a stated rate left out")
        if self.without_process():
            found.append(f"{counted(self.without_process(), 'open deal')} without a process left out")
        if moved is None and self.basis == MODEL:
            found.append("why the number moved is not known: amounts of past days are not in this file")
        return tuple(found)


def _of_won(won: Won) -> tuple[IntArray, FloatArray]:
    return won.deal, won.amount
