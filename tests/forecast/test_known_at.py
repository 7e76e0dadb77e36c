"""Nothing that became known later reaches what a model is told; and that is what the pure functions say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from math import floor
from typing import Any

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from headway.basics.periods import AsOf
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.many import record_proof
from headway.evidence.standing import deal_standing
from headway.forecast.known_at import Past, day_number, past_of
from headway.forecast.snapshots import LOST, NEVER, OPEN, UNSEEN, WON, KnownAt
from tests.diagnosis.rewound import PROCESSES
from tests.diagnosis.test_rewind import LATE_ENTRY, LATE_PROOF, made
from tests.diagnosis.test_rewind import kinds as rewind_kinds
from tests.logs import START, as_of_day, claims, day, decided, event, fill, numbered

LAST = 40.0
kinds = st.one_of(
    rewind_kinds,
    st.builds(lambda n: (EventKind.CLOSE_DATE_SET, {"due": n}), st.sampled_from([None, 5, 20, 33])),
    st.builds(lambda n: (EventKind.ACT_AGREED, {"name": "meet", "due": n}), st.sampled_from([None, 5, 20, 33])),
    st.builds(lambda n: (EventKind.OWNER_SET, {"name": n}), st.sampled_from(["Ana", "Ben", None])),
)
times = st.integers(0, 60).map(lambda half: half / 2)
delays = st.sampled_from([None, None, 0.0, 0.5, 3.0, 9.0, 30.0])
histories_drawn = st.lists(
    st.lists(st.builds(made, kinds, times, delays), min_size=1, max_size=14), min_size=1, max_size=5
)


def past_as_of(histories: Sequence[DealHistory], as_of: AsOf) -> Past:
    about = {history.id: {"pipeline": "Sales", "currency": "EUR", "segment": "Mid"} for history in histories}
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, histories, **about)
        log.build(as_of)
        pin_deals(log, PROCESSES)
        record_proof(log, PROCESSES)
        return past_of(log, PROCESSES)


def told(past: Past, known: KnownAt) -> dict[str, Any]:
    """Everything in it, by the ids and names of things instead of their numbers in one log or another."""

    def rows(columns: Any) -> list[tuple[Any, ...]]:
        found = []
        for place in range(len(columns)):
            row: list[Any] = []
            for one in fields(columns):
                value = getattr(columns, one.name)[place]
                if one.name == "deal":
                    row.append(past.read.ids[value])
                elif one.name == "owner":
                    row.append(past.read.owners[value] if value != UNSEEN else None)
                elif one.name == "kinds":
                    row.append(np.trim_zeros(value, "b").tolist())  # kinds known later are nought
                elif one.name != "spell":
                    row.append(None if value != value else float(value))
            found.append(tuple(row))
        return sorted(found, key=str)

    return {
        "now": rows(known.now), "weekly": rows(known.weekly), "spans": rows(known.spans), "decided": known.decided,
        "first": known.first_day, "segments": known.segments if len(known.now) else (),
    }  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories_drawn, st.integers(1, 35))
@example([LATE_PROOF, LATE_ENTRY], 10)
@example([LATE_PROOF, LATE_ENTRY], 15)
def test_what_becomes_known_later_changes_nothing(drawn: list[list[Event]], on: int) -> None:
    histories = numbered([DealHistory(f"D{n}", tuple(found)) for n, found in enumerate(drawn)])
    asked = START.date() + timedelta(days=on)
    later = past_as_of(histories, as_of_day(LAST))
    then = past_as_of(histories, AsOf.end_of(asked))
    if not then.read.ids:
        assert not len(later.at(day_number(asked)).now)
        return
    assert told(later, later.at(day_number(asked))) == told(then, then.at(day_number(asked)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories_drawn, st.integers(1, 35))
@example([LATE_PROOF, LATE_ENTRY], 12)
def test_a_snapshot_is_what_the_pure_functions_say(drawn: list[list[Event]], on: int) -> None:
    histories = numbered([DealHistory(f"D{n}", tuple(found)) for n, found in enumerate(drawn)])
    asked = START.date() + timedelta(days=on)
    past = past_as_of(histories, as_of_day(LAST))
    now = past.at(day_number(asked)).now
    seen = {past.read.ids[deal]: place for place, deal in enumerate(now.deal)}
    for history in histories:
        as_of = AsOf.end_of(asked)
        known = history.known(as_of)
        if not known.events or known.decision:
            assert history.id not in seen
            continue
        standing = deal_standing(history, PROCESSES[0], as_of, silence_limit_days=7.0)
        place = seen[history.id]
        assert now.claimed[place] == (UNSEEN if standing.claimed_rank is None else standing.claimed_rank)
        assert now.level[place] == (UNSEEN if standing.evidenced_rank is None else standing.evidenced_rank)
        silence = now.silence[place]
        assert (None if np.isnan(silence) else silence) == (
            None if standing.silence_days is None else floor(standing.silence_days)
        )
        amount = now.amount[place]
        assert (None if np.isnan(amount) else amount) == known.amount


def test_weekly_rows_and_spans_of_one_deal() -> None:
    events = [
        *claims((0, "One"), (10, "Two")),
        event(EventKind.OWNER_SET, 0, "Ana"),
        event(EventKind.AMOUNT_SET, 0, amount=90.0),
        event(EventKind.CLOSE_DATE_SET, 1, due=12),
        event(EventKind.CLOSE_DATE_SET, 11, due=25),
        event(EventKind.EVIDENCE_RECORDED, 3, "a", grade=1),
        event(EventKind.EVIDENCE_RECORDED, 5, "b", grade=1),
        event(EventKind.ACTIVITY_DONE, 6, "call"),
        event(EventKind.ACTIVITY_DONE, 13, "call"),
        decided(20, "won"),
    ]
    other = [*claims((2, "One")), decided(9, "lost"), event(EventKind.DEAL_REOPENED, 12), *claims((12, "One"))]
    past = past_as_of(numbered([DealHistory("D0", tuple(events)), DealHistory("D1", tuple(other))]), as_of_day(30))
    start = day_number(date(2026, 1, 1))
    known = past.at(start + 21)
    mine = known.weekly.take(known.weekly.deal == 0)
    assert (mine.day - start).tolist() == [14, 7, 0]
    assert mine.level.tolist() == [1, 1, UNSEEN] and mine.claimed.tolist() == [2, 1, 1]
    assert mine.exit.tolist() == [WON] * 3 and (mine.exit_day - start).tolist() == [20] * 3
    assert mine.silence[:2].tolist() == [9, 2] and np.isnan(mine.silence[2])
    assert mine.due_days[:2].tolist() == [11, 5] and mine.pushes.tolist() == [1, 0, 0]
    assert mine.activities.tolist() == [2, 1, 0] and mine.recent.tolist() == [2, 1, 0]
    assert mine.stage_days.tolist() == [4, 7, 0] and mine.amount.tolist() == [90] * 3
    assert mine.won_within(6).tolist() == [True, False, False]
    assert known.weekly.exit[known.weekly.deal == 1].tolist() == [LOST, OPEN]  # reopened: a life of its own
    spans = known.spans.take(known.spans.deal == 0)
    assert (spans.start - start).tolist() == [0, 3, 5, 10] and (spans.end - start).tolist() == [3, 5, 10, 20]
    assert spans.next_level.tolist() == [0, 1, 1, UNSEEN - 1] and spans.after.tolist() == [OPEN, OPEN, OPEN, WON]
    assert past.at(start + 15).decided == 1 and known.decided == 2
    assert (past.at(start + 15).now.exit_day == NEVER).all()


def test_a_team_is_a_part_of_what_is_known() -> None:
    several = [DealHistory(f"D{n}", (*claims((n, "One")), decided(n + 12, "won"))) for n in range(6)]
    known = past_as_of(numbered(several), as_of_day(16)).at(day_number(day(16).date()))
    team = known.of(np.array([True, False, True, False, True, False]))
    assert sorted(set(team.weekly.deal.tolist())) == [0, 2, 4] and team.now.deal.tolist() == [] and team.decided == 3
    asked = known.of(np.array([True] * 5 + [False]), forecast=np.array([False] * 5 + [True]))
    assert asked.now.deal.tolist() == [5] and 5 not in asked.weekly.deal


def test_nothing_is_known_of_an_empty_log() -> None:
    known = past_as_of([], as_of_day(3)).at(day_number(day(3).date()))
    assert (len(known.now), len(known.weekly), len(known.spans), known.decided) == (0, 0, 0, 0)
