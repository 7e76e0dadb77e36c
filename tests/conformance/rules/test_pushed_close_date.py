from headway.deals.events import EventKind
from headway.process.definition import Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided, event

PLAIN = Process("p", (Stage("A"),))


def dates(*pairs: tuple[float, float]) -> list[object]:
    return [*claims((0, "A")), *(event(EventKind.CLOSE_DATE_SET, at, due=due) for at, due in pairs)]


def test_pushes_are_counted_with_their_days_and_pulls_are_not() -> None:
    deals = {
        "pushed": dates((0, 30), (5, 40), (9, 35), (20, 60)),
        "pulled": dates((0, 30), (5, 20)),
        "kept": dates((0, 30)),
    }
    assert brief(findings("pushed_close_date", PLAIN, deals), "count", "measure") == [("pushed", 2, 35)]  # type: ignore[arg-type]


def test_edits_after_the_decision_do_not_count() -> None:
    deals = {"late": [*dates((0, 30), (50, 60)), decided(40, "lost")], "other": dates((0, 1), (1, 2))}
    assert brief(findings("pushed_close_date", PLAIN, deals)) == [("other",)]  # type: ignore[arg-type]
