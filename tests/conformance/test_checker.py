"""Which rules can be asked of a log, and which findings someone allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from headway.conformance.rules import RULES
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import Event
from headway.process.definition import Milestone, Process, Stage
from tests.conformance.judged import judged
from tests.logs import claims, event

PLAIN = Process("p", (Stage("A"), Stage("B"), Stage("C")))
PROVABLE = Process("p", (Stage("A", (Milestone("a", "A"),)), Stage("B")))
CLAIMS = "no stage was ever claimed, so there is nothing to set against the process"
EVIDENCE = "no buyer act was observed, so claims cannot be set against what buyers did"
HISTORY = "the source does not stamp when things were recorded"
CLOSE_DATES = "the source holds no history of expected close dates"
ACTIVITIES = "the source holds no activities of sellers"

REPLY = event(EventKind.BUYER_ACTED, 3, "reply", grade=3)
CALL = event(EventKind.ACTIVITY_DONE, 3, "call")


def unasked(process: Process, *events: Event, other: Sequence[Event] = ()) -> dict[str, str]:
    """Reason by rule, of the rules that could not be asked."""
    deals: Mapping[str, Sequence[Event]] = {"d": events} | ({"e": other} if other else {})
    with judged([process], deals) as world:
        assert [asked.rule for asked in world.asked] == list(RULES)
        return {asked.rule.name: asked.reason for asked in world.asked if asked.reason is not None}


def test_a_log_of_claims_lets_rules_of_order_be_asked_and_says_why_no_others() -> None:
    assert unasked(PLAIN, *claims((1, "A"))) == {
        "unproven_claim": EVIDENCE,
        "activity_without_movement": ACTIVITIES,
        "pushed_close_date": CLOSE_DATES,
        "lapsed_evidence": EVIDENCE,
        "late_entry": HISTORY,
    }


def test_without_a_claim_of_a_known_stage_there_is_no_order() -> None:
    reasons = unasked(PLAIN, *claims((1, "Elsewhere")), CALL)
    assert {name for name, reason in reasons.items() if reason == CLAIMS} == {"overstay", "skip", "jump", "regression"}
    assert "activity_without_movement" not in reasons


def test_evidence_needs_a_buyer_act_and_a_milestone_to_prove() -> None:
    assert unasked(PLAIN, *claims((1, "A")), REPLY)["unproven_claim"] == EVIDENCE
    assert unasked(PROVABLE, *claims((1, "A")))["unproven_claim"] == EVIDENCE
    reasons = unasked(PROVABLE, *claims((1, "A")), REPLY)
    assert "unproven_claim" not in reasons
    assert "lapsed_evidence" not in reasons


@pytest.mark.parametrize(
    ("recorded", "how", "stamped"),
    [
        (4, RecordedHow.HISTORY, True),
        (3, RecordedHow.HISTORY, False),  # the same moment everywhere says nothing about recording
        (None, RecordedHow.HISTORY, False),
        (4, RecordedHow.ASSUMED, False),
        (4, RecordedHow.SNAPSHOT, False),
    ],
)
def test_late_entry_needs_a_stamp_of_recording(recorded: float | None, how: RecordedHow, stamped: bool) -> None:
    seen = event(EventKind.BUYER_ACTED, 3, "reply", recorded=recorded, recorded_how=how)
    assert (unasked(PLAIN, *claims((1, "A")), seen).get("late_entry") is None) is stamped


def test_pushed_dates_need_a_deal_whose_close_date_was_set_twice() -> None:
    first, second = event(EventKind.CLOSE_DATE_SET, 2, due=30), event(EventKind.CLOSE_DATE_SET, 3, due=40)
    assert (
        unasked(PLAIN, *claims((1, "A")), first, other=[*claims((1, "A")), second])["pushed_close_date"] == CLOSE_DATES
    )
    assert "pushed_close_date" not in unasked(PLAIN, *claims((1, "A")), first, second)


def test_a_rule_that_cannot_be_asked_finds_nothing() -> None:
    late = event(EventKind.BUYER_ACTED, 3, "reply", recorded=60, recorded_how=RecordedHow.ASSUMED)
    with judged([PLAIN], {"d": [*claims((1, "A"), (2, "C")), late]}) as world:
        assert {rule for (rule,) in world.rows("SELECT DISTINCT rule FROM findings")} == {"skip"}


def allowed(until: float | None, rule: str = "skip", at: float = 9) -> Event:
    return event(EventKind.EXCEPTION_ALLOWED, at, rule, due=until)


def test_an_exception_allows_findings_of_its_rule_on_its_deal_until_the_day_it_expires() -> None:
    skipped = claims((1, "A"), (10, "C"))
    deals = {
        "allowed": [*skipped, allowed(20)],
        "allowed again": [*skipped, allowed(5), allowed(20)],
        "another rule": [*skipped, allowed(20, "jump")],
        "expired": [*skipped, allowed(9)],
        "for ever": [*skipped, allowed(5), allowed(None)],
        "never allowed": skipped,
        "on the last day": [*skipped, allowed(10)],
        "two rules": [*claims((1, "A"), (2, "B"), (3, "A"), (10, "C")), allowed(20, "regression")],
    }
    with judged([PLAIN], deals) as world:
        flags = {row["deal"]: row["allowed"] for row in world.findings("skip")}
        back = {row["deal"]: row["allowed"] for row in world.findings("regression")}
        assert world.rows("SELECT count(*) FROM findings WHERE allowed IS NULL") == [(0,)]
    assert flags == {
        "allowed": True,
        "allowed again": True,
        "another rule": False,
        "expired": False,
        "for ever": True,
        "never allowed": False,
        "on the last day": True,
    }
    assert back == {"two rules": True}


def test_each_finding_stands_once_and_names_its_rule_and_event() -> None:
    with judged([PLAIN], {"d": [*claims((1, "A"), (10, "C")), allowed(20), allowed(30)]}) as world:
        rows = world.rows(
            "SELECT f.rule, f.rank, s.name FROM findings AS f JOIN source_events AS s ON s.ordinal = f.ordinal"
        )
    assert rows == [("skip", 2, "C")]
