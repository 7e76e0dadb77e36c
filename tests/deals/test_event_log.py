"""Order is settled once, as of a moment; what was not known by then is not there."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.basics.periods import AsOf
from headway.deals.event_log import EventLog, Place, last_event_at
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory, Event
from tests.logs import as_of_day, claims, day, decided, event, fill, numbered

PINNED = "SELECT deal, 0::INTEGER AS process FROM deals"


def log_of(log: EventLog, deals: dict[str, list[Event]], at: float = 100) -> EventLog:
    fill(log, numbered([DealHistory(name, tuple(events)) for name, events in deals.items()]))
    log.build(as_of_day(at))
    return log


def test_events_are_sorted_whatever_the_order_of_the_source() -> None:
    deals = {"b": claims((3, "Three"), (1, "One"), (2, "Two")), "a": claims((2, "Two"), (1, "One"))}
    with EventLog(memory_mib=256) as log:
        rows = log_of(log, deals).rows(
            "SELECT d.id, c.name, b.name AS before, e.gap_us / 86400000000 AS gap FROM events AS e"
            " JOIN deals AS d USING (deal) JOIN codes AS c USING (code)"
            " LEFT JOIN codes AS b ON b.code = e.previous ORDER BY d.id, e.turn"
        )
    assert [tuple(row.values()) for row in rows] == [
        ("a", "One", None, None),
        ("a", "Two", "One", 1.0),
        ("b", "One", None, None),
        ("b", "Two", "One", 1.0),
        ("b", "Three", "Two", 1.0),
    ]


def test_simultaneous_events_keep_the_order_of_the_source() -> None:
    with EventLog(memory_mib=256) as log:
        log_of(log, {"d": claims((1, "Zulu"), (1, "Alpha"), (1, "Mike"))})
        log.place_stages(log.table(PINNED), [Place(0, "zulu", 1), Place(0, "mike", 2)])
        assert log.rows("SELECT rank, previous_rank FROM moves ORDER BY turn") == [
            {"rank": 1, "previous_rank": None},
            {"rank": 2, "previous_rank": 1},
        ]
        names = log.rows("SELECT c.name FROM events JOIN codes AS c USING (code) ORDER BY turn")
    assert [row["name"] for row in names] == ["Zulu", "Alpha", "Mike"]


def test_a_visit_ends_with_the_next_stage_or_the_decision() -> None:
    deals = {"d": [*claims((1, "A"), (2, "A"), (4, "B")), decided(9, "won")], "open": claims((1, "A"))}
    with EventLog(memory_mib=256) as log:
        log_of(log, deals)
        log.place_stages(log.table(PINNED), [Place(0, "A", 1), Place(0, "B", 2)])
        rows = log.rows("SELECT rank, from_rank, next_rank, happened_at, left_at FROM visits ORDER BY turn")
    naive = [day(n).replace(tzinfo=None) for n in (1, 4, 9)]
    assert [tuple(row.values()) for row in rows] == [
        (1, 0, 2, naive[0], naive[1]),
        (2, 1, None, naive[1], naive[2]),
        (1, 0, None, naive[0], None),
    ]


def test_as_of_leaves_out_what_had_not_happened_and_what_was_not_recorded() -> None:
    snapshot = event(EventKind.AMOUNT_SET, 5, amount=70.0, recorded=90, recorded_how=RecordedHow.SNAPSHOT)
    life = [*claims((1, "A"), (50, "B")), event(EventKind.AMOUNT_SET, 2, amount=10.0), snapshot]
    deals = {"d": life, "new": claims((60, "A"))}
    with EventLog(memory_mib=256) as log:
        log_of(log, deals, at=40)
        assert log.rows("SELECT id, claimed, CAST(amount AS DOUBLE) AS amount FROM deals") == [
            {"id": "d", "claimed": "A", "amount": 10.0}
        ]
        log.build(as_of_day(95))
        assert log.rows("SELECT id, claimed, CAST(amount AS DOUBLE) AS amount FROM deals ORDER BY id") == [
            {"id": "d", "claimed": "B", "amount": 70.0},
            {"id": "new", "claimed": "A", "amount": None},
        ]
        log.build(AsOf(at=day(40), known_by=day(95)))
        assert log.value("SELECT CAST(amount AS DOUBLE) FROM deals WHERE id = 'd'") == 70.0


def test_a_reopened_deal_is_open_until_it_is_decided_again() -> None:
    life = [*claims((1, "A")), decided(5, "lost", "too dear"), event(EventKind.DEAL_REOPENED, 8), decided(12, "won")]
    with EventLog(memory_mib=256) as log:
        log_of(log, {"d": life}, at=6)
        assert log.rows("SELECT outcome, reason FROM deals") == [{"outcome": "lost", "reason": "too dear"}]
        log.build(as_of_day(9))
        assert log.rows("SELECT outcome, decided_at FROM deals") == [{"outcome": None, "decided_at": None}]
        log.build(as_of_day(12))
        assert log.value("SELECT outcome FROM deals") == "won"


def test_the_last_event_is_the_default_moment() -> None:
    with EventLog(memory_mib=256) as log:
        assert last_event_at(log) is None
        log_of(log, {"d": [*claims((1, "A")), event(EventKind.CLOSE_DATE_SET, 2, due=400)]})
        assert last_event_at(log) == day(2).replace(tzinfo=None)


def test_the_closed_list_is_closed() -> None:
    with EventLog(memory_mib=256) as log, pytest.raises(Exception, match="mailed"):
        log.connection.execute(
            "INSERT INTO source_events (kind, happened_at, recorded_how, ordinal)"
            " VALUES ('mailed', TIMESTAMP '2026-01-01', 'history', 1)"
        )


def test_as_of_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        AsOf.moment(datetime(2026, 1, 1))  # noqa: DTZ001


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.sampled_from("ABCD")), min_size=1, max_size=12), min_size=1, max_size=5
    )
)
def test_moves_are_those_of_a_plain_reading(drawn: list[list[tuple[int, str]]]) -> None:
    deals = {f"D{n}": claims(*moves) for n, moves in enumerate(drawn)}
    ranks = {"A": 1, "B": 2, "C": 3}
    expected = []
    for name, moves in enumerate(drawn):
        known = [ranks[stage] for _, stage in sorted(moves, key=lambda m: m[0]) if stage in ranks]
        expected += [(f"D{name}", rank, before) for rank, before in zip(known, [None, *known], strict=False)]
    with EventLog(memory_mib=256) as log:
        log_of(log, deals)
        places = [Place(0, name, rank) for name, rank in ranks.items()]
        log.place_stages(log.table(PINNED), places)
        rows = log.rows(
            "SELECT d.id, m.rank, m.previous_rank FROM moves AS m JOIN deals AS d USING (deal) ORDER BY m.turn"
        )
    assert [tuple(row.values()) for row in rows] == expected
