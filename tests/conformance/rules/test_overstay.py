import pytest

from headway.process.definition import Process, Stage
from tests.conformance.rules.cases import brief, findings
from tests.logs import claims, decided

OWN = Process("p", (Stage("A"), Stage("B")))
LIMITED = Process("p", (Stage("A", limit_days=10), Stage("B")))


def won_after(days: float, start: float = 0) -> list[object]:
    return [*claims((start, "A"), (start + days, "B")), decided(start + days + 1, "won")]


def test_beyond_the_process_own_limit() -> None:
    deals = {"at": claims((1, "A"), (11, "B")), "over": claims((1, "A"), (11.5, "B")), "open": claims((85, "A"))}
    found = findings("overstay", LIMITED, deals)  # type: ignore[arg-type]
    assert brief(found, "rank", "count") == [("open", 1, 10), ("over", 1, 10)]
    assert [row["measure"] for row in found] == pytest.approx([15, 10.5])


def test_beyond_the_ninetieth_percentile_of_won_deals() -> None:
    deals = {f"won{n:02}": won_after(n) for n in range(1, 22)}  # stays of 1 to 21 days: the 90th percentile is 19
    deals |= {"open 19": claims((81, "A")), "open 20": claims((80, "A"))}
    found = findings("overstay", OWN, deals)  # type: ignore[arg-type]
    assert [row["deal"] for row in found if row["rank"] == 1] == ["open 20", "won20", "won21"]


def test_too_few_won_deals_give_no_limit() -> None:
    deals = {f"won{n:02}": won_after(n) for n in range(1, 20)} | {"open": claims((1, "A"))}
    assert findings("overstay", OWN, deals) == []  # type: ignore[arg-type]


def test_a_claim_of_the_same_stage_again_does_not_begin_the_stay_anew() -> None:
    again = {"again": claims((1, "A"), (8, "A"), (14, "B"))}
    assert brief(findings("overstay", LIMITED, again), "rank") == [("again", 1)]


def test_a_limit_between_two_days_is_told_as_the_later() -> None:
    deals = {f"won{n:02}": won_after(n) for n in range(1, 21)}  # stays of 1 to 20 days: the 90th percentile is 18.1
    found = findings("overstay", OWN, deals)  # type: ignore[arg-type]
    assert brief([row for row in found if row["rank"] == 1], "count") == [("won19", 19), ("won20", 19)]
