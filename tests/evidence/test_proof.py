"""What stands of a milestone as of a moment."""

from __future__ import annotations

import pytest

from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.kinds import Standing, State
from headway.evidence.proof import milestone_proofs, required_milestones
from headway.evidence.standing import deal_standing, evidenced_rank, standing_of
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.logs import as_of_day, claims, day, decided, event

BUDGET = Milestone("budget", "The buyer has named who pays", proof=Proof(grade=1))
SIGNED = Milestone("signed", "The buyer has signed", proof=Proof(grade=2, acts=("signature",)))
FRESH = Milestone("fresh", "The buyer has confirmed the date", proof=Proof(grade=1, shelf_life_days=30))
PROCESS = Process("p", (Stage("One", (BUDGET,)), Stage("Two", (FRESH,)), Stage("Three", (SIGNED,))))


def shown(milestone: str, at: float, grade: int = 1, **more: object) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, at, milestone, grade=grade, **more)


def state_of(milestone: str, *events: Event, at: float = 100) -> State:
    proofs = milestone_proofs(DealHistory("d", events), PROCESS, as_of_day(at))
    return next(p.state for p in proofs if p.milestone.id == milestone)


def test_evidence_of_enough_grade_proves() -> None:
    assert state_of("budget", shown("budget", 10)) is State.PROVEN


def test_the_sellers_word_is_weak() -> None:
    assert state_of("budget", shown("budget", 10, grade=0)) is State.WEAK


def test_evidence_without_a_grade_is_the_sellers_word() -> None:
    assert state_of("budget", event(EventKind.EVIDENCE_RECORDED, 10, "budget")) is State.WEAK


def test_nothing_shown_is_open() -> None:
    assert state_of("budget", shown("fresh", 90)) is State.OPEN


def test_an_observed_act_proves_the_milestone_that_names_it() -> None:
    signature = event(EventKind.BUYER_ACTED, 10, "signature", grade=3)
    assert state_of("signed", signature) is State.PROVEN
    assert state_of("budget", signature) is State.OPEN


def test_a_sellers_activity_never_proves() -> None:
    assert state_of("signed", event(EventKind.ACTIVITY_DONE, 10, "signature", grade=4)) is State.OPEN


@pytest.mark.parametrize(("at", "state"), [(40, State.PROVEN), (40.001, State.LAPSED)])
def test_evidence_lapses_after_its_shelf_life(at: float, state: State) -> None:
    assert state_of("fresh", shown("fresh", 10), at=at) is state


def test_evidence_recorded_later_is_not_known_yet() -> None:
    late = shown("budget", 10, recorded=50)
    assert state_of("budget", late, at=49) is State.OPEN
    assert state_of("budget", late, at=50) is State.PROVEN


def test_retraction_takes_back_the_evidence_it_names_and_no_other() -> None:
    first, second = shown("budget", 10, ref="a"), shown("budget", 12, ref="b")
    gone = event(EventKind.EVIDENCE_RETRACTED, 20, "budget", ref="a")
    assert state_of("budget", first, gone) is State.OPEN
    assert state_of("budget", first, second, gone) is State.PROVEN
    assert state_of("budget", first, gone, at=19) is State.PROVEN


def test_retraction_without_a_name_takes_back_all_before_it() -> None:
    gone = event(EventKind.EVIDENCE_RETRACTED, 20, "budget")
    assert state_of("budget", shown("budget", 10, ref="a"), gone) is State.OPEN
    assert state_of("budget", shown("budget", 10, ref="a"), gone, shown("budget", 21)) is State.PROVEN


def test_retraction_and_dispute_at_the_moment_of_the_evidence_reach_it() -> None:
    shown_then = shown("budget", 10)
    assert state_of("budget", shown_then, event(EventKind.EVIDENCE_RETRACTED, 10, "budget")) is State.OPEN
    assert state_of("budget", shown_then, event(EventKind.EVIDENCE_DISPUTED, 10, "budget")) is State.DISPUTED


def test_a_proof_tells_when_it_was_last_shown() -> None:
    proofs = milestone_proofs(DealHistory("d", (shown("budget", 30), shown("budget", 10))), PROCESS, as_of_day(100))
    assert [(p.rank, p.state, p.at) for p in proofs] == [
        (1, State.PROVEN, day(30)),
        (2, State.OPEN, None),
        (3, State.OPEN, None),
    ]


def test_a_retraction_of_another_milestone_changes_nothing() -> None:
    gone = event(EventKind.EVIDENCE_RETRACTED, 20, "fresh")
    assert state_of("budget", shown("budget", 10), gone) is State.PROVEN


