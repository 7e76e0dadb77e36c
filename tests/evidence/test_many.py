"""Both ways of proof, one deal at a time and all at once in the engine, say the same."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.many import STATE_NUMBERS, record_proof
from headway.evidence.standing import DealStanding, deal_standing, standing_of
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import as_of_day, event, fill, numbered

PROCESS = Process(
    "p",
    (
        Stage(
            "One", (Milestone("a", "A", proof=Proof(grade=1, acts=("reply",))), Milestone("b", "B", amount_from=50.0))
        ),
        Stage("Two", (Milestone("c", "C", proof=Proof(grade=2, shelf_life_days=10)),)),
        Stage("Three"),
        Stage("Four", (Milestone("d", "D", proof=Proof(grade=1, shelf_life_days=20, acts=("signed", "reply"))),)),
        Stage("Five", (Milestone("e", "E", record_types=("Lease",)),)),
        Stage("Six"),
    ),
)
STAGES = [stage.name for stage in PROCESS.stages] + ["Elsewhere"]
LIMIT = 7.0

times = st.integers(0, 80).map(lambda half: half / 2)
refs = st.sampled_from([None, "r1", "r2"])
events = st.one_of(
    st.builds(lambda t, n: event(EventKind.STAGE_CLAIMED, t, n), times, st.sampled_from(STAGES)),
    st.builds(lambda t, a: event(EventKind.AMOUNT_SET, t, amount=a), times, st.sampled_from([10.0, 50.0, 90.0])),
    st.builds(
        lambda t, n, g, r, late: event(EventKind.EVIDENCE_RECORDED, t, n, grade=g, ref=r, recorded=t + late),
        times,
        st.sampled_from("abcde"),
        st.sampled_from([None, 0, 1, 2, 4]),
        refs,
        st.sampled_from([0.0, 0.5, 30.0]),
    ),
    st.builds(
        lambda t, n, g: event(EventKind.BUYER_ACTED, t, n, grade=g),
        times,
        st.sampled_from(["reply", "signed", "visit"]),
        st.sampled_from([None, 1, 3]),
    ),
    st.builds(
        lambda k, t, n, r: event(k, t, n, ref=r),
        st.sampled_from([EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED]),
        times,
        st.sampled_from("abcde"),
        refs,
    ),
    st.builds(lambda t: event(EventKind.ACTIVITY_DONE, t, "call"), times),
    st.builds(lambda t, d: event(EventKind.ACT_AGREED, t, "answer", due=d), times, st.integers(0, 60)),
    st.builds(lambda t, o: event(EventKind.DEAL_DECIDED, t, o), times, st.sampled_from(["won", "lost"])),
    st.builds(lambda t: event(EventKind.DEAL_REOPENED, t), times),
)
histories = st.lists(
    st.tuples(st.lists(events, min_size=1, max_size=14), st.sampled_from([None, "Lease", "Loan"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories, st.integers(0, 90).map(lambda half: half / 2))
def test_one_by_one_and_all_at_once_agree(drawn: list[tuple[list[Event], str | None]], at: float) -> None:
    deals = numbered([DealHistory(f"D{n}", tuple(found), kind) for n, (found, kind) in enumerate(drawn)])
    as_of = as_of_day(at)
    with EventLog(memory_mib=256) as log:
        fill(log, deals)
        log.build(as_of)
        pin_deals(log, [PROCESS])
        record_proof(log, [PROCESS])
        rows = {row["id"]: row for row in log.rows("SELECT d.id, s.* FROM standings AS s JOIN deals AS d USING (deal)")}
        states = log.rows(
            "SELECT d.id, m.id AS known_as, s.* FROM milestone_states AS s JOIN deals AS d USING (deal)"
            " JOIN milestones AS m ON m.milestone = s.milestone"
        )
    for deal in deals:
        expected = deal_standing(deal, PROCESS, as_of, silence_limit_days=LIMIT)
        if not deal.known(as_of).events:
            assert deal.id not in rows
            continue
        _assert_same(rows[deal.id], [row for row in states if row["id"] == deal.id], expected)


def _assert_same(row: dict[str, object], states: list[dict[str, object]], expected: DealStanding) -> None:
    days = {
        name: None if row[name] is None else row[name] / 86_400_000_000  # type: ignore[operator]
        for name in ("silence_us", "seller_silence_us")
    }
    assert row["claimed_rank"] == expected.claimed_rank
    assert row["evidenced_rank"] == expected.evidenced_rank
    assert days["silence_us"] == expected.silence_days
    assert days["seller_silence_us"] == expected.seller_silence_days
    if row["decided_at"] is None:
        found = standing_of(days["silence_us"], days["seller_silence_us"], bool(row["waiting"]), LIMIT)
        assert found == expected.standing
    else:
        assert expected.standing == "decided"
    if row["observed"]:
        assert {(s["known_as"], STATE_NUMBERS[s["state"]], s["reconfirm"], s["holds"]) for s in states} == {  # type: ignore[index]
            (p.milestone.id, p.state.value, p.reconfirm, p.holds) for p in expected.proofs
        }
