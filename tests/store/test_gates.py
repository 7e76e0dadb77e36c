"""Gates in the store: every path ends alike, only claims forward are gated, one rung at a time, down by itself."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.deals.events import EventKind, Outcome
from headway.deals.history import DealHistory
from headway.reviews.decisions import Terms
from headway.reviews.gates import LADDER, Earned, Rung
from headway.reviews.kinds import What
from headway.store.actions.deals import add_deal, claim_stage, decide_deal
from headway.store.actions.decisions import decide
from headway.store.actions.events import take_back
from headway.store.actions.evidence import record_evidence
from headway.store.actions.gates import (
    end_gate,
    lower_gate,
    raise_gate,
    resume_gate,
    return_gate,
    set_gate,
    step_down,
)
from headway.store.actions.imports import undo_import
from headway.store.actions.reviews import open_review
from headway.store.gating import GateAsksError, GateBlocksError, GateError, warning_of
from headway.store.models import AgendaItem, Deal, Entry, Event, Gate, GateChange, GatePassing, ImportBatch, Review
from headway.store.queries.gates import Met, count_met, list_entries, list_moves, list_passings
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast
from tests.logs import claims, day
from tests.store.test_imports import AT as IMPORTED_AT
from tests.store.test_imports import CREATED, bring_in, snapshot

pytestmark = pytest.mark.django_db
FIRST_DAY = day(1)
EARNED = [Earned(rung, True, "it holds") for rung in LADDER]
AT = NOW + timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=day(0))


def stages(cast: Cast) -> list[str]:
    return [stage.name for stage in process_of(cast.version).stages]


def milestones(cast: Cast, stage: str) -> list[str]:
    found = next(one for one in process_of(cast.version).stages if one.name == stage)
    return [milestone.id for milestone in found.milestones]


def gate_on(cast: Cast, stage: str, rung: Rung, at: datetime = FIRST_DAY) -> Gate:
    gate = set_gate(workspace=cast.workspace, process=cast.version.process, stage=stage, by=cast.alice, at=at)
    while gate.rung != rung:
        gate = raise_gate(gate=gate, earned=EARNED, harms=(), by=cast.alice, at=at)
    return gate


def deal_of(cast: Cast, *, claimed: str = "", at: datetime = FIRST_DAY) -> Deal:
    deal = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=at, owner="Bob Adler")
    if claimed:
        claim_stage(deal=deal, stage=claimed, by=cast.bob, at=at)
    return Deal.objects.select_related("workspace", "version__process", "owner").get(pk=deal.pk)


def show(cast: Cast, deal: Deal, stage: str, at: datetime) -> None:
    for milestone in milestones(cast, stage):
        record_evidence(
            deal=deal, milestone=milestone, source="quote", grade=1, by=cast.bob, at=at, happened_at=at, quote="Yes",
            contact="Petra",
        )  # fmt: skip


def again(deal: Deal) -> Deal:
    return Deal.objects.select_related("workspace", "version__process", "owner").get(pk=deal.pk)


def ends(gate: Gate) -> list[tuple[str, str, bool]]:
    found = GatePassing.objects.filter(gate=gate).order_by("id")
    return [(one.path, one.ended, one.event_id is not None) for one in found]


def test_nothing_is_gated_where_no_gate_stands(cast: Cast) -> None:
    deal = deal_of(cast)
    claim_stage(deal=deal, stage=stages(cast)[-1], by=cast.bob, at=AT)
    assert again(deal).claimed == stages(cast)[-1] and not GatePassing.objects.exists()


@pytest.mark.parametrize("rung", LADDER)
def test_what_each_rung_does_with_a_claim_without_proof(cast: Cast, rung: Rung) -> None:
    first, second = stages(cast)[:2]
    gate, deal = gate_on(cast, second, rung), deal_of(cast, claimed=first)
    reasons = {"": None, "Their CFO told me": None}
    for reason in reasons:
        try:
            event = claim_stage(deal=again(deal), stage=second, by=cast.bob, at=AT, reason=reason)
        except GateError as held:
            reasons[reason] = type(held).__name__  # type: ignore[assignment]
            assert held.stage == second and held.missing and held.missing[0] in str(held)
            assert again(deal).claimed == first
        else:
            assert (warning_of(event) != "") == (rung is Rung.WARN)
            claim_stage(deal=again(deal), stage=first, by=cast.bob, at=AT)
    errors = {Rung.ASK: ["GateAsksError", None], Rung.BLOCK: ["GateBlocksError"] * 2}
    assert list(reasons.values()) == errors.get(rung, [None, None])
    how = {
        Rung.OBSERVE: ["passed", "passed"],
        Rung.WARN: ["warned", "warned"],
        Rung.ASK: ["asked", "reasoned"],
        Rung.BLOCK: ["blocked", "blocked"],
    }[rung]
    assert [one[1] for one in ends(gate)] == how
    given = GatePassing.objects.filter(reason__isnull=False)
    assert [one.reason.text for one in given if one.reason] == (["Their CFO told me"] if rung is Rung.ASK else [])


def test_a_claim_with_its_proof_passes_every_gate(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate, deal = gate_on(cast, second, Rung.BLOCK), deal_of(cast, claimed=first)
    show(cast, deal, second, day(2))
    event = claim_stage(deal=again(deal), stage=second, by=cast.bob, at=AT)
    assert again(deal).claimed == second and ends(gate) == [("form", "passed", True)] and warning_of(event) == ""


def test_going_back_ending_and_saying_the_same_again_are_never_gated(cast: Cast) -> None:
    names = stages(cast)
    deal = deal_of(cast, claimed=names[2])
    for stage in names[:3]:
        gate_on(cast, stage, Rung.BLOCK, at=day(2))
    claim_stage(deal=again(deal), stage=names[2], by=cast.bob, at=AT)
    claim_stage(deal=again(deal), stage=names[1], by=cast.bob, at=AT)
    claim_stage(deal=again(deal), stage=names[0], by=cast.bob, at=AT)
    decide_deal(deal=again(deal), outcome=Outcome.WITHDRAWN, by=cast.bob, at=AT)
    assert again(deal).outcome == "withdrawn" and not GatePassing.objects.exists()


def test_jumping_over_a_stage_does_not_get_round_its_gate(cast: Cast) -> None:
    names = stages(cast)
    gate, deal = gate_on(cast, names[1], Rung.BLOCK), deal_of(cast, claimed=names[0])
    with pytest.raises(GateBlocksError) as held:
        claim_stage(deal=deal, stage=names[2], by=cast.bob, at=AT, path="board")
    assert held.value.stage == names[1] and ends(gate) == [("board", "blocked", False)]


def test_of_several_gates_the_strictest_decides(cast: Cast) -> None:
    names = stages(cast)
    gate_on(cast, names[1], Rung.WARN), gate_on(cast, names[2], Rung.BLOCK)
    with pytest.raises(GateBlocksError):
        claim_stage(deal=deal_of(cast, claimed=names[0]), stage=names[2], by=cast.bob, at=AT, reason="Because")


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    rungs=st.tuples(*[st.sampled_from([None, *LADDER])] * 3),
    before=st.integers(0, 2),
    target=st.integers(0, 3),
    proven=st.sets(st.integers(0, 3)),
)
def test_every_path_ends_alike(
    cast: Cast, rungs: tuple[Rung | None, ...], before: int, target: int, proven: set[int]
) -> None:
    """The same claim by form, on the board, in bulk, in a review (no reason given) and by a file ends with the same
    claim standing, and is told of by the same gates in the same way."""
    with transaction.atomic():
        names, deals = stages(cast), {}
        for path in ("form", "board", "bulk", "review"):
            deals[path] = deal_of(cast, claimed=names[before])
        bring_in(cast, DealHistory("D-1", (CREATED, *claims((1, names[before])))), known=1.5, at=day(1.6))
        deals["import"] = Deal.objects.get(source_id="D-1")
        for number in sorted(proven):
            for deal in deals.values():
                show(cast, again(deal), names[number], day(2))
        for number, rung in enumerate(rungs, 1):
            if rung is not None:
                gate_on(cast, names[number], rung, at=day(3))
        found = {}
        for path, deal in deals.items():
            if path == "import":
                later = snapshot(EventKind.STAGE_CLAIMED, 4, names[target])
                bring_in(cast, DealHistory("D-1", (CREATED, *claims((1, names[before])), later)), known=4, at=day(4))
            elif path == "review":
                if target == before:
                    continue  # no decision moves a claim to where it is
                with contextlib.suppress(GateError):
                    decide_in_review(cast, deal, names[target], What.FORWARD if target > before else What.BACK)
            else:
                with contextlib.suppress(GateError):
                    claim_stage(deal=again(deal), stage=names[target], by=cast.bob, at=day(4), path=path)
            said = Event.objects.filter(deal=deal, kind="stage_claimed").order_by("happened_at", "id").last()
            found[path] = (said.name if said else "", told(deal))
        transaction.set_rollback(True)
    assert len({repr(end) for end in found.values()}) == 1, found


def decide_in_review(cast: Cast, deal: Deal, stage: str, what: What) -> None:
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Monday", leader=cast.alice, due_at=day(4), minutes=30,
        prepared_at=day(4), shown_at=day(4),
    )  # fmt: skip
    item = AgendaItem.objects.create(workspace=cast.workspace, review=review, deal=deal, place=0, minutes=5)
    open_review(review=review, by=cast.alice, at=day(4))
    decide(item=item, what=what, by=cast.alice, at=day(4), terms=Terms(stage=stage))


def told(deal: Deal) -> list[tuple[Any, ...]]:
    rows = GatePassing.objects.filter(deal=deal).order_by("gate_id")
    return [(one.gate.stage, one.rung, one.ended, sorted(one.missing), one.event_id is not None) for one in rows]


def test_an_import_that_is_held_keeps_the_rest_and_says_so(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate = gate_on(cast, second, Rung.BLOCK)
    history = DealHistory("D-1", (
        CREATED, *claims((0.5, first)), snapshot(EventKind.STAGE_CLAIMED, 35, second),
        snapshot(EventKind.AMOUNT_SET, 35, amount=900),
    ))  # fmt: skip
    batch, counts = bring_in(cast, history, **{"D-1": {"name": "Fleet renewal"}})
    assert counts.events_made == 3 and ends(gate) == [("import", "blocked", False)]
    told = batch.report["gates"]
    assert told["held"] == 1 and told["claims"][0]["name"] == "Fleet renewal" and told["claims"][0]["stage"] == second
    assert told["claims"][0]["why"].startswith(f"{second} opens once something shows")
    names = Event.objects.filter(deal__source_id="D-1", kind="stage_claimed").values_list("name", flat=True)
    assert list(names) == [first]


def test_proof_in_the_same_file_opens_the_gate(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate_on(cast, second, Rung.BLOCK)
    proof = [
        snapshot(EventKind.EVIDENCE_RECORDED, 34, milestone, grade=2, contact="Petra")
        for milestone in milestones(cast, second)
    ]
    later = snapshot(EventKind.STAGE_CLAIMED, 35, second)
    batch, _ = bring_in(cast, DealHistory("D-1", (CREATED, *claims((0.5, first)), *proof, later)))
    assert batch.report["gates"]["held"] == 0
    assert Event.objects.filter(name=second, kind="stage_claimed").exists()


def test_what_a_source_dates_by_its_own_history_is_written_as_it_says_and_flagged(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate = gate_on(cast, second, Rung.BLOCK, at=day(10))
    batch, _ = bring_in(cast, DealHistory("D-1", (CREATED, *claims((1, first), (20, second)))))
    before, _ = bring_in(cast, DealHistory("D-2", (CREATED, *claims((1, first), (5, second)))))
    assert ends(gate) == [("import", "passed", True)], "before the gate stood there was nothing to meet"
    assert batch.report["gates"] == {"held": 0, "claims": [], "went_past": 1}
    assert before.report.get("gates") is None
    (passing,) = list_passings(gate, {})
    assert passing.missing and passing.path == "import"


def test_an_undone_import_and_a_claim_taken_back_count_no_more(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate = gate_on(cast, second, Rung.WARN)
    batch, _ = bring_in(
        cast, DealHistory("D-1", (CREATED, *claims((1, first)), snapshot(EventKind.STAGE_CLAIMED, 35, second)))
    )
    deal = deal_of(cast, claimed=first)
    event = claim_stage(deal=deal, stage=second, by=cast.bob, at=IMPORTED_AT)
    assert count_met([gate])[gate.pk] == Met(deals=2, lacked=2, warned=2)
    undo_import(batch=ImportBatch.objects.get(pk=batch.pk), by=cast.alice, at=IMPORTED_AT)
    take_back(event=Event.objects.get(pk=event.pk), by=cast.bob, at=IMPORTED_AT)
    assert count_met([gate]) == {} and list_passings(gate, {}) == []


def test_a_deal_that_comes_back_with_its_proof_is_counted_as_come_back(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate, deal = gate_on(cast, second, Rung.BLOCK), deal_of(cast, claimed=first)
    for _ in range(2):
        with pytest.raises(GateBlocksError):
            claim_stage(deal=again(deal), stage=second, by=cast.bob, at=AT)
    show(cast, deal, second, AT)
    claim_stage(deal=again(deal), stage=second, by=cast.bob, at=AT + timedelta(hours=1))
    assert count_met([gate])[gate.pk] == Met(deals=1, lacked=1, turned_back=1, came_back=1)


def test_one_rung_at_a_time_and_only_where_it_is_earned(cast: Cast) -> None:
    gate = gate_on(cast, stages(cast)[1], Rung.OBSERVE)
    with pytest.raises(UserError, match="not been measured"):
        raise_gate(gate=gate, earned=[], harms=(), by=cast.alice, at=AT)
    with pytest.raises(UserError, match="does harm"):
        raise_gate(gate=gate, earned=EARNED, harms=["Much."], by=cast.alice, at=AT)
    gate = raise_gate(gate=gate, earned=EARNED, harms=(), by=cast.alice, at=AT, was="observe")
    assert gate.rung == "warn"
    with pytest.raises(UserError, match="meanwhile"):
        raise_gate(gate=gate, earned=EARNED, harms=(), by=cast.alice, at=AT, was="observe")
    gate = lower_gate(gate=gate, by=cast.olga, at=AT, why="Too many questions")
    with pytest.raises(UserError, match="lowest"):
        lower_gate(gate=gate, by=cast.olga, at=AT)
    moves = [(move.before, move.rung, move.by, move.why) for move in list_moves([gate])[gate.pk]]
    assert moves == [
        ("warn", "observe", "Olga Adler", "Too many questions"),
        ("observe", "warn", "Alice Adler", "it holds"),
        ("", "observe", "Alice Adler", ""),
    ]
    assert Entry.objects.filter(verb="move gate", target=f"gate {gate.key}").count() == 2


def test_it_steps_down_by_itself_once_and_not_where_it_was_moved_since(cast: Cast) -> None:
    gate = gate_on(cast, stages(cast)[1], Rung.ASK)
    down = step_down(
        gate=gate, since=day(1), why="People type in what opens it.", facts={"junk_since": [31, 64]}, at=AT
    )
    assert down is not None and down.rung == "warn"
    change = GateChange.objects.filter(gate=gate).latest("id")
    assert (change.by, change.facts) == (None, {"junk_since": [31, 64]})
    assert step_down(gate=gate, since=day(1), why="x", facts={}, at=AT) is None
    assert list_moves([gate])[gate.pk][0].by == ""


def test_undo_of_each_move(cast: Cast) -> None:
    gate = gate_on(cast, stages(cast)[1], Rung.WARN)
    newest = list_moves([gate])[gate.pk][0].id
    gate = return_gate(gate=gate, change=newest, by=cast.alice, at=AT)
    assert gate.rung == "observe"
    with pytest.raises(UserError, match="meanwhile"):
        return_gate(gate=gate, change=newest, by=cast.alice, at=AT)
    gate = end_gate(gate=gate, by=cast.alice, at=AT)
    assert end_gate(gate=gate, by=cast.alice, at=AT).ended_at == AT
    other = gate_on(cast, gate.stage, Rung.OBSERVE)
    with pytest.raises(UserError, match="meanwhile"):
        resume_gate(gate=gate, by=cast.alice, at=AT)
    first = list_moves([other])[other.pk][0].id
    assert return_gate(gate=other, change=first, by=cast.alice, at=AT).ended_at is not None
    assert resume_gate(gate=gate, by=cast.alice, at=AT).ended_at is None


def test_a_gate_needs_a_stage_that_asks_something_and_no_other_gate_there(cast: Cast) -> None:
    gate_on(cast, stages(cast)[1], Rung.OBSERVE)
    for stage, words in ((stages(cast)[1], "stands"), ("Nowhere", "no such stage")):
        with pytest.raises(UserError, match=words):
            set_gate(workspace=cast.workspace, process=cast.version.process, stage=stage, by=cast.alice, at=AT)


def test_an_ended_gate_meets_nobody(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate = end_gate(gate=gate_on(cast, second, Rung.BLOCK), by=cast.alice, at=AT)
    claim_stage(deal=deal_of(cast, claimed=first), stage=second, by=cast.bob, at=AT)
    assert ends(gate) == []
    with pytest.raises(UserError, match="ended"):
        lower_gate(gate=gate, by=cast.alice, at=AT)


def test_what_is_typed_in_for_a_gate(cast: Cast) -> None:
    first, second = stages(cast)[:2]
    gate, deal = gate_on(cast, second, Rung.ASK), deal_of(cast, claimed=first)
    with pytest.raises(GateAsksError):
        claim_stage(deal=again(deal), stage=second, by=cast.bob, at=AT)
    wanted = milestones(cast, second)
    about = {"deal": again(deal), "by": cast.bob, "happened_at": AT, "at": AT, "contact": "Petra"}
    record_evidence(**about, milestone=wanted[0], source="quote", grade=1, quote="ok")
    claim_stage(deal=again(deal), stage=second, by=cast.bob, at=AT + timedelta(seconds=30), reason="It is urgent")
    rows = list_entries(gate, wanted, day(0))
    assert [(one.text, one.checkable) for one in rows] == [("ok", False)] + [("It is urgent", False)] * (
        len(wanted) > 1
    )
    assert rows[0].claimed_at == AT + timedelta(seconds=30)
    assert list_entries(gate, wanted, AT + timedelta(days=1)) == []
