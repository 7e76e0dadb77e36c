"""`headway audit verify` names the first bad row: seven ways to rewrite the audit, by whoever owns the database.

The rows are changed on the database itself, without its triggers, and the real command is run in a process of its own.
On SQLite, and once more on PostgreSQL.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.store.actions.audit import HEADS_AFTER, append_entry, read_heads, write_due_heads, write_heads
from headway.store.chain import audit_key, link_digest
from headway.store.guards import ALL, enter
from headway.store.models import Entry, Head
from headway.store.queries.audit import verify_chains
from tests.cast import NOW, Cast, make_cast
from tests.postgres import NAME

HEADWAY = str(Path(sys.executable).parent / "headway")
LENGTH = 24


@pytest.fixture
def heads(tmp_path: Path, settings: Any) -> Path:
    """A head file of this test's own, which the command is told of."""
    settings.AUDIT_HEADS = tmp_path / "kept" / "audit-heads.jsonl"
    return settings.AUDIT_HEADS  # type: ignore[no-any-return]


def grown(count: int = LENGTH) -> Cast:
    """A chain of so many entries, on tables without triggers."""
    cast = make_cast()
    enter(ALL)
    for number in range(Head.objects.get(workspace=cast.workspace).number, count):
        append_entry(
            workspace=cast.workspace, by=cast.bob, at=NOW + timedelta(minutes=number), verb="record evidence",
            target=f"deal {number}", detail={"kind": "reply", "grade": 2},
        )  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER store_entry_append_only ON store_entry")
        else:
            cursor.execute("DROP TRIGGER store_entry_no_update")
            cursor.execute("DROP TRIGGER store_entry_no_delete")
    return cast


def entries(cast: Cast) -> Any:
    return Entry.objects.filter(workspace=cast.workspace)


def row(cast: Cast, number: int) -> Entry:
    return entries(cast).get(number=number)  # type: ignore[no-any-return]


def digest(entry: Entry, before: str) -> str:
    return link_digest(
        audit_key(django_settings.SECRET_KEY), before, workspace=entry.workspace_id, number=entry.number, at=entry.at,
        by=entry.by_id, verb=entry.verb, target=entry.target, detail=entry.detail,
    )  # fmt: skip


def link_anew(cast: Cast, first: int) -> None:
    """What who holds the key does after a change: every digest from `first` on, and the head's row."""
    before = row(cast, first - 1).digest if first > 1 else ""
    for entry in entries(cast).filter(number__gte=first).order_by("number"):
        before = digest(entry, before)
        entries(cast).filter(pk=entry.pk).update(digest=before)
    last = entries(cast).order_by("-number").values_list("number", flat=True).first() or 0
    Head.objects.filter(workspace=cast.workspace).update(number=last, digest=before)


# --- the seven: each rewrites at `at` and gives the number that must be named ---


def edit(cast: Cast, at: int) -> int:
    entries(cast).filter(number=at).update(verb="saw")
    return at


def delete(cast: Cast, at: int) -> int:
    entries(cast).filter(number=at).delete()
    return at


def insert(cast: Cast, at: int) -> int:
    """The others move up; the new one is linked rightly to the one before it."""
    for number in range(LENGTH, at - 1, -1):
        entries(cast).filter(number=number).update(number=number + 1)
    new = Entry(workspace=cast.workspace, number=at, at=NOW, by=cast.bob, verb="saw")
    new.digest = "0" * 64
    new.save()
    return at


def reorder(cast: Cast, at: int) -> int:
    entries(cast).filter(number=at).update(number=9_999)
    entries(cast).filter(number=at + 1).update(number=at)
    entries(cast).filter(number=9_999).update(number=at + 1)
    return at


def cut(cast: Cast, at: int) -> int:
    """The tail from `at` on, with the head's row set back."""
    entries(cast).filter(number__gte=at).delete()
    before = row(cast, at - 1).digest if at > 1 else ""
    Head.objects.filter(workspace=cast.workspace).update(number=at - 1, digest=before)
    return at


