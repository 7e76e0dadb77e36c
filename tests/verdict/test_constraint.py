"""Firms with one planted weakness are named by it, and none that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.demo.company import Company, simulate
from headway.demo.export import process_text
from headway.demo.log_rows import fill_log
from headway.diagnosis.study import begin_study
from headway.process.definition import Milestone, Process, Stage
from headway.process.loader import parse_process
from headway.verdict.constraint import constraint_of, shares_of
from headway.verdict.value import Constraint, Theatre
from tests.conformance.judged import judged
from tests.logs import claims, decided, event

NAMES = ("Meet", "Budget", "Group", "Risk", "Sign", "Start")
PROCESS = Process("Sales", tuple(Stage(name, (Milestone(name.lower(), f"The buyer did {name}"),)) for name in NAMES))
YEARS = 400  # days over which deals are started


def deal(
    number: int, shown: int, ends: str | None, *, claimed: int | None = None, reason: str | None = None
) -> list[Event]:
    """Started on day `number`; the buyer has shown the milestones of `shown` stages, the CRM claims as many or more."""
    at = number % YEARS
    events = claims(*((at + step, NAMES[step]) for step in range(max(claimed or shown, 1))))
    events += [
        event(EventKind.EVIDENCE_RECORDED, at + step + 0.5, NAMES[step].lower(), grade=1) for step in range(shown)
    ]
    events.append(event(EventKind.BUYER_ACTED, at + 0.1, "replied", contact="Dana"))
    return [*events, *([decided(at + 40, ends, reason)] if ends else [])]


def firm(why: str | None = "Price", **parts: tuple[int, int, str | None]) -> dict[str, list[Event]]:
    """`name=(deals, stages shown, outcome)`; a name that ends in `claimed` is claimed to the end. `why`: the reason."""
    made: dict[str, list[Event]] = {}
    for name, (n, shown, ends) in parts.items():
        for number in range(n):
            claimed = len(NAMES) if name.endswith("claimed") else None
            made[f"{name}-{number}"] = deal(7 * number + len(made), shown, ends, claimed=claimed, reason=why)
    return made


def told(deals: Mapping[str, list[Event]], process: Process = PROCESS, **more: Any) -> Constraint:
    with judged([process], deals, at=YEARS + 100) as found:
        return constraint_of(found.log, [process], **more)


EVEN: dict[str, tuple[int, int, str | None]] = {
    "won": (30, 6, "won"), "early": (25, 1, "no_decision"), "no_a": (13, 3, "lost"), "no_b": (12, 4, "lost"),
    "still_a": (12, 2, "no_decision"), "still_b": (13, 4, "no_decision"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("planted", "name", "change"),
    [
        ({}, None, False),
        ({"early": (80, 1, "lost")}, "Attention", False),
        ({"no_b": (70, 4, "lost")}, "Trust", False),
        ({"still_a": (40, 2, "no_decision"), "still_b": (30, 3, None), "still_c": (20, 4, "withdrawn")},
         "Movement", True),
        ({"still_b": (75, 3, "no_decision")}, "Trust", False),  # silence at one stage: the risk assessment
        ({"early_claimed": (25, 1, "no_decision"), "still_a_claimed": (25, 3, "lost"), "early": (5, 1, "lost"),
          "no_a": (2, 3, "lost"), "still_a": (2, 2, "no_decision")}, "Control", False),
    ],
)  # fmt: skip
def test_one_planted_weakness_is_named_and_only_movement_asks_to_change_the_process(
    planted: dict[str, tuple[int, int, str | None]], name: str | None, change: bool
) -> None:
    found = told(firm(**EVEN | planted))
    assert found.name == name, found.sentence
    assert {candidate.name for candidate in found.candidates} == {"Attention", "Trust", "Movement", "Control"}
    if name:
        best = max(found.candidates, key=lambda candidate: candidate.score or 0.0)
        assert best.name == name or name == "Control"
        assert name in found.sentence
    assert ("Mend how deals move" in found.so) is change
    assert ("Leave the process as it is" in found.so) is (name is not None and not change)


def test_what_goes_unrecorded_on_won_deals_is_taken_out_of_attention() -> None:
    unseen = {"won": (60, 6, "won"), "unseen_won": (20, 0, "won"), "early": (40, 0, "lost"), "no": (60, 3, "lost")}
    found = told(firm(**unseen))
    scores = {candidate.name: candidate.score for candidate in found.candidates}
    # 60 of 80 won deals show interest, so the 60 lost ones that do stand for 80 of the 100
    assert scores["Trust"] == pytest.approx(4 * scores["Attention"], rel=0.01)


def test_the_shares_of_a_table_of_counts() -> None:
    counts = np.array([[40, 0], [0, 0], [20, 4], [50, 26], [60, 0]])
    assert shares_of(counts) == pytest.approx([24 / 200, 76 / 200, 60 / 200, 30 / 200])
    assert shares_of(np.stack([counts, counts])).shape == (2, 4)
    assert np.isfinite(shares_of(np.zeros((5, 2), dtype=int))).all()


def test_not_movement_is_an_answer() -> None:
    found = told(firm(won=(40, 6, "won"), early=(60, 1, "lost"), no_a=(28, 3, "lost"), no_b=(28, 4, "lost")))
    assert found.name is None
    assert found.sentence.startswith("It is not Movement")
    assert "Leave the process as it is" in found.so


def test_losses_without_a_reason_tell_no_trust_from_movement() -> None:
    parts = {"won": (30, 6, "won"), "early": (20, 1, "lost"), "no_a": (60, 3, "lost"), "no_b": (40, 4, "lost")}
    found = told(firm(None, **parts))
    assert found.name is None
    assert "without a reason" in found.sentence
    assert told(firm("Chose a competitor", **parts)).name == "Trust"


@pytest.mark.parametrize(
    ("deals", "process", "says"),
    [
        ({}, PROCESS, "No deal has been decided"),
        (firm(won=(8, 6, "won"), lost=(8, 2, "lost")), PROCESS, "About 14 more"),
        (firm(lost=(60, 2, "lost")), PROCESS, "Only 0 of 60"),
        (firm(won=(60, 0, "won"), lost=(60, 0, "lost")), PROCESS, "recorded too seldom"),
        (firm(won=(60, 6, "won")), PROCESS, "No single thing"),
        (firm(won=(60, 6, "won")), Process("Bare", tuple(Stage(name) for name in NAMES)), "no milestones"),
    ],
)
def test_poor_logs_name_nothing_and_say_why(deals: dict[str, list[Event]], process: Process, says: str) -> None:
    found = told(deals, process)
    assert found.name is None
    assert says in found.sentence
    assert "change nothing" in found.so.lower()


def test_evidence_for_and_against_stands_beside_each_candidate() -> None:
    theatre = Theatre(True, "Found.", ())
    found = told(firm(**EVEN | {"no_b": (70, 4, "lost"), "open": (6, 2, None)}), theatre=theatre)
    trust, control = (next(c for c in found.candidates if c.name == name) for name in ("Trust", "Control"))
    assert any("at Sign" in text for text in trust.for_it)
    assert any("one person at the buyer" in text for text in trust.for_it)
    assert "Theatre was found." in control.for_it
    assert any("90 % interval" in text for text in control.against_it)


def test_the_simulated_firm_in_which_nothing_is_planted_is_accused_of_nothing() -> None:
    company: Company = simulate(5, date(2026, 6, 30), sellers=8, months=12)
    with EventLog(memory_mib=256, in_memory=True) as log:
        log.build(fill_log(company, log))
        process = parse_process(process_text(), "process.yaml")
        begin_study(log, [process])
        found = constraint_of(log, [process])
    assert found.name is None, found.sentence
