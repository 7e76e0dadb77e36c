"""The application at two sizes: `.venv/bin/python -m benchmarks.web [--deals 100000]` (about 15 minutes).

Fills one installation with a workspace of 1,000 deals and one of `--deals`, fifty events each, through the product's
own import and analysis; then asks for pages of both in turn. Prints a Markdown table, and writes it to
docs/benchmarks-web.md with `--write`. With `--import-rows 200000` a real server is asked for pages of the large
workspace before and while so many rows are imported.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.page import machine
from benchmarks.web_data import fill, yesterday
from benchmarks.web_import import pages_while_importing, write_rows
from benchmarks.web_pages import Page, measure

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/benchmarks-web.md"
SMALL = 1_000
BARS = {"queries": 15, "cpu_ms": 40.0, "ratio": 1.3, "analysis": 2.0}


@dataclass(frozen=True, slots=True)
class Filled:
    """A workspace with its times: CPU seconds of import and analysis, children included; `events` in its history."""

    key: str
    deals: int
    events: int
    import_s: float
    analysis_s: float
    addresses: dict[str, list[str]]


def begin(home: Path) -> Any:
    """A fresh installation in this process, and the person who asks."""
    os.environ |= {"HEADWAY_HOME": str(home), "HEADWAY_ADDRESS": "http://localhost", "DATABASE_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "headway.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from headway.store.actions.workspaces import make_person

    call_command("migrate", verbosity=0)
    return make_person(email="b@example.com", name="Bea Bench", password="x" * 16, at=datetime.now(UTC))


def filled(person: Any, deals: int, rows: Path) -> Filled:
    """A workspace of so many deals, brought in and analysed as the product does it."""
    from headway.deals.event_log import EventLog
    from headway.demo.export import process_text
    from headway.jobs.analysis import analyse
    from headway.process.loader import parse_process
    from headway.store.actions.batches import begin_import, tell_batch
    from headway.store.actions.imports import import_batch
    from headway.store.actions.process_files import publish_process
    from headway.store.actions.workspaces import add_member, make_workspace
    from headway.store.queries.owners import busiest_owner

    at = datetime.now(UTC)
    workspace = make_workspace(name=f"{deals:,} deals", by=person, at=at)
    publish_process(workspace=workspace, process=parse_process(process_text(), "process"), by=person, at=at)
    with EventLog(memory_mib=1024) as log:
        events = fill(log, deals, yesterday(), rows=rows)
        batch = tell_batch(batch=begin_import(workspace=workspace, by=person, at=at, title="bench"), known_at=at)
        started = cpu_seconds()
        import_batch(batch=batch, log=log, by=person, at=at)
        import_s = cpu_seconds() - started
    add_member(workspace=workspace, person=person, role="leader", by=person, at=at, owner=busiest_owner(workspace))
    started = cpu_seconds()
    analyse(workspace, at=at)
    analysis_s = cpu_seconds() - started
    return Filled(workspace.key, deals, events, import_s, analysis_s, addresses(workspace.key))


def addresses(key: str) -> dict[str, list[str]]:
    """Pages by name; deal pages of the largest open deals, in turn."""
    from headway.store.models import Deal  # the benchmark may look into the tables, the product's rooms may not

    deals = Deal.objects.filter(workspace__key=key, outcome="", is_live=True).order_by("-attention")
    keys = list(deals.values_list("key", flat=True)[:20])
    root = f"/w/{key}/"
    return {
        "first page": [root],
        "deals": [f"{root}deals/", f"{root}deals/?sort=amount", f"{root}deals/?sort=silence"],
        "deals of one standing": [f"{root}deals/?standing=drifting", f"{root}deals/?standing=quiet"],
        "a deal's page": [f"{root}deals/{deal}/" for deal in keys],
        "my deals": [f"{root}mine/"],
        "search": [f"{root}search/?q=plan", f"{root}search/?q=pack"],
        "palette": [f"{root}search/palette/?q=pa", f"{root}search/palette/?q=line"],
        "rewind": [f"{root}rewind/"],
    }


def cpu_seconds() -> float:
    """CPU time of this process and of its children that ended: what others do on the machine does not count."""
    return sum(os.times()[:4])


def diagnose_s(rows: Path, folder: Path, deals: int, events: int) -> float:
    """CPU seconds that `headway diagnose` takes on the same events in Parquet, to an HTML report.

    SystemExit unless it read every deal and event. Event files name no record type, so the process is for all deals.
    """
    from headway.demo.export import process_text

    process, report = folder / "process.yaml", folder / "report.html"
    process.write_text(process_text().replace("for:\n  record_types: [New Business]\n", ""))
    command = [sys.executable, "-c", "from headway.cli.main import main; main()", "diagnose", str(rows)]
    started = cpu_seconds()
    done = subprocess.run(
        [*command, "--process", str(process), "--html", str(report)], check=True, capture_output=True, text=True
    )
    spent = cpu_seconds() - started
    if not report.is_file() or f"{deals:,} deals, {events:,} events" not in " ".join(done.stdout.split()):
        raise SystemExit(f"headway diagnose read something else:\n{done.stdout[:600]}{done.stderr[:600]}")
    return spent


def table(large: Filled, pages: list[tuple[Page, Page]], diagnose: float) -> str:
    """The figures as Markdown: queries and CPU of the small and the large workspace, p95 of both and their ratio."""
    lines = [
        "| page | queries | CPU, median, ms | p95, ms | ratio | bars met |",
        "|---|--:|--:|--:|--:|---|",
        *(row(one, two) for one, two in pages),
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = large.analysis_s / diagnose
    missed = "" if ratio <= BARS["analysis"] else " **missed**"
    lines += [
        "",
        f"Import of {large.deals:,} deals and {large.events:,} events: {large.import_s:.0f} s of CPU. "
        f"Analysis: {large.analysis_s:.0f} s; `headway diagnose` on the same events in Parquet: {diagnose:.0f} s; "
        f"ratio {ratio:.2f} (bar {BARS['analysis']:g}){missed}. Peak memory {peak:,.0f} MiB.",
    ]
    return "\n".join(lines)


def row(one: Page, two: Page) -> str:
    """A page of the small workspace beside the same of the large one."""
    ratio = two.p95_ms / one.p95_ms
    met = max(two.queries) <= BARS["queries"] and two.median_cpu_ms <= BARS["cpu_ms"] and ratio <= BARS["ratio"]
    return (
        f"| {two.name} | {max(one.queries)} / {max(two.queries)} | {one.median_cpu_ms:.1f} / {two.median_cpu_ms:.1f} |"
        f" {one.p95_ms:.1f} / {two.p95_ms:.1f} | {ratio:.2f} | {'yes' if met else '**no**'} |"
    )


HEAD = """# Benchmarks of the application

