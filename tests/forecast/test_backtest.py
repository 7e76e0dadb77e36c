"""A replay looks at nothing that came later, gives skill only where there is some, and says why it shows nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.demo.company import simulate
from headway.demo.export import process_text
from headway.demo.log_rows import fill_log
from headway.evidence.many import record_proof
from headway.forecast.backtest import backtest_of, scored
from headway.forecast.baselines import BASELINES, base_rate, stage_snapshot_rate, stage_weighted
from headway.forecast.known_at import Past, past_of
from headway.forecast.method import Chances
from headway.forecast.model import by_model
from headway.forecast.replay import days_to_decision, replay, weekly_origins
from headway.forecast.snapshots import LOST, NEVER, OPEN, WON, KnownAt, Snapshots
from headway.forecast.value import MODEL
from headway.process.definition import Process
from headway.process.loader import load_process
from tests.forecast.snapshot_rows import known_at, snapshots, spans

ENDS_ON = date(2026, 6, 30)
SOME = {"base rate": base_rate, "stage-weighted": stage_weighted, MODEL: by_model}


def the_process() -> Process:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "process.yaml"
        path.write_text(process_text(), encoding="utf-8")
        return load_process(path)


def read(log: EventLog, as_of: object) -> Past:
    process = the_process()
    log.build(as_of)  # type: ignore[arg-type]
    pin_deals(log, [process])
    record_proof(log, [process])
    return past_of(log, [process])


@pytest.fixture(scope="module")
def firm() -> Past:
    """A small simulated firm: eight sellers, a year."""
    with EventLog(in_memory=True, threads=1) as log:
        return read(log, fill_log(simulate(3, ENDS_ON, sellers=8, months=12), log))


LATER = """
INSERT INTO source_events BY NAME
SELECT * REPLACE (
    CAST($kind AS {kind}) AS kind, $name AS name, CAST($at AS TIMESTAMP) AS happened_at,
    CAST($at AS TIMESTAMP) AS recorded_at, NULL AS due_on, CAST($amount AS DOUBLE) AS amount,
    $from + row_number() OVER () AS ordinal
) FROM source_events WHERE ordinal IN (SELECT min(ordinal) FROM source_events GROUP BY deal)
"""


def test_what_is_recorded_later_changes_no_forecast_of_an_earlier_day() -> None:
    """The same origin, asked of a log to which every deal's win, a new amount, a claim and an act were added since."""
    with EventLog(in_memory=True, threads=1) as log:
        as_of = fill_log(simulate(3, ENDS_ON, sellers=3, months=9), log)
        before = read(log, as_of)
        day = before.last_day - 21
        later = datetime.combine(date(1970, 1, 1) + timedelta(days=day + 5), datetime.min.time(), UTC)
        types = {row["column_name"]: row["column_type"] for row in log.rows("DESCRIBE source_events")}
        for number, (kind, name) in enumerate(
            (("deal_decided", "won"), ("amount_set", None), ("buyer_acted", "signed"), ("activity_done", "call"))
        ):
            log.connection.execute(
                LATER.format(kind=types["kind"]),
                {"kind": kind, "name": name, "at": later.replace(tzinfo=None), "amount": 1e6,
                 "from": 10_000_000 * (number + 1)},
            )  # fmt: skip
        after = read(log, as_of)
    for method in BASELINES.values():
        one, other = method(before.at(day), (30,)), method(after.at(day), (30,))
        assert np.array_equal(one.value, other.value), method
    one, other = by_model(before.at(day), (7, 30, 90)), by_model(after.at(day), (7, 30, 90))
    assert np.array_equal(one.value, other.value) and np.array_equal(one.low, other.low)
    known = after.at(day + 10)  # and they are there, once they are recorded
    assert known.decided > after.at(day).decided + 10


class Shuffled:
    """A past whose deals ended as other deals did: nothing that is known of a deal tells how it ends."""

    def __init__(self, past: Past, seed: int) -> None:
        self.past = past
        read = past.read
        ended = np.flatnonzero(read.spells.exit != OPEN)
        drawn = np.random.default_rng(seed).permutation(ended)
        exits = read.spells.exit.copy()
        exits[ended] = exits[drawn]
        self.exits = exits

    def at(self, day: int) -> KnownAt:
        known = self.past.at(day)
        spans = known.spans
        after = np.where(spans.after == OPEN, OPEN, self.exits[spans.spell])
        return replace(
            known, now=self._ended(known.now), weekly=self._ended(known.weekly), spans=replace(spans, after=after)
        )

    def _ended(self, rows: Snapshots) -> Snapshots:
        return replace(rows, exit=np.where(rows.exit == OPEN, OPEN, self.exits[rows.spell]))


def test_a_firm_whose_buyers_tell_gives_skill_and_shuffled_outcomes_give_none(firm: Past) -> None:
    origins = weekly_origins(firm.last_day, 60, 7)
    real = scored(replay(firm, SOME, origins, 60, timed=[MODEL]))
    assert real.skill is not None and real.skill.low > 0 and real.shown and real.reason == ""
    by = {one.method: one for one in real.scores}
    assert by[MODEL].brier < by["base rate"].brier and (by[MODEL].ranking or 0) > 0.6
    lost = scored(replay(Shuffled(firm, 0), SOME, origins, 60, timed=[MODEL]))
    assert lost.skill is not None and lost.skill.low <= 0.0 and not lost.shown
    assert "not surely better" in lost.reason


