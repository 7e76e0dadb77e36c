"""Which process a deal is set against: by pipeline and record type, and by the day it was created."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from headway.conformance.pinning import Choice, choices_for, pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.process.definition import Process, Stage
from tests.conformance.judged import judged
from tests.logs import as_of_day, claims, event, fill, numbered

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
STAGES = (Stage("A"), Stage("B", claims=("Bee",)))


def process(
    name: str, *, since: date | None = None, pipelines: tuple[str, ...] = (), types: tuple[str, ...] = ()
) -> Process:
    return Process(name, STAGES, valid_from=since, pipelines=pipelines, record_types=types)


def chosen(pipeline: str | None, record_type: str | None, *processes: Process) -> list[tuple[int, date, date]]:
    found = choices_for(pipeline, record_type, processes)
    assert all((c.pipeline, c.record_type) == (pipeline, record_type) for c in found)
    return [(c.process, c.start, c.end) for c in found]


ANY = process("any")
BY_TYPE = process("by type", types=("Renewal", "Upgrade"))
BY_PIPELINE = process("by pipeline", pipelines=("Sales",))
BY_BOTH = process("by both", pipelines=("Sales",), types=("Renewal",))
ALL = (ANY, BY_TYPE, BY_PIPELINE, BY_BOTH)


def test_the_most_particular_match_wins() -> None:
    assert chosen("Sales", "Renewal", *ALL) == [(3, FIRST, LAST)]
    assert chosen("Sales", "New", *ALL) == [(2, FIRST, LAST)]
    assert chosen("Sales", "Upgrade", *ALL) == [(2, FIRST, LAST)], "the pipeline says more than the record type"
    assert chosen("Other", "Upgrade", *ALL) == [(1, FIRST, LAST)]
    assert chosen("Other", "New", *ALL) == [(0, FIRST, LAST)]
    assert chosen(None, None, *ALL) == [(0, FIRST, LAST)]


def test_names_are_matched_without_case_and_outer_space() -> None:
    assert chosen(" sALES ", "renewal", *ALL) == [(3, FIRST, LAST)]


def test_a_deal_that_no_process_names_gets_none() -> None:
    assert chosen("Other", None, BY_PIPELINE, BY_BOTH) == []
    assert chosen(None, "Renewal", BY_PIPELINE, BY_BOTH) == []
    assert chosen("Sales", "New", BY_BOTH) == []
    assert choices_for("Sales", None, []) == []


def test_versions_follow_each_other_and_the_first_reaches_back() -> None:
    second, third = date(2026, 3, 1), date(2026, 6, 1)
    versions = (process("p", since=third), process("p", since=date(2026, 1, 1)), process("p", since=second))
    assert chosen("Sales", None, *versions) == [(1, FIRST, second), (2, second, third), (0, third, LAST)]


def test_a_version_without_a_day_is_in_force_from_the_beginning() -> None:
    assert chosen(None, None, process("p", since=date(2026, 3, 1)), process("p")) == [
        (1, FIRST, date(2026, 3, 1)),
        (0, date(2026, 3, 1), LAST),
    ]


def test_of_two_versions_of_one_day_the_later_listed_holds() -> None:
    same = date(2026, 3, 1)
    assert chosen(None, None, ANY, process("p", since=same), process("q", since=same)) == [
        (0, FIRST, same),
        (2, same, LAST),
    ]


def test_versions_of_a_less_particular_process_do_not_cut_in() -> None:
    assert chosen("Sales", None, process("any", since=date(2026, 3, 1)), BY_PIPELINE) == [(1, FIRST, LAST)]


def test_a_choice_says_for_whom_it_is() -> None:
    assert choices_for("Sales", None, [ANY]) == [Choice("Sales", None, 0, FIRST, LAST)]


def test_each_deal_is_pinned_by_its_kind_and_the_day_it_was_created() -> None:
    old, new = process("old", pipelines=("Sales",)), process("new", since=date(2026, 1, 11), pipelines=("Sales",))
    renewal = process("renewal", pipelines=("Sales",), types=("Renewal",))
    deals = {
        "before": [event(EventKind.DEAL_CREATED, 9.4), *claims((20, "A"))],  # the 10th, before midnight
        "after": [event(EventKind.DEAL_CREATED, 9.5), *claims((20, "A"))],  # the 11th, at midnight
        "renewal": claims((20, "A")),
        "elsewhere": claims((20, "A")),
        "nowhere": claims((20, "A")),
    }
    about = {name: {"pipeline": "Sales"} for name in deals}
    about["renewal"]["record_type"] = "Renewal"
    about["elsewhere"]["pipeline"] = "Service"
    del about["nowhere"]
    with judged([old, new, renewal], deals, about=about) as world:
        rows = world.rows("SELECT d.id, p.process FROM deals AS d LEFT JOIN deal_processes AS p USING (deal)")
    assert dict(rows) == {"before": 0, "after": 1, "renewal": 2, "elsewhere": None, "nowhere": None}


def test_each_claim_gets_the_rank_of_its_stage_in_the_deals_own_process() -> None:
    turned = Process("turned", (Stage("B"), Stage("A"), Stage("C")), pipelines=("Turned",))
    deals = {"plain": claims((1, "a "), (2, "BEE"), (3, "Elsewhere"), (4, "B")), "turned": claims((1, "A"), (2, "C"))}
    about = {"turned": {"pipeline": "Turned"}}
    with judged([ANY, turned], deals, about=about) as world:
        rows = world.rows("SELECT d.id, m.rank FROM moves AS m JOIN deals AS d USING (deal) ORDER BY d.id, m.turn")
    assert rows == [("plain", 1), ("plain", 2), ("plain", 2), ("turned", 2), ("turned", 3)]


def test_what_was_settled_deal_by_deal_outranks_the_day_of_creation() -> None:
    old, new = process("Old"), process("New", since=date(2026, 1, 1))
    pins = pa.table({"deal": pa.array(["a", "b"], pa.string()), "process": pa.array([1, None], pa.int32())})
    with EventLog(in_memory=True) as log:
        histories = [DealHistory(name, (event(EventKind.DEAL_CREATED, -9),)) for name in ("a", "b", "c")]
        fill(log, numbered(histories))
        log.build(as_of_day(1))
        pin_deals(log, (old, new), pins)
        rows = log.rows("SELECT d.id, p.process FROM deals AS d LEFT JOIN deal_processes AS p USING (deal) ORDER BY id")
    assert [(row["id"], row["process"]) for row in rows] == [("a", 1), ("b", None), ("c", 0)]