Written by `.venv/bin/python -m benchmarks.web --write`: a workspace of {small} deals ({small_events} events) beside one
of {large} ({large_events}), on SQLite, in one installation; pages are asked for in process, small and large in turn.

Measured on {day}: {machine}; load at the end {load:.1f}. Bars: at most 15 queries and 40 ms of CPU, and a p95 of the
large workspace at most 1.3 times that of the small one.

"""


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--import-rows", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        person = begin(here / "home")
        small = filled(person, SMALL, here / "small.parquet")
        print(
            f"small: {small.events:,} events, import {small.import_s:.1f} s, analysis {small.analysis_s:.1f} s",
            flush=True,
        )
        large = filled(person, given.deals, here / "large.parquet")
        print(
            f"large: {large.events:,} events, import {large.import_s:.1f} s, analysis {large.analysis_s:.1f} s",
            flush=True,
        )
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        pages = [
            (Page(name, "small", urls), Page(name, "large", large.addresses[name]))
            for name, urls in small.addresses.items()
        ]
        measure([page for pair in pages for page in pair], client)
        from benchmarks.team_pages import furnish, measured

        for made in (small, large):
            furnish(made.key, person)
        pages += measured(person, [small.key, large.key])
        told = table(large, pages, diagnose_s(here / "large.parquet", here, large.deals, large.events))
        if given.import_rows:
            count = write_rows(here / "large.parquet", given.import_rows, here / "more.csv")
            asked = [url for name in ("deals", "a deal's page", "my deals") for url in large.addresses[name][:2]]
            during = pages_while_importing(here / "home", person, large.key, asked, here / "more.csv")
            told += f"\n\nAn import of {count:,} more rows. {during}"
    print(told)
    if given.write:
        head = HEAD.format(
            small=f"{small.deals:,}", small_events=f"{small.events:,}", large=f"{large.deals:,}",
            large_events=f"{large.events:,}", day=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine(),
            load=os.getloadavg()[0],
        )  # fmt: skip
        PAGE.write_text(head + told + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