def test_dispute_is_shown_apart_and_new_evidence_settles_it() -> None:
    doubt = event(EventKind.EVIDENCE_DISPUTED, 20, "budget", ref="a")
    assert state_of("budget", shown("budget", 10, ref="a"), doubt) is State.DISPUTED
    assert state_of("budget", shown("budget", 10, ref="a"), doubt, shown("budget", 30, ref="b")) is State.PROVEN


def test_weak_evidence_that_is_disputed_stays_weak() -> None:
    doubt = event(EventKind.EVIDENCE_DISPUTED, 20, "budget")
    assert state_of("budget", shown("budget", 10, grade=0), doubt) is State.WEAK


def test_the_best_state_wins() -> None:
    assert state_of("fresh", shown("fresh", 10), shown("fresh", 95, grade=0)) is State.LAPSED
    assert state_of("fresh", shown("fresh", 10), shown("fresh", 95)) is State.PROVEN


def test_decided_deals_freeze() -> None:
    history = DealHistory("d", (shown("fresh", 10), decided(20, "won"), shown("budget", 25)))
    proofs = milestone_proofs(history, PROCESS, as_of_day(300))
    assert {p.milestone.id: p.state for p in proofs} == {
        "budget": State.OPEN,
        "fresh": State.PROVEN,
        "signed": State.OPEN,
    }


def test_a_lapse_behind_fresher_later_proof_asks_to_reconfirm_and_still_holds() -> None:
    events = (shown("budget", 5), shown("fresh", 10), shown("signed", 60, grade=2))
    fresh = milestone_proofs(DealHistory("d", events), PROCESS, as_of_day(100))[1]
    assert (fresh.state, fresh.reconfirm, fresh.holds) == (State.LAPSED, True, True)
    older = (shown("budget", 5), shown("fresh", 60), shown("signed", 59, grade=2))
    fresh = milestone_proofs(DealHistory("d", older), PROCESS, as_of_day(100))[1]
    assert (fresh.state, fresh.reconfirm, fresh.holds) == (State.LAPSED, False, False)


def test_proof_of_an_earlier_stage_does_not_reconfirm() -> None:
    events = (shown("fresh", 10), shown("budget", 90))
    fresh = milestone_proofs(DealHistory("d", events), PROCESS, as_of_day(100))[1]
    assert not fresh.holds


def test_required_only_for_some_deals() -> None:
    large = Milestone("board", "The board has agreed", amount_from=100.0)
    lease = Milestone("lease", "The lessor has agreed", record_types=("Lease",))
    process = Process("p", (Stage("One", (large, lease)),))

    def ids(amount: float | None, record_type: str | None) -> list[str]:
        return [m.id for _, m in required_milestones(process, amount, record_type)]

    assert ids(100.0, None) == ["board"]
    assert ids(99.99, None) == []
    assert ids(None, None) == []
    assert ids(100.0, "Lease") == ["board", "lease"]
    assert ids(1.0, "Loan") == []


def rank_of(*events: Event, claimed: int | None = None, at: float = 100, process: Process = PROCESS) -> int | None:
    proofs = milestone_proofs(DealHistory("d", events), process, as_of_day(at))
    return evidenced_rank(proofs, len(process.stages), claimed)


def test_the_evidenced_stage_needs_every_stage_before_it() -> None:
    assert rank_of(shown("signed", 90, grade=2)) == 0
    assert rank_of(shown("budget", 5)) == 1
    assert rank_of(shown("budget", 5), shown("signed", 90, grade=2)) == 1
    assert rank_of(shown("budget", 5), shown("fresh", 80)) == 2
    assert rank_of(shown("budget", 5), shown("fresh", 80), shown("signed", 90, grade=2)) == 3


def test_retraction_lowers_the_evidenced_stage() -> None:
    events = (shown("budget", 5), shown("fresh", 80), event(EventKind.EVIDENCE_RETRACTED, 85, "budget"))
    assert rank_of(*events) == 0


def test_stages_that_require_nothing_count_as_far_as_they_are_claimed() -> None:
    process = Process("p", (Stage("One", (BUDGET,)), Stage("Two"), Stage("Three", (SIGNED,)), Stage("Four")))
    proven = shown("budget", 5)
    assert rank_of(proven, process=process) == 1
    assert rank_of(proven, process=process, claimed=2) == 2
    assert rank_of(proven, process=process, claimed=4) == 2
    assert rank_of(proven, shown("signed", 6, grade=2), process=process, claimed=4) == 4
    assert rank_of(proven, shown("signed", 6, grade=2), process=process, claimed=1) == 3
    assert rank_of(process=process, claimed=2) == 0
    assert rank_of(process=Process("p", (Stage("One"),)), claimed=1) is None