def test_a_backtest_is_made_of_weeks_whose_horizon_has_passed_and_adds_up(firm: Past) -> None:
    found = backtest_of(
        firm, firm.last_day, stage_snapshot_rate, beside={"stage-weighted": stage_weighted}, most_origins=6
    )
    assert len(found.origins) == 6 and [one.method for one in found.scores] == [MODEL, "base rate", "stage-weighted"]
    last = found.origins[-1]
    assert (firm.last_day - (last.on - date(1970, 1, 1)).days) >= 30
    assert all(one.low <= one.middle <= one.high and one.open_deals > 0 for one in found.origins)
    money = (sum(one.mean for one in found.origins), sum(one.actual for one in found.origins))
    assert found.scores[0].bookings_bias == pytest.approx(money[0] / money[1] - 1)
    assert found.covered is not None and found.covered.n == 6
    assert found.time_error_days is not None and found.time_error_usual is not None
    assert sum(one.won.n for one in found.calibration) >= max(one.open_deals for one in found.origins)
    same = [backtest_of(Weeks(), 100, stage_weighted, beside={}, most_origins=2) for _ in range(2)]
    assert same[0] == same[1]


class Weeks:
    """A made-up past: each week opens four deals at stage 1; two are won 20 days on, one is lost after 40."""

    def __init__(self, first: int = 0) -> None:
        self.first = first

    def at(self, day: int) -> KnownAt:
        weeks = range(self.first, day, 7)
        rows = [(4 * number + one, start, one) for number, start in enumerate(weeks) for one in range(4)]
        ends = {deal: (WON, start + 20) if one < 2 else (LOST, start + 40) if one == 2 else (OPEN, NEVER)
                for deal, start, one in rows}  # fmt: skip
        known = {deal: (how, on) if on <= day else (OPEN, NEVER) for deal, (how, on) in ends.items()}
        lived = spans(*((deal, start, min(day, known[deal][1]), known[deal][0]) for deal, start, _ in rows))
        opened = [(deal, start) for deal, start, _ in rows if known[deal][1] > day]
        seen = [(deal, on) for deal, start, _ in rows for on in range(day - 7, start - 1, -7) if on < ends[deal][1]]
        now = snapshots([deal for deal, _ in opened], day=day, amount=10.0)
        weekly = snapshots(
            [deal for deal, _ in seen], day=[on for _, on in seen],
            exit=[known[deal][0] for deal, _ in seen], exit_day=[known[deal][1] for deal, _ in seen],
        )  # fmt: skip
        decided = sum(how != OPEN for how, _ in known.values())
        return replace(known_at(day, now, weekly, lived), decided=decided)


def test_outcomes_are_looked_up_deal_by_deal_within_the_horizon() -> None:
    found = replay(Weeks(), {"base rate": base_rate}, [49, 56], 30)
    assert found.days == (49, 56)
    # On day 49, of the weeks begun on days 35 and 42 two deals each are still to be won.
    first = found.origin == 0
    assert int((found.won & first).sum()) == 4 and found.booked.tolist() == [40.0, 40.0]
    assert set(found.to_go[found.won & first].tolist()) == {6.0, 13.0}
    assert (found.ended[first] == LOST).sum() == 4  # begun on days 14 ... 35; of day 7: ended by then; of day 42: later
    assert found.usual[0] > 0


def test_flags_choose_whom_to_fit_on_and_whom_to_forecast() -> None:
    team = np.arange(400) % 2 == 0
    own = replay(Weeks(), {"base rate": base_rate}, [70], 30, deals=team)
    assert (own.deal % 2 == 0).all()
    every = replay(Weeks(), {"base rate": base_rate}, [70], 30, deals=team, forecast=np.ones(400, dtype=np.bool_))
    assert every.deal.size > own.deal.size
    assert every.chances["base rate"][0].tolist() == own.chances["base rate"][0].tolist()


def always(chance: float) -> object:
    def method(known: KnownAt, horizons: Sequence[int]) -> Chances:
        value = np.zeros((len(known.now), len(horizons), 3))
        value[:, :, WON] = chance
        return Chances(tuple(horizons), value, value, value)

    return method


def test_it_says_why_chances_are_not_shown() -> None:
    none = backtest_of(Weeks(first=90), 80, by_model, beside={})
    assert not none.shown and none.origins == () and none.skill is None and none.covered is None
    assert "no past week could be forecast again" in none.reason
    few = backtest_of(Weeks(), 70, by_model, beside={})
    assert 0 < len(few.origins) < 6 and f"only {len(few.origins)} past week" in few.reason
    same = backtest_of(Weeks(), 200, base_rate, beside={})
    assert same.skill is not None and same.skill.value == 0 and "not surely better" in same.reason
    worse = backtest_of(Weeks(), 200, always(0.95), beside={})  # type: ignore[arg-type]
    assert worse.skill is not None and worse.skill.high < 0 and not worse.shown


def test_a_replay_needs_an_origin() -> None:
    with pytest.raises(ValueError, match="at least one origin"):
        replay(Weeks(), {}, [], 30)


def test_days_to_a_decision_are_read_off_the_chances() -> None:
    value = np.zeros((2, 2, 3))
    value[0, :, WON], value[0, :, LOST] = [0.2, 0.4], [0.0, 0.4]
    said = days_to_decision(Chances((10, 20), value, value, value))
    assert said[0].tolist() == pytest.approx([4.0, 10 + 10 * (0.4 - 0.2) / 0.6, 10 + 10 * (0.72 - 0.2) / 0.6])
    assert np.isnan(said[1]).all()
