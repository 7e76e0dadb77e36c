from headway.deals.events import EventKind, RecordedHow
from headway.process.definition import Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, event

PLAIN = Process("p", (Stage("A"),))


def acted(at: float, recorded: float, how: RecordedHow = RecordedHow.HISTORY) -> object:
    return event(EventKind.BUYER_ACTED, at, "reply", recorded=recorded, recorded_how=how)


def test_only_times_that_the_source_stamped_count() -> None:
    deals = {
        "assumed": [*claims((0, "A")), acted(1, 50, RecordedHow.ASSUMED)],
        "in time": [*claims((0, "A")), acted(1, 8)],
        "late": [*claims((0, "A")), acted(1, 8.5), acted(2, 30)],
        "snapshot": [*claims((0, "A")), acted(1, 50, RecordedHow.SNAPSHOT)],
    }
    assert brief(findings("late_entry", PLAIN, deals), "count", "measure") == [("late", 2, 28)]  # type: ignore[arg-type]
