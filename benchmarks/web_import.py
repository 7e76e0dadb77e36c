"""Pages while an import runs: a real server and its worker, asked steadily, idle first and then during the import."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PORT = 8377
IDLE_SECONDS = 20.0
BETWEEN_SECONDS = 0.1
BAR = 1.5


@dataclass
class Waits:
    """Milliseconds that pages and writes took; the reasons of writes that failed."""

    pages: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of the pages."""
        return statistics.quantiles(self.pages, n=20)[-1]


def write_rows(events: Path, rows: int, file: Path) -> int:
    """An event file of about so many rows, of whole deals that no workspace has; how many rows it has."""
    import duckdb

    source = events.as_posix()
    query = (
        "SELECT 'new-' || deal AS deal, kind, name, happened_at, recorded_at, actor, contact, grade, amount, due_on,"
        f" ref, note FROM '{source}' WHERE deal IN (SELECT deal FROM '{source}' GROUP BY deal ORDER BY deal"
        f" LIMIT (SELECT CAST({rows} * count(DISTINCT deal) / count(*) AS BIGINT) FROM '{source}')) ORDER BY ordinal"
    )
    duckdb.execute(f"COPY ({query}) TO '{file.as_posix()}' (FORMAT csv)")
    with file.open("rb") as lines:
        return sum(1 for _ in lines) - 1


def pages_while_importing(home: Path, person: Any, key: str, addresses: Sequence[str], file: Path) -> str:
    """Sentences for the page: p95 idle and during the import of `file` into the workspace, and what writes waited."""
    server = _serve(home)
    try:
        cookie = _session(person)
        idle, during = Waits(), Waits()
        until = time.perf_counter() + IDLE_SECONDS
        _ask(addresses, cookie, idle, lambda: time.perf_counter() > until)
        batch = _start(home, person, key, file)
        over = threading.Event()
        writer = threading.Thread(target=_write, args=(person, key, during, over))
        started = time.perf_counter()
        writer.start()
        _ask(addresses, cookie, during, lambda: _is_over(batch))
        took = time.perf_counter() - started
        over.set()
        writer.join()
    finally:
        server.terminate()
        server.wait(20)
    ratio = during.p95_ms / idle.p95_ms
    missed = "" if ratio <= BAR else " **missed**"
    lost = f"; {len(during.failed)} writes failed" if during.failed else ""
    return (
        f"Pages over HTTP: p95 {idle.p95_ms:.0f} ms idle ({len(idle.pages)} pages), {during.p95_ms:.0f} ms during the"
        f" import ({len(during.pages)} pages, {took:.0f} s); ratio {ratio:.2f} (bar {BAR:g}){missed}. Of"
        f" {len(during.writes)} writes meanwhile the longest waited {max(during.writes, default=0) / 1000:.1f} s{lost}."
    )


def _serve(home: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from headway.cli.main import main; main()", "serve", "--port", str(PORT)]
    told = os.environ | {"HEADWAY_HOME": str(home), "HEADWAY_ADDRESS": f"http://localhost:{PORT}"}
    server = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL)
    for _ in range(240):
        time.sleep(0.5)
        try:
            if _get("/healthy", "") == 200:
                return server
        except OSError:
            continue
    server.terminate()
    raise SystemExit("headway serve did not come up")


def _session(person: Any) -> str:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return f"headway-session={client.cookies['headway-session'].value}"


def _get(address: str, cookie: str) -> int:
    asked = http.client.HTTPConnection("localhost", PORT, timeout=60)
    try:
        asked.request("GET", address, headers={"Cookie": cookie})
        answer = asked.getresponse()
        answer.read()
        return answer.status
    finally:
        asked.close()


def _ask(addresses: Sequence[str], cookie: str, waits: Waits, over: Callable[[], bool]) -> None:
    number = 0
    while not over():
        started = time.perf_counter()
        address = addresses[number % len(addresses)]
        status = _get(address, cookie)
        if status != 200:
            raise SystemExit(f"{address} answered {status}")
        waits.pages.append((time.perf_counter() - started) * 1000)
        number += 1
        time.sleep(BETWEEN_SECONDS)


def _start(home: Path, person: Any, key: str, file: Path) -> int:
    from headway.store.actions.batches import add_upload, begin_import, start_import
    from headway.store.models import Workspace  # the benchmark may look into the tables

    at, workspace = datetime.now(UTC), Workspace.objects.get(key=key)
    batch = begin_import(workspace=workspace, by=person, at=at, title=file.name)
    folder = home / "uploads" / batch.key
    folder.mkdir(parents=True)
    path = Path(shutil.copy(file, folder))
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    add_upload(batch=batch, name=file.name, path=path, size=path.stat().st_size, sha256=digest)
    start_import(batch=batch, by=person, at=at)
    return int(batch.pk)


def _is_over(batch: int) -> bool:
    from headway.store.models import ImportBatch

    state, report = ImportBatch.objects.values_list("state", "report").get(pk=batch)
    if state == "failed":
        raise SystemExit(f"the import failed: {report.get('failed')}")
    return bool(state == "done")


def _write(person: Any, key: str, waits: Waits, over: threading.Event) -> None:
    """What a seller writes meanwhile: an activity on an open deal, once a second."""
    from django.db import DatabaseError, connection

    from headway.store.actions.evidence import record_activity
    from headway.store.models import Deal

    deals = list(Deal.objects.filter(workspace__key=key, outcome="", is_live=True).order_by("-attention")[:20])
    while not over.wait(1.0):
        at, started = datetime.now(UTC), time.perf_counter()
        try:
            deal = deals[len(waits.writes) % len(deals)]
            record_activity(deal=deal, what="call", by=person, at=at, happened_at=at)
        except DatabaseError as error:
            waits.failed.append(str(error))
        waits.writes.append((time.perf_counter() - started) * 1000)
    connection.close()
