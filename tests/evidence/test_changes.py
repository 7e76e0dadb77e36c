"""What changed on a deal between two moments."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.basics.periods import AsOf
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory, Event
from headway.evidence.changes import Change, ChangeKind, changes_between
from headway.evidence.kinds import State
from headway.evidence.proof import milestone_proofs
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import as_of_day, claims, day, decided, event

PROCESS = Process(
    "p",
    (
        Stage("One", (Milestone("said", "They say what is wrong."),), claims=("Discovery",)),
        Stage("Two", (Milestone("paid", "They name who pays", proof=Proof(grade=2, shelf_life_days=30)),)),
        Stage("Three", (Milestone("signed", "They sign", proof=Proof(grade=3, acts=("signature",))),)),
    ),
)


def changes(*events: Event, start: float = 10, end: float = 20, limit: float = 1_000, **more: Any) -> list[Change]:
    history = DealHistory("d", events)
    return list(changes_between(history, PROCESS, as_of_day(start), as_of_day(end), limit, **more))


def told(*events: Event, **more: Any) -> list[tuple[str, str]]:
    return [(change.kind.value, change.sentence) for change in changes(*events, **more)]


def shown(at: float, name: str, grade: int = 2, **more: Any) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, name, grade=grade, **more)


def test_nothing_happened_nothing_changed() -> None:
    assert told(shown(5, "said"), *claims((1, "One"))) == []
    assert told(event(EventKind.ACTIVITY_DONE, 15, "call")) == []
    assert told(shown(25, "said")) == []


@pytest.mark.parametrize(
    ("events", "kind", "sentence"),
    [
        ((event(EventKind.DEAL_CREATED, 12),), "created", "The deal was created."),
        ((event(EventKind.BUYER_ACTED, 12, "reply", contact="Jan Novak"),), "buyer act", "Jan Novak: reply."),
        ((event(EventKind.BUYER_ACTED, 12, "reply"),), "buyer act", "The buyer: reply."),
        (
            (event(EventKind.ACT_AGREED, 12, "send the criteria", due=40, contact="Jan Novak"),),
            "act agreed",
            "Jan Novak agreed to act by 10 Feb 2026: send the criteria.",
        ),
        ((shown(12, "paid", contact="Jan Novak"),), "evidence gained", "Shown by Jan Novak: “They name who pays”."),
        ((shown(12, "paid", 1),), "evidence gained", "Shown (too weak to prove it): “They name who pays”."),
        ((shown(12, "gone"),), "evidence gained", "Shown: “gone”."),
        (
            (shown(5, "said"), event(EventKind.EVIDENCE_RETRACTED, 12, "said", note="wrong deal")),
            "evidence retracted",
            "Evidence retracted (wrong deal): “They say what is wrong”.",
        ),
        (
            (shown(5, "said"), event(EventKind.EVIDENCE_DISPUTED, 12, "said")),
            "evidence disputed",
            "Evidence disputed: “They say what is wrong”.",
        ),
        (claims((12, "One")), "claim changed", "Claimed: One."),
        (claims((1, "discovery"), (12, "Three")), "claim forward", "The claim moved forward from discovery to Three."),
        (claims((1, "Two"), (12, "One")), "claim back", "The claim moved back from Two to One."),
        (claims((1, "Two"), (12, "Won")), "claim changed", "The claim changed from Two to Won."),
        (
            (event(EventKind.AMOUNT_SET, 1, amount=100_000.0), event(EventKind.AMOUNT_SET, 12, amount=80_000.0)),
            "amount",
            "Amount: €80 k, was €100 k.",
        ),
        (
            (event(EventKind.CLOSE_DATE_SET, 1, due=50), event(EventKind.CLOSE_DATE_SET, 12, due=80)),
            "close date pushed",
            "Close date pushed out by 30 days, from 20 Feb 2026 to 22 Mar 2026.",
        ),
        (
            (event(EventKind.CLOSE_DATE_SET, 1, due=50), event(EventKind.CLOSE_DATE_SET, 12, due=49)),
            "close date pulled",
            "Close date pulled in by 1 day, from 20 Feb 2026 to 19 Feb 2026.",
        ),
        ((event(EventKind.CLOSE_DATE_SET, 12, due=50),), "close date set", "Close date set to 20 Feb 2026."),
        (
            (event(EventKind.CLOSE_DATE_SET, 1, due=50), event(EventKind.CLOSE_DATE_SET, 12)),
            "close date set",
            "Close date taken away.",
        ),
        (
            (event(EventKind.OWNER_SET, 1, "Bob"), event(EventKind.OWNER_SET, 12, "Carol")),
            "owner",
            "Owner: Carol, was Bob.",
        ),
        ((decided(12, "no_decision", "went quiet"),), "decided", "Ended without a decision: went quiet."),
        ((decided(5, "lost"), event(EventKind.DEAL_REOPENED, 12)), "reopened", "The deal was opened again."),
    ],
)
def test_each_change_has_its_kind_and_its_sentence(events: tuple[Event, ...], kind: str, sentence: str) -> None:
    assert told(*events, currency="EUR") == [(kind, sentence)]


def test_values_set_to_what_they_were_are_no_change() -> None:
    again = [
        *claims((1, "Two"), (12, "two")),
        *(event(EventKind.AMOUNT_SET, at, amount=5.0) for at in (1, 12)),
        *(event(EventKind.CLOSE_DATE_SET, at, due=50) for at in (1, 12)),
        *(event(EventKind.OWNER_SET, at, "Bob") for at in (1, 12)),
    ]
    assert told(*again) == []


def test_every_step_of_several_is_told_in_order() -> None:
    found = changes(*claims((1, "One"), (12, "Three"), (15, "Two")))
    assert [(c.kind, c.happened_at) for c in found] == [
        (ChangeKind.CLAIM_FORWARD, day(12)),
        (ChangeKind.CLAIM_BACK, day(15)),
    ]


def test_an_act_that_proves_a_milestone_says_so() -> None:
    act = event(EventKind.BUYER_ACTED, 12, "signature", grade=3)
    assert told(act) == [
        ("buyer act", "The buyer: signature."),
        ("evidence gained", "Shown by what they did: “They sign”."),
    ]
    assert [kind for kind, _ in told(act, shown(12, "signed", 3))] == ["buyer act", "evidence gained"]
    assert told(event(EventKind.BUYER_ACTED, 5, "signature", grade=3), act) == [("buyer act", "The buyer: signature.")]


def test_proof_lapses_by_time_alone() -> None:
    found = changes(shown(1, "paid"), start=30, end=40)
    assert [(c.kind, c.happened_at, c.milestone) for c in found] == [(ChangeKind.EVIDENCE_LAPSED, day(31), "paid")]
    assert changes(shown(1, "paid"), start=32, end=40) == []
    assert changes(shown(1, "paid"), shown(20, "paid"), start=30, end=40) == []
    assert changes(shown(1, "paid"), decided(20, "won"), start=30, end=40) == []


def test_the_buyer_falls_silent_once() -> None:
    reply = event(EventKind.BUYER_ACTED, 1, "reply")
    found = changes(reply, limit=14)
    assert [(c.kind, c.happened_at) for c in found] == [(ChangeKind.FELL_SILENT, day(15))]
    assert found[0].sentence == "The buyer fell silent: no sign since 2 Jan 2026."
    assert changes(reply, start=16, end=30, limit=14) == []
    assert changes(reply, event(EventKind.BUYER_ACTED, 8, "reply"), limit=14) == []
    assert changes(reply, decided(9, "lost"), limit=14) == []
    waiting = event(EventKind.ACT_AGREED, 2, "answer", due=25)
    assert changes(reply, waiting, limit=14) == []


def test_an_agreed_act_becomes_overdue_the_day_after() -> None:
    agreed = event(EventKind.ACT_AGREED, 1, "send the criteria", due=12)
    assert told(agreed) == [("agreed act overdue", "Not seen by 13 Jan 2026, as agreed: send the criteria.")]
    assert told(agreed, end=12) == []
    assert told(agreed, start=13, end=20) == []
    assert told(agreed, event(EventKind.ACT_AGREED, 9, "later", due=50)) == []
    backdated = event(EventKind.ACT_AGREED, 15, "send the criteria", due=12)
    assert [kind for kind, _ in told(backdated)] == ["act agreed"]


def test_late_entries_are_told_with_the_day_they_were_entered() -> None:
    (found,) = changes(shown(3, "said", recorded=12))
    assert found.late
    assert (found.happened_at, found.recorded_at) == (day(3), day(12))
    assert found.sentence == "Shown: “They say what is wrong”, entered on 13 Jan 2026."
    assert not changes(shown(12, "said", recorded=13))[0].late
    (snapshot,) = changes(event(EventKind.OWNER_SET, 3, "Bob", recorded=12, recorded_how=RecordedHow.SNAPSHOT))
    assert not snapshot.late


def test_moments_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="must not be before"):
        changes(start=20, end=10)


times = st.integers(0, 60).map(lambda half: half / 2)
names = st.sampled_from(["said", "paid", "signed", "gone"])
events = st.one_of(
    st.builds(lambda t, n: event(EventKind.STAGE_CLAIMED, t, n), times, st.sampled_from(["One", "Two", "Elsewhere"])),
    st.builds(
        lambda t, n, g, late: event(EventKind.EVIDENCE_RECORDED, t, n, grade=g, recorded=t + late),
        times,
        names,
        st.sampled_from([None, 0, 2, 3]),
        st.sampled_from([0.0, 5.0]),
    ),
    st.builds(
        lambda k, t, n: event(k, t, n),
        st.sampled_from([EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED]),
        times,
        names,
    ),
    st.builds(lambda t: event(EventKind.BUYER_ACTED, t, "signature", grade=3), times),
    st.builds(lambda t, d: event(EventKind.ACT_AGREED, t, "answer", due=d), times, st.integers(0, 40)),
    st.builds(lambda t, o: event(EventKind.DEAL_DECIDED, t, o), times, st.sampled_from(["won", "lost"])),
    st.builds(lambda t: event(EventKind.DEAL_REOPENED, t), times),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(events, max_size=10), times, times)
def test_what_became_proven_has_its_sentence(drawn: list[Event], one: float, other: float) -> None:
    start, end = sorted((one, other))
    history = DealHistory("d", tuple(drawn))
    found = changes_between(history, PROCESS, as_of_day(start), as_of_day(end), 7)
    assert changes_between(history, PROCESS, as_of_day(end), as_of_day(end), 7) == ()
    assert list(found) == sorted(found, key=lambda c: c.happened_at)
    assert all(c.happened_at <= day(end) and c.sentence.endswith(".") for c in found)
    states = [
        {p.milestone.id: p.state for p in milestone_proofs(history, PROCESS, as_of_day(at))} for at in (start, end)
    ]
    for milestone in ("said", "paid", "signed"):
        was, now = states[0][milestone], states[1][milestone]
        if was != now and now is State.PROVEN and was in (State.OPEN, State.WEAK):
            assert any(c.milestone == milestone for c in found) or reopened(history, start, end)


def reopened(history: DealHistory, start: float, end: float) -> bool:
    """A deal that was frozen and is open again shows what happened meanwhile without any change of its own."""
    frozen = history.known(AsOf.moment(day(start))).decision
    return frozen is not None or history.known(AsOf.moment(day(end))).decision is not None
