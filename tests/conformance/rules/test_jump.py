from headway.deals.events import EventKind
from headway.process.definition import Milestone, Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided, event

PLAIN = Process("p", tuple(Stage(name) for name in "ABCDE"))


def test_one_move_over_two_stages_is_a_jump() -> None:
    deals = {"one": claims((1, "A"), (2, "C")), "three": claims((1, "A"), (2, "E")), "two": claims((1, "A"), (2, "D"))}
    assert brief(findings("jump", PLAIN, deals), "rank", "other", "count") == [("three", 1, 5, 3), ("two", 1, 4, 2)]


def test_a_deal_that_begins_late_did_not_move() -> None:
    assert findings("jump", PLAIN, {"late": claims((1, "E"))}) == []


def test_winning_early_jumps() -> None:
    won = {"won": [*claims((1, "C")), decided(5, "won")]}
    assert brief(findings("jump", PLAIN, won), "rank", "other") == [("won", 3, 6)]


def test_a_jump_over_proven_stages_is_none() -> None:
    process = Process("p", tuple(Stage(name, (Milestone(name.lower(), name),)) for name in "ABCD"))
    shown = [event(EventKind.EVIDENCE_RECORDED, 1.5, name, grade=1) for name in "abc"]
    assert findings("jump", process, {"fast": [*claims((1, "A"), (2, "D")), *shown]}) == []
    assert brief(findings("jump", process, {"slow": [*claims((1, "A"), (2, "D")), *shown[:2]]})) == [("slow",)]
