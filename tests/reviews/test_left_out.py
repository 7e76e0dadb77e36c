"""Which steps are still to be done on a deal, as of a moment."""

from __future__ import annotations

from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.proof import milestone_proofs
from headway.process.definition import Milestone, Process, Stage, Step
from headway.reviews.left_out import LeftOut, steps_left_out
from tests.logs import as_of_day, claims, event

WHO = Step("ask_who_signs", "Ask who signs", "named", 10, activities=("asked who signs",))
PAPER = Step("send_paper", "Send the paper", "paper", 5, activities=("contract sent",), at_buyers_request=True)
REPLY = Step("answer", "Answer the same day", "paper", 0, after="asked a question", activities=("answered",))
TWICE = Step("call_twice", "Call twice", "paper", 3, activities=("call",), times=2, unless="named")
PROCESS = Process(
    "Sale",
    (
        Stage("First", (Milestone("named", "They name who signs"),), steps=(WHO,)),
        Stage("Second", (Milestone("paper", "They return the paper"),), steps=(PAPER, REPLY, TWICE)),
    ),
)


def left(*events: Event, at: float = 20, useless: tuple[str, ...] = ()) -> tuple[LeftOut, ...]:
    history = DealHistory("d", tuple(sorted(events, key=lambda one: one.happened_at)))
    as_of = as_of_day(at)
    return steps_left_out(history, PROCESS, milestone_proofs(history, PROCESS, as_of), as_of, useless=useless)


def ids(*events: Event, at: float = 20) -> list[str]:
    return [one.step.id for one in left(*events, at=at)]


def test_a_step_is_asked_from_its_stage_on_and_says_how_long_it_is_overdue() -> None:
    assert left() == ()
    (found,) = left(*claims((1, "First")))
    assert (found.step, found.overdue_days) == (WHO, 9)
    (ahead,) = left(*claims((1, "First")), at=4)
    assert ahead.overdue_days == -7


def test_a_stage_passed_over_is_asked_for_too() -> None:
    assert ids(*claims((1, "Second"))) == ["ask_who_signs", "call_twice"]


def test_what_was_done_proven_excused_or_is_of_no_use_is_not_left_out() -> None:
    first = claims((1, "First"))
    assert ids(*first, event(EventKind.ACTIVITY_DONE, 3, "asked who signs")) == []
    assert ids(*first, event(EventKind.EVIDENCE_RECORDED, 3, "named", grade=1)) == []
    assert left(*first, useless=("ask_who_signs",)) == ()
    both = claims((1, "Second"))
    assert ids(*both, event(EventKind.EVIDENCE_RECORDED, 3, "named", grade=1)) == []
    assert "call_twice" in ids(*both, event(EventKind.ACTIVITY_DONE, 3, "call"))
    assert "call_twice" not in ids(
        *both, event(EventKind.ACTIVITY_DONE, 3, "call"), event(EventKind.ACTIVITY_DONE, 4, "call")
    )


def test_an_answer_counts_only_after_the_question() -> None:
    asked = event(EventKind.BUYER_ACTED, 5, "asked a question")
    early, late = event(EventKind.ACTIVITY_DONE, 4, "answered"), event(EventKind.ACTIVITY_DONE, 6, "answered")
    assert ids(asked, early) == ["answer"]
    assert ids(asked, late) == []


def test_what_is_recorded_later_is_not_known_yet() -> None:
    done = event(EventKind.ACTIVITY_DONE, 3, "asked who signs", recorded=30)
    assert ids(*claims((1, "First")), done) == ["ask_who_signs"]
    assert ids(*claims((1, "First")), done, at=31) == []
