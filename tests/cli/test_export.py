"""`headway export` and `headway load` as somebody runs them: real processes, from one installation to another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.jobs.workshop import BEGIN

HEADWAY = str(Path(sys.executable).parent / "headway")
FILL = """
from datetime import datetime, UTC
from headway.store.actions.workspaces import make_person, make_workspace
from headway.store.actions.deals import add_deal, claim_stage
now = datetime(2026, 3, 2, tzinfo=UTC)
alice = make_person(email="alice@example.com", name="Alice", password="four odd words here", at=now)
workspace = make_workspace(name="Acme", by=alice, at=now)
for n in range(5):
    deal = add_deal(workspace=workspace, name=f"Deal {n}", by=alice, at=now)
    claim_stage(deal=deal, stage="Problem", by=alice, at=now)
"""
TOLD = """
from headway.store.models import Event, Deal, Person
print(list(Deal.objects.order_by("pk").values_list("pk", "key", "name", "claimed", "last_event")))
print(list(Event.objects.order_by("pk").values_list("pk", "kind", "name", "happened_at")))
print([(p.email, p.is_active, p.operator) for p in Person.objects.all()])
"""


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEADWAY", "DATABASE", "DJANGO"))}
    return kept | {
        "HEADWAY_HOME": str(home), "HEADWAY_ADDRESS": "http://localhost", "DJANGO_SETTINGS_MODULE": "headway.settings",
    }  # fmt: skip


def run(home: Path, *command: str, status: int = 0) -> str:
    done = subprocess.run([HEADWAY, *command], env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def script(home: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_from_one_installation_to_another(tmp_path: Path) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "acme.zip"
    first.mkdir()
    migrate = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
    script(first, migrate)
    script(first, FILL)
    assert "Acme: " in run(first, "export", str(file), "--home", str(first))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "choose another name" in run(first, "export", str(file), "--home", str(first), status=2)
    told = run(second, "load", str(file), "--home", str(second))
    assert "Acme is loaded" in told and "headway password alice@example.com" in told
    assert "all whole" in run(second, "audit", "verify", "--home", str(second))
    rows = [script(home, TOLD).splitlines() for home in (first, second)]
    assert rows[0][:2] == rows[1][:2]
    assert rows[1][2] == "[('alice@example.com', True, True)]"
    again = run(second, "load", str(file), "--home", str(second), status=2)
    assert again.count("\n") == 1 and "in this installation already" in again
    file.write_bytes(file.read_bytes()[:-50])
    broken = run(second, "load", str(file), "--home", str(second), status=2)
    assert broken.count("\n") == 1 and "Traceback" not in broken