def cut_and_append(cast: Cast, at: int) -> int:
    """The application itself goes on from the cut, and past where it was."""
    cut(cast, at)
    for number in range(at, LENGTH + 3):
        append_entry(workspace=cast.workspace, by=cast.alice, at=NOW, verb="saw", target=f"deal {number}")
    return at


def chain_anew(cast: Cast, at: int) -> int:
    """With the secret key: an entry edited, and all links after it computed anew, the head's row too."""
    entries(cast).filter(number=at).update(verb="saw", target="deal other")
    link_anew(cast, at)
    return at


Tampering = Callable[[Cast, int], int]
SEVEN: tuple[Tampering, ...] = (edit, delete, insert, reorder, cut, cut_and_append, chain_anew)


def verify(database: dict[str, Any], heads: Path) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own."""
    told = {
        name: value for name, value in os.environ.items() if not name.startswith(("HEADWAY_", "DATABASE_", "PYTEST_"))
    }
    told |= {
        "HEADWAY_SECRET_KEY": django_settings.SECRET_KEY, "HEADWAY_AUDIT_HEADS": str(heads),
        "DJANGO_SETTINGS_MODULE": "headway.settings", "HEADWAY_ADDRESS": "http://localhost",
    }  # fmt: skip
    home = heads.parent.parent
    if os.environ.get(NAME):
        told["DATABASE_URL"] = urlunsplit(urlsplit(os.environ[NAME])._replace(path=f"/{database['NAME']}"))
    else:
        home = Path(database["NAME"]).parent
    connection.close()
    command = [HEADWAY, "audit", "verify", "--home", str(home)]
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False, timeout=120)


def test_the_command_names_the_first_bad_row_of_each_of_the_seven(own_database: dict[str, Any], heads: Path) -> None:
    cast = grown()
    write_heads(at=NOW)
    whole = verify(own_database, heads)
    assert (whole.returncode, whole.stdout.splitlines()[-1]) == (0, "2 chains checked, all whole."), whole.stderr
    enter(ALL)
    kept = list(entries(cast).order_by("number").values())
    end = Head.objects.filter(workspace=cast.workspace).values("number", "digest")[0]
    for tamper in SEVEN:
        named = tamper(cast, 17)
        found = verify(own_database, heads)
        assert found.returncode == 1, tamper.__name__
        (line,) = [line for line in found.stdout.splitlines() if cast.workspace.key in line]
        assert f"({cast.workspace.key}): entry {named} " in line, (tamper.__name__, line)
        assert "2 chains checked, 1 rewritten." in found.stdout
        assert "Traceback" not in found.stderr
        enter(ALL)
        entries(cast).delete()
        Entry.objects.bulk_create(Entry(**values) for values in kept)
        Head.objects.filter(workspace=cast.workspace).update(**end)
    assert verify(own_database, heads).returncode == 0  # put back as it was, it is whole again


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tamper=st.sampled_from(SEVEN), at=st.integers(1, LENGTH - 1), written=st.sampled_from(("once", "often")))
def test_whatever_is_rewritten_wherever_is_found_and_named_exactly(
    heads: Path, tamper: Tampering, at: int, written: str
) -> None:
    with transaction.atomic():
        heads.unlink(missing_ok=True)
        cast = grown()  # the transaction goes back after each example, triggers and all
        if written == "often":  # as the worker does: a line now and then, of what there was by then
            for number in (3, 9, 20):
                shorten_heads(cast, number)
        write_heads(at=NOW)
        named = tamper(cast, at)
        verdicts = {verdict.workspace: verdict.wrong for verdict in verify_chains()}
        enter(ALL)
        assert verdicts[cast.workspace.key].startswith(f"entry {named} "), (tamper.__name__, at, verdicts)
        assert not verdicts[cast.elsewhere.key]
        transaction.set_rollback(True)


def shorten_heads(cast: Cast, number: int) -> None:
    """A line of the head file from when the chain ended with `number`."""
    end = Head.objects.filter(workspace=cast.workspace).values("number", "digest")[0]
    Head.objects.filter(workspace=cast.workspace).update(number=number, digest=row(cast, number).digest)
    write_heads(at=NOW)
    Head.objects.filter(workspace=cast.workspace).update(**end)


@pytest.mark.django_db
def test_random_rubbish_in_any_field_is_named(heads: Path) -> None:
    draw = random.Random(7)
    cast = grown()
    write_heads(at=NOW)
    for _ in range(20):
        at = draw.randint(1, LENGTH)
        before = entries(cast).filter(number=at).values()[0]
        field, value = draw.choice(
            [("verb", "x"), ("target", "deal z"), ("by_id", cast.olga.pk), ("at", NOW - timedelta(seconds=1)),
             ("detail", {"grade": 9}), ("digest", f"{draw.getrandbits(256):064x}")]
        )  # fmt: skip
        entries(cast).filter(number=at).update(**{field: value})
        found = {verdict.workspace: verdict.wrong for verdict in verify_chains()}[cast.workspace.key]
        enter(ALL)
        assert found.startswith(f"entry {at} (row {before['id']}) is not what was written"), (field, at)
        entries(cast).filter(number=at).update(**{field: before[field]})


# --- what is kept outside, and when ---


@pytest.mark.django_db
def test_heads_are_written_within_the_hour_and_after_many_entries(heads: Path) -> None:
    cast = make_cast()
    enter(ALL)
    assert write_due_heads(at=NOW) == 2
    append_entry(workspace=cast.workspace, by=None, at=NOW, verb="nightly")
    assert write_due_heads(at=NOW + timedelta(minutes=59)) == 0
    assert write_due_heads(at=NOW + timedelta(minutes=60)) == 1
    for _ in range(HEADS_AFTER):
        append_entry(workspace=cast.workspace, by=None, at=NOW, verb="nightly")
    assert write_due_heads(at=NOW + timedelta(minutes=61)) == 1
    assert write_due_heads(at=NOW + timedelta(minutes=600)) == 0  # nothing grew
    number = Head.objects.get(workspace=cast.workspace).number
    known = "".join(line.get("prints", "") for line in read_heads() if line["workspace"] == cast.workspace.key)
    assert len(known) == 8 * number


@pytest.mark.django_db
def test_lines_of_an_older_version_still_find_what_they_know(heads: Path) -> None:
    cast = grown()
    heads.parent.mkdir(parents=True)
    last = row(cast, LENGTH)
    heads.write_text(f'{{"workspace": "{cast.workspace.key}", "number": {LENGTH}, "digest": "{last.digest}"}}\n')
    chain_anew(cast, 5)
    found = {verdict.workspace: verdict.wrong for verdict in verify_chains()}[cast.workspace.key]
    assert found.startswith(f"entry {LENGTH} ")  # the only one that was kept outside


@pytest.mark.django_db
def test_a_head_file_that_was_cut_protects_what_it_still_knows(heads: Path) -> None:
    cast = grown()
    for number in (6, 12, 18):
        shorten_heads(cast, number)
    write_heads(at=NOW)
    heads.write_text("".join(heads.read_text().splitlines(keepends=True)[:3]))  # up to entry 12
    chain_anew(cast, 20)
    found = {verdict.workspace: verdict.wrong for verdict in verify_chains()}[cast.workspace.key]
    enter(ALL)
    assert not found  # cut together with the database it cannot be seen: keep the file where its owner cannot write
    chain_anew(cast, 4)
    found = {verdict.workspace: verdict.wrong for verdict in verify_chains()}[cast.workspace.key]
    assert found.startswith("entry 4 ")


@pytest.mark.django_db
def test_a_head_file_that_was_edited_is_found(heads: Path) -> None:
    cast = grown()
    write_heads(at=NOW)
    heads.write_text(heads.read_text().replace(row(cast, 10).digest[:8], "deadbeef"))
    found = {verdict.workspace: verdict.wrong for verdict in verify_chains()}[cast.workspace.key]
    assert found.startswith(f"entry 10 (row {row(cast, 10).pk}) differs from the head file")
