from headway.process.definition import Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims

PLAIN = Process("p", tuple(Stage(name) for name in "ABC"))


def test_each_move_back_is_found_with_both_stages() -> None:
    deals = {
        "back": claims((1, "A"), (2, "C"), (3, "A"), (4, "B"), (5, "A")),
        "on": claims((1, "A"), (2, "A"), (3, "B")),
    }
    found = findings("regression", PLAIN, deals)
    assert brief(found, "rank", "other", "count") == [("back", 1, 3, 2), ("back", 1, 2, 1)]


def test_moves_to_stages_the_process_lacks_are_left_out() -> None:
    assert findings("regression", PLAIN, {"odd": claims((1, "B"), (2, "Elsewhere"), (3, "C"))}) == []