def standing(*events: Event, at: float = 100) -> Standing:
    return deal_standing(DealHistory("d", events), PROCESS, as_of_day(at), silence_limit_days=21).standing


def test_standing_follows_from_two_clocks_and_agreed_acts() -> None:
    acted = event(EventKind.BUYER_ACTED, 60, "reply", grade=3)
    called = event(EventKind.ACTIVITY_DONE, 95, "call")
    agreed = event(EventKind.ACT_AGREED, 60, "send figures", due=100)
    assert standing(called) is Standing.UNSEEN
    assert standing(acted, at=81) is Standing.ADVANCING
    assert standing(acted, at=81.01) is Standing.QUIET
    assert standing(acted, called) is Standing.DRIFTING
    assert standing(acted, agreed, called) is Standing.WAITING
    assert standing(acted, agreed, called, at=101) is Standing.DRIFTING
    assert standing(acted, decided(70, "no_decision")) is Standing.DECIDED
    assert standing(acted, decided(70, "lost"), event(EventKind.DEAL_REOPENED, 71)) is Standing.QUIET


def test_standing_at_the_limit_itself() -> None:
    assert standing_of(21, None, False, 21) is Standing.ADVANCING
    assert standing_of(21.5, 21, False, 21) is Standing.DRIFTING
    assert standing_of(21.5, 21.5, False, 21) is Standing.QUIET


def test_the_sellers_word_and_retracted_evidence_do_not_end_the_silence() -> None:
    acted = event(EventKind.BUYER_ACTED, 60, "reply", grade=3)
    word = shown("budget", 99, grade=0)
    gone = (shown("budget", 98, ref="x"), event(EventKind.EVIDENCE_RETRACTED, 99, "budget", ref="x"))
    edit = event(EventKind.CLOSE_DATE_SET, 99, due=200)
    found = deal_standing(DealHistory("d", (acted, word, *gone, edit)), PROCESS, as_of_day(100), silence_limit_days=21)
    assert found.silence_days == pytest.approx(40)
    assert found.seller_silence_days is None


def test_without_any_observed_act_there_is_no_evidenced_stage_and_no_gap() -> None:
    found = deal_standing(DealHistory("d", tuple(claims((1, "Three")))), PROCESS, as_of_day(5), silence_limit_days=21)
    assert (found.claimed_rank, found.evidenced_rank, found.gap, found.silence_days) == (3, None, None, None)


def test_the_gap_is_claimed_minus_evidenced() -> None:
    events = (*claims((1, "One"), (2, "three")), shown("budget", 3), shown("signed", 3, grade=2))
    found = deal_standing(DealHistory("d", events), PROCESS, as_of_day(5), silence_limit_days=21)
    assert (found.claimed_rank, found.evidenced_rank, found.gap) == (3, 1, 2)
    assert [p.ahead for p in found.proofs] == [False, False, True]


def test_a_claim_of_a_stage_the_process_lacks_is_no_claim_of_a_stage() -> None:
    found = deal_standing(
        DealHistory("d", tuple(claims((1, "One"), (2, "Elsewhere")))), PROCESS, as_of_day(5), silence_limit_days=21
    )
    assert found.claimed_rank is None


def test_stages_that_require_nothing_lie_between_claimed_and_proven() -> None:
    process = Process("p", (Stage("One", (BUDGET,)), Stage("Two"), Stage("Three"), Stage("Four", (SIGNED,))))
    events = (*claims((1, "One"), (2, "Three")), shown("budget", 3))
    found = deal_standing(DealHistory("d", events), process, as_of_day(5), silence_limit_days=21)
    assert (found.claimed_rank, found.evidenced_rank, found.gap) == (3, 3, 0)


def test_a_proof_tells_who_gave_it_last() -> None:
    first, second = shown("budget", 10, contact="Maria Rossi"), shown("budget", 30, contact="Jan Novak")
    proofs = milestone_proofs(DealHistory("d", (second, first)), PROCESS, as_of_day(100))
    assert [p.contact for p in proofs] == ["Jan Novak", None, None]
    proofs = milestone_proofs(DealHistory("d", (second, first)), PROCESS, as_of_day(20))
    assert [p.contact for p in proofs] == ["Maria Rossi", None, None]
