from headway.deals.events import EventKind
from headway.process.definition import Milestone, Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided, event

PROCESS = Process("p", tuple(Stage(name, (Milestone(name.lower(), name),)) for name in "ABC"))


def shown(name: str) -> object:
    return event(EventKind.EVIDENCE_RECORDED, 2, name, grade=1)


def test_claims_beyond_the_evidence_of_observed_open_deals() -> None:
    deals = {
        "ahead": [*claims((1, "C")), shown("a")],
        "behind": [*claims((1, "A")), shown("a"), shown("b")],
        "even": [*claims((1, "A")), shown("a")],
        "nothing shown": [*claims((1, "B")), shown("c")],
        "unobserved": claims((1, "C")),
        "won": [*claims((1, "C")), shown("a"), decided(5, "won")],
    }
    found = findings("unproven_claim", PROCESS, deals)  # type: ignore[arg-type]
    assert brief(found, "rank", "other", "count") == [("ahead", 3, 1, 2), ("nothing shown", 2, None, 2)]
