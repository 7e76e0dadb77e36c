import pytest

from headway.deals.events import EventKind
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided, event

FRESH = Milestone("fresh", "The buyer has confirmed the date", proof=Proof(shelf_life_days=30))
PROCESS = Process("p", (Stage("A", (Milestone("a", "A"),)), Stage("B", (FRESH,))))


def test_open_deals_whose_proof_is_older_than_its_shelf_life() -> None:
    def shown(at: float) -> object:
        return event(EventKind.EVIDENCE_RECORDED, at, "fresh", grade=1)

    deals = {
        "fresh": [*claims((1, "B")), shown(70)],
        "lapsed": [*claims((1, "B")), shown(60)],
        "won": [*claims((1, "B")), shown(10), decided(90, "won")],
    }
    found = findings("lapsed_evidence", PROCESS, deals)  # type: ignore[arg-type]
    assert brief(found, "rank") == [("lapsed", 2)]
    assert found[0]["measure"] == pytest.approx(40)
