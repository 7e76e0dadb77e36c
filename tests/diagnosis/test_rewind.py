"""A rewound day is what the pure functions say of every deal as it was known at the end of that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from headway.basics.periods import AsOf
from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory, Event
from headway.demo.company import simulate
from headway.diagnosis.rewind import quarter_ends, rewind, rewind_days, usual_days
from headway.diagnosis.rewind_json import from_json, to_json
from headway.diagnosis.rewind_value import Level, Rewind, RewindDay
from headway.diagnosis.study import begin_study
from headway.process.loader import load_process
from tests.diagnosis.rewound import PROCESSES, Seen, level_of, rewound, truth_of
from tests.logs import START, as_of_day, claims, day, decided, event, fill, numbered

LAST_DAYS = timedelta(days=10)
MOMENT = timedelta(microseconds=1) / timedelta(days=1)

times = st.builds(lambda half, shift: half / 2 + shift * MOMENT, st.integers(0, 60), st.sampled_from([0, 0, 0, -1, 1]))
delays = st.sampled_from([None, None, 0.0, 0.5, 3.0, 9.0, 30.0, -2.0])
refs = st.sampled_from([None, "r1", "r2"])
kinds = st.one_of(
    st.builds(
        lambda n: (EventKind.STAGE_CLAIMED, {"name": n}), st.sampled_from(["One", "Two", "four", "Five", "Else"])
    ),
    st.builds(lambda a: (EventKind.AMOUNT_SET, {"amount": a}), st.sampled_from([None, 10.0, 50.0, 90.25])),
    st.builds(
        lambda n, g, r: (EventKind.EVIDENCE_RECORDED, {"name": n, "grade": g, "ref": r}),
        st.sampled_from("aabccddex"),
        st.sampled_from([None, 0, 1, 2, 4]),
        refs,
    ),
    st.builds(
        lambda n, g: (EventKind.BUYER_ACTED, {"name": n, "grade": g}),
        st.sampled_from(["reply", "signed", "visit"]),
        st.sampled_from([None, 1, 3]),
    ),
    st.builds(
        lambda k, n, r: (k, {"name": n, "ref": r}),
        st.sampled_from([EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED]),
        st.sampled_from("abcdex"),
        refs,
    ),
    st.just((EventKind.ACTIVITY_DONE, {"name": "call"})),
    st.just((EventKind.DEAL_CREATED, {})),
    st.builds(lambda o: (EventKind.DEAL_DECIDED, {"name": o}), st.sampled_from(["won", "lost", "no_decision"])),
    st.just((EventKind.DEAL_REOPENED, {})),
)


def made(kind: tuple[EventKind, dict[str, Any]], at: float, delay: float | None) -> Event:
    return event(kind[0], at, recorded=None if delay is None else at + delay, **kind[1])


deals = st.tuples(
    st.lists(st.builds(made, kinds, times, delays), min_size=1, max_size=14),
    st.sampled_from([None, "Lease", "Loan"]),
    st.sampled_from(["Sales", "Sales", "Sales", "Renewal", "Elsewhere"]),
    st.sampled_from(["EUR", "EUR", "USD", None]),
)
Drawn = tuple[list[Event], str | None, str, str | None]

LATE_PROOF = [  # a lapse behind fresher, later proof that is itself recorded late, and retracted at last
    *claims((0, "Two"), (1, "four")),
    event(EventKind.BUYER_ACTED, 0.5, "reply", grade=2),
    event(EventKind.EVIDENCE_RECORDED, 1, "c", grade=2),
    event(EventKind.EVIDENCE_RECORDED, 9, "d", grade=2, ref="r1", recorded=13),
    event(EventKind.EVIDENCE_RETRACTED, 9.5, "d", ref="r1", recorded=16),
    decided(14, "won"),
    event(EventKind.DEAL_REOPENED, 15, recorded=18),
]
LATE_ENTRY = [  # what happened before the last claim and amount, and is entered after them, changes neither
    *claims((5, "Two")),
    event(EventKind.STAGE_CLAIMED, 2, "four", recorded=9),
    event(EventKind.AMOUNT_SET, 5, amount=50.0),
    event(EventKind.AMOUNT_SET, 2, amount=10.0, recorded=9),
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(deals, min_size=1, max_size=5),
    st.integers(0, 70).map(lambda half: half / 2),
    st.sampled_from([0.0, 0.0, 6.0, -3.0]),
    st.sets(st.integers(-2, 36), min_size=1, max_size=9),
)
@example([(LATE_PROOF, None, "Sales", "EUR")], 30.0, 0.0, set(range(20)))
@example([(LATE_ENTRY, None, "Sales", "EUR"), (LATE_ENTRY[1:], "Lease", "Sales", "EUR")], 30.0, 0.0, set(range(12)))
def test_each_day_is_what_each_deal_was_known_to_be(
    drawn: list[Drawn], at: float, later: float, asked: set[int]
) -> None:
    histories = numbered([DealHistory(f"D{n}", tuple(found), kind) for n, (found, kind, _, _) in enumerate(drawn)])
    about = {f"D{n}": {"pipeline": pipeline, "currency": money} for n, (_, _, pipeline, money) in enumerate(drawn)}
    as_of = AsOf(day(at), day(at + later))
    last_on = min(as_of.at, as_of.known_by).date()
    days = [on for on in (START.date() + timedelta(days=n) for n in sorted(asked)) if on <= last_on]
    found, rows, facts = rewound(histories, about, as_of, days)

    pinned = [(one, facts[one.id]) for one in histories if one.id in facts]
    truths = [truth_of(one, on, as_of, row["process"], row["counted"]) for on in days for one, row in pinned]
    there = [truth for truth in truths if truth]
    assert sorted(rows, key=key) == sorted(there, key=key)
    for on, told in zip(days, found.days, strict=True):
        _assert_told(told, [one for one in there if one.fell_on == on])
        assert told.on == on
    assert from_json(to_json(found)) == found


def key(one: Seen) -> tuple[date, str]:
    return one.fell_on, one.id


def _assert_told(told: RewindDay, there: Sequence[Seen]) -> None:
    assert (told.deals, told.unplaced) == (len(there), sum(one.process is None for one in there))
    assert told.amount == sum(one.amount or 0.0 for one in there)
    assert told.without_amount == sum(one.amount is None for one in there)
    late = Level()
    for number, process in enumerate(told.processes):
        mine = [one for one in there if one.process == number]
        stages = len(PROCESSES[number].stages)
        assert (process.deals, process.without_amount) == (len(mine), sum(one.amount is None for one in mine))
        assert process.levels == tuple(level_of(mine, rank) for rank in range(1, stages + 1))
        late += level_of(mine, max(stages - 1, 1))
    assert told.late == late


def test_what_happened_between_a_quarter_end_and_its_outcome_reads_off_one_day() -> None:
    told = {
        "seen": [*claims((0, "Five")), *every_proof(1), worth(100.0), decided(20, "won")],
        "bluff": [*claims((0, "Five")), shown("a", 1), worth(300.0), decided(20, "lost")],
        "mute": [*claims((0, "Five")), worth(50.0)],
        "shy": [*claims((0, "One")), *every_proof(1), worth(10.0), decided(20, "won")],
    }
    histories = numbered([DealHistory(name, tuple(found)) for name, found in told.items()])
    about = {name: {"pipeline": "Sales", "currency": "EUR"} for name in told}
    on = START.date() + timedelta(days=2)
    found, _, _ = rewound(histories, about, as_of_day(30), [on, on])
    (only,) = found.days
    late = only.late
    assert (only.deals, only.amount, found.currency, found.in_money) == (4, 460.0, "EUR", True)
    assert (late.claimed.amount, late.evidenced.amount, late.unproven.amount) == (450.0, 100.0, 300.0)
    assert (late.unobserved.amount, late.sandbagged.amount, late.unevidenced.deals) == (50.0, 10.0, 2)
    won = late.evidenced.share("won")
    assert won is not None and (won.value, won.n) == (1.0, 1) and won.low == pytest.approx(0.2065, abs=1e-4)
    rest = late.unevidenced
    assert (rest.counts, rest.ended, rest.won_of_ended and rest.won_of_ended.n) == ((0, 1, 0, 0, 1), 1, 1)


def every_proof(at: float) -> list[Event]:
    return [shown(name, at) for name in "abcde"]


def shown(milestone: str, at: float) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, milestone, grade=2)


def worth(amount: float) -> Event:
    return event(EventKind.AMOUNT_SET, 0, amount=amount)


def test_a_snapshot_of_the_amount_is_not_known_before_the_export() -> None:
    amount = event(EventKind.AMOUNT_SET, 0, amount=70.0, recorded=20, recorded_how=RecordedHow.SNAPSHOT)
    histories = numbered([DealHistory("D", (*claims((0, "Five")), amount))])
    days = [START.date() + timedelta(days=n) for n in (5, 20)]
    found, _, _ = rewound(histories, {"D": {"pipeline": "Sales"}}, as_of_day(20), days)
    assert [(one.amount, one.without_amount) for one in found.days] == [(0.0, 1), (70.0, 0)]
    assert not found.in_money


def test_claims_part_from_evidence_before_a_quarter_ends_as_planted(tmp_path: Path) -> None:
    last = date(2026, 11, 21)
    files = simulate(7, last).write(tmp_path)
    processes = [load_process(file) for file in files if file.suffix == ".yaml"]
    weeks = rewind_days(date(2025, 9, 1), last, most=1000)
    ends = quarter_ends(weeks[0], last)
    days = sorted({*weeks, *ends, *(day - LAST_DAYS for day in (*weeks, *ends))})
    with EventLog(in_memory=True) as log:
        read_sources([file for file in files if file.suffix == ".csv"], log, ask=None)
        log.build(AsOf.end_of(last))
        study = begin_study(log, processes)
        found = rewind(log, study.processes, days)
    pressed = [_grown(found, end) for end in ends]
    rest = [_grown(found, day) for day in weeks if all(abs(day - end) > LAST_DAYS for end in ends)]
    assert len(pressed) == 5 and len(rest) > 30
    assert mean(claimed for claimed, _ in pressed) > 6 > 1 > mean(claimed for claimed, _ in rest)
    assert abs(mean(evidenced for _, evidenced in pressed)) < 1.5
    assert found.in_money and found.days[-1].deals == study.open_deals


def _grown(found: Rewind, end: date) -> tuple[int, int]:
    """Deals claimed, and evidenced, in the last two stages: more at the end than ten days before it."""
    before, after = found.day(end - LAST_DAYS).late, found.day(end).late
    return after.claimed.deals - before.claimed.deals, after.evidenced.deals - before.evidenced.deals


def test_a_day_the_log_does_not_hold_is_refused() -> None:
    histories = numbered([DealHistory("D", tuple(claims((0, "One"))))])
    with pytest.raises(ValueError, match="2026-01-12 is after 2026-01-11"):
        rewound(histories, {}, as_of_day(10), [START.date() + timedelta(days=11)])


def test_other_processes_than_those_studied_are_refused() -> None:
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, numbered([DealHistory("D", tuple(claims((0, "One"))))]))
        log.build(as_of_day(10))
        begin_study(log, PROCESSES)
        with pytest.raises(ValueError, match="other processes"):
            rewind(log, PROCESSES[:1], [START.date()])


def test_no_day_asked_is_no_day_told() -> None:
    found, _, _ = rewound(numbered([DealHistory("D", tuple(claims((0, "One"))))]), {}, as_of_day(10), [])
    assert (found.days, found.quarter_ends) == ((), ())
    with pytest.raises(ValueError, match="holds no day"):
        found.day(START.date())


def test_any_date_finds_the_day_before_it() -> None:
    days = [START.date() + timedelta(days=n) for n in (1, 4, 8)]
    found, _, _ = rewound(numbered([DealHistory("D", tuple(claims((0, "One"))))]), {}, as_of_day(10), days)
    asked = [START.date() + timedelta(days=n) for n in (0, 1, 3, 4, 99)]
    assert [found.day(on).on for on in asked] == [days[0], days[0], days[0], days[1], days[2]]


@given(st.dates(), st.integers(0, 5000), st.integers(1, 200))
def test_days_are_whole_weeks_apart_and_end_on_the_last(first: date, length: int, most: int) -> None:
    last = first + timedelta(days=min(length, (date.max - first).days))
    days = rewind_days(first, last, most)
    apart = {(two - one).days for one, two in pairwise(days)}
    assert days[-1] == last and first <= days[0] and len(days) <= most
    assert len(apart) <= 1 and all(step % 7 == 0 for step in apart)
    step = apart.pop() if apart else None
    if step:
        assert (days[0] - first).days < step
        assert step == 7 or (last - first).days // (step - 7) + 1 > most


def test_days_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="no days"):
        rewind_days(date(2026, 2, 1), date(2026, 1, 1))


def test_usual_days_are_the_last_weeks_of_the_log() -> None:
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, numbered([DealHistory("D", tuple(claims((0, "One"), (30, "Two"))))]))
        log.build(as_of_day(30))
        assert usual_days(log) == tuple(date(2026, 1, 3) + timedelta(weeks=n) for n in range(5))
        assert usual_days(log, most=2) == (date(2026, 1, 24), date(2026, 1, 31))
        log.build(as_of_day(-1))
        assert usual_days(log) == ()


def test_quarter_ends_include_both_ends_of_the_span() -> None:
    assert quarter_ends(date(2025, 12, 31), date(2026, 6, 30)) == (
        date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30),
    )  # fmt: skip
    assert quarter_ends(date(2026, 1, 1), date(2026, 3, 30)) == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 0}', '{"version": 1, "as_of": "yesterday"}'])
def test_other_text_is_no_rewind(text: str) -> None:
    with pytest.raises(ValueError, match="not a rewind"):
        from_json(text)
