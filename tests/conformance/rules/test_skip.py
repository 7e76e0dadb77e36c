from headway.deals.events import EventKind
from headway.process.definition import Milestone, Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided, event

PLAIN = Process("p", tuple(Stage(name) for name in "ABCDE"))
PROVEN = Process("p", (Stage("A", (Milestone("a", "A"),)), Stage("B", (Milestone("b", "B"),)), Stage("C")))


def test_a_stage_never_entered_is_a_skip() -> None:
    deals = {"in order": claims((1, "A"), (2, "B"), (3, "C")), "over B": claims((1, "A"), (3, "C"))}
    assert brief(findings("skip", PLAIN, deals), "rank", "other") == [("over B", 2, 3)]


def test_a_stage_entered_later_is_no_skip() -> None:
    assert findings("skip", PLAIN, {"back": claims((1, "A"), (2, "C"), (3, "B"))}) == []


def test_stages_of_a_jump_are_not_counted_again() -> None:
    deals = {"jump": claims((1, "A"), (2, "D")), "both": claims((1, "A"), (2, "D"), (3, "A"), (4, "C"), (5, "E"))}
    assert brief(findings("skip", PLAIN, deals), "rank") == []


def test_beginning_late_skips_the_stages_before() -> None:
    assert brief(findings("skip", PLAIN, {"late": claims((1, "C"))}), "rank") == [("late", 1), ("late", 2)]


def test_winning_passes_over_every_stage_that_is_left() -> None:
    deals = {"won": [*claims((1, "A"), (2, "B"), (3, "C"), (4, "D")), decided(9, "won")]}
    assert brief(findings("skip", PLAIN, deals), "rank", "other") == [("won", 5, 6)]


def test_losing_passes_over_nothing() -> None:
    assert findings("skip", PLAIN, {"lost": [*claims((1, "A")), decided(9, "lost")]}) == []


def test_a_skip_whose_milestones_are_proven_is_none() -> None:
    shown = [event(EventKind.EVIDENCE_RECORDED, 2, name, grade=1) for name in ("a", "b")]
    assert findings("skip", PROVEN, {"fast": [*claims((1, "A"), (3, "C")), *shown]}) == []
    assert brief(findings("skip", PROVEN, {"slow": [*claims((1, "A"), (3, "C")), shown[0]]}), "rank") == [("slow", 2)]
