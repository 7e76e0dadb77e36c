"""How long a backup takes beside the databases' own tools: `python -m benchmarks.backup [DEALS|HOME]`.

100,000 deals by default; HOME: an installation that is filled already, on SQLite, with nobody at work.

Printed as ratios; the tools copy pages or print rows, ours also hashes every row in a form that either database reads.
Peers: `sqlite3 .backup` (a copy of pages) and `sqlite3 .dump | gzip -1` (rows as text, compressed, as ours are).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


def main() -> int:
    """Fill an installation, then back it up in each way."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "100000"
    if not asked.isdigit():
        return of_home(Path(asked))
    deals = int(asked)
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        from benchmarks.web import begin, filled

        person = begin(home)
        made = filled(person, deals, Path(folder) / "rows.parquet")
        file = home / "headway.sqlite3"
        print(f"{deals:,} deals, {made.events:,} events, {file.stat().st_size / 1e6:,.0f} MB")
        compare(file, Path(folder))
    return 0


def of_home(home: Path) -> int:
    """Of an installation that is there."""
    os.environ |= {"HEADWAY_HOME": str(home), "HEADWAY_ADDRESS": "http://localhost", "DATABASE_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "headway.settings"
    import django

    django.setup()
    file = home / "headway.sqlite3"
    print(f"{file.stat().st_size / 1e6:,.0f} MB")
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as folder:
        compare(file, Path(folder))
    return 0


def compare(file: Path, folder: Path) -> None:
    """Each way once."""
    from headway.store.backup.archive import Backup
    from headway.store.backup.making import make_backup

    ours = folder / "ours.zip"
    ways: dict[str, Callable[[], object]] = {"headway backup": lambda: make_backup(ours, at=datetime.now(UTC))}
    if shutil.which("sqlite3"):
        ways["sqlite3 .backup"] = lambda: run(f"sqlite3 {file} '.backup {folder}/pages'")
        ways["sqlite3 .dump | gzip -1"] = lambda: run(f"sqlite3 {file} .dump | gzip -1 > {folder}/dump.gz")
    took = {}
    for name, way in ways.items():
        begun = time.perf_counter()
        way()
        took[name] = time.perf_counter() - begun
    for name, seconds in took.items():
        print(f"{name:<26}{seconds:8.1f} s   ours takes {took['headway backup'] / seconds:5.1f} times as long")
    begun = time.perf_counter()
    with Backup(ours) as backup:
        backup.verify()
    print(f"{'restore --verify':<26}{time.perf_counter() - begun:8.1f} s   {ours.stat().st_size / 1e6:,.0f} MB")
    print(f"memory at its peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB, filling included")


def run(command: str) -> None:
    """In a shell, for its pipe."""
    subprocess.run(["bash", "-c", command], check=True)


if __name__ == "__main__":
    sys.exit(main())
