"""What preparing an agenda costs with 50 and with 5,000 open deals, in turns: `python -m benchmarks.agenda_size`.

Fills one installation on SQLite with two workspaces through the product's own import and analysis: so many open deals
of the simulated firm, and as many decided ones again (300 to 1,000), fifty events each. Prints processor and clock
times, their ratio (bar: at most 10), the number of queries, and what the bound on candidates leaves out: the value of
the agenda chosen from all open deals beside that of the one prepared.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.page import machine
from benchmarks.web import begin
from benchmarks.web_data import fill, yesterday

SMALL, LARGE = 50, 5_000
MOST_DECIDED = 1_000
BAR = 10.0
OPEN_SHARE = 0.11  # of the simulated firm's deals, a little less than there are


@dataclass(slots=True)
class Taken:
    """Milliseconds of every repetition, and the number of queries."""

    cpu: list[float]
    clock: list[float]
    queries: int = 0


def filled(person: Any, wanted: int) -> Any:
    """A workspace with so many open deals, brought in and analysed as the product does it."""
    from headway.deals.event_log import EventLog
    from headway.demo.export import process_text
    from headway.jobs.analysis import analyse
    from headway.process.loader import parse_process
    from headway.store.actions.batches import begin_import, tell_batch
    from headway.store.actions.imports import import_batch
    from headway.store.actions.process_files import publish_process
    from headway.store.actions.workspaces import make_workspace

    at = datetime.now(UTC)
    workspace = make_workspace(name=f"{wanted:,} open deals", by=person, at=at)
    publish_process(workspace=workspace, process=parse_process(process_text(), "process"), by=person, at=at)
    with EventLog(memory_mib=1024) as log:
        fill(log, max(800, round(wanted / OPEN_SHARE)), yesterday())
        run = log.connection.execute
        run("CREATE TABLE gone AS SELECT DISTINCT deal FROM source_events WHERE kind = 'deal_decided'")
        run(
            "CREATE TABLE kept AS (SELECT deal FROM source_deals WHERE deal NOT IN (SELECT deal FROM gone)"
            f" ORDER BY deal LIMIT {wanted}) UNION ALL (SELECT deal FROM gone ORDER BY deal"
            f" LIMIT {min(MOST_DECIDED, max(300, wanted))})"
        )
        # The firm's deals are repeated; no two of them shall be worth the same.
        run("UPDATE source_events SET amount = amount * (0.5 + hash(deal) % 1000 / 600.0) WHERE amount IS NOT NULL")
        run("DELETE FROM source_events WHERE deal NOT IN (SELECT deal FROM kept)")
        run("DELETE FROM source_deals WHERE deal NOT IN (SELECT deal FROM kept)")
        batch = tell_batch(batch=begin_import(workspace=workspace, by=person, at=at, title="bench"), known_at=at)
        import_batch(batch=batch, log=log, by=person, at=at)
    analyse(workspace, at=at)
    return workspace


def prepared(workspace: Any, person: Any, taken: Taken) -> Any:
    """Prepare one agenda of 30 minutes, and note what it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from headway.store.actions.agendas import prepare_agenda
    from headway.store.models import Review

    at = datetime.now(UTC)
    review = Review.objects.create(
        workspace=workspace, kind="pipeline", name="Bench", leader=person, due_at=at + timedelta(days=1), minutes=30
    )
    clock, cpu = time.perf_counter(), time.process_time()
    review = prepare_agenda(review=review, at=at)
    taken.cpu.append(1e3 * (time.process_time() - cpu))
    taken.clock.append(1e3 * (time.perf_counter() - clock))
    if not taken.queries:
        with CaptureQueriesContext(connection) as seen:
            prepare_agenda(review=review, at=at)
        taken.queries = len(seen)
    return review


def left_out(review: Any) -> tuple[float, float, int]:
    """Value of the agenda prepared, of the one chosen from every open deal, and how many deals both hold."""
    from headway.reviews.agenda import agenda_of
    from headway.store.queries import agenda_candidates, agenda_scope

    bounds = agenda_scope.WEIGHED, agenda_candidates.CLOSER
    agenda_scope.WEIGHED = agenda_candidates.CLOSER = 1_000_000
    try:
        scope = agenda_scope.scope_of(review, datetime.now(UTC))
        whole = agenda_of([one.candidate for one in agenda_candidates.field_of(scope).near.values()], review.minutes)
    finally:
        agenda_scope.WEIGHED, agenda_candidates.CLOSER = bounds
    items = list(review.items.select_related("deal"))
    both = {item.deal.key for item in items} & {point.key for point in whole.points}
    return sum(item.value for item in items), sum(point.value for point in whole.points), len(both)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as home:
        person = begin(Path(home))
        from headway.store.guards import ALL, enter

        enter(ALL)
        workspaces = {wanted: filled(person, wanted) for wanted in (SMALL, LARGE)}
        taken = {wanted: Taken([], []) for wanted in workspaces}
        reviews = {}
        for _ in range(repeat + 1):  # the first warms up
            for wanted, workspace in workspaces.items():
                reviews[wanted] = prepared(workspace, person, taken[wanted])
        print(f"{machine()}\n\n| open deals | processor | clock | queries |\n|--:|--:|--:|--:|")
        for wanted, found in taken.items():
            print(
                f"| {wanted:,} | {median(found.cpu[1:]):.0f} ms | {median(found.clock[1:]):.0f} ms | {found.queries} |"
            )
        ratios = [median(taken[LARGE].cpu[1:]) / median(taken[SMALL].cpu[1:]),
                  median(taken[LARGE].clock[1:]) / median(taken[SMALL].clock[1:])]  # fmt: skip
        verdict = "met" if max(ratios) <= BAR else "**missed**"
        print(f"\nRatio {ratios[0]:.1f} (processor), {ratios[1]:.1f} (clock); bar: at most {BAR:g}: {verdict}.")
        value, whole, both = left_out(reviews[LARGE])
        print(f"Of the value of the agenda chosen from all {LARGE:,}, the prepared one has {value / whole:.1%};"
              f" {both} deals are on both.")  # fmt: skip


if __name__ == "__main__":
    main()
