"""`headway backup`, `restore` and `move` as somebody runs them: real processes on the database of a real firm."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.store.backup.archive import Backup, Manifest, Writer
from headway.store.backup.canonical import canonical_json, from_database, to_database
from headway.store.backup.homes import stage_key, staged
from headway.store.backup.schema import KINDS, Column
from tests.e2e.site import KEY, ROOT, Firm, environment, new_database
from tests.postgres import running_server

pytestmark = pytest.mark.slow
HEADWAY = str(Path(sys.executable).parent / "headway")
HERE = Path("/somewhere")


def run(*arguments: str, home: Path, database: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """The command line, to its end."""
    told = environment(home, database) | more
    return subprocess.run(
        [HEADWAY, *arguments], env={n: v for n, v in told.items() if v or n == "DATABASE_URL"}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def done(*arguments: str, home: Path, database: str = "", **more: str) -> str:
    """What it says, once it has succeeded."""
    ended = run(*arguments, home=home, database=database, **more)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refused(*arguments: str, home: Path, database: str = "", **more: str) -> str:
    """The one sentence on standard error; exit status 2."""
    ended = run(*arguments, home=home, database=database, **more)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert (ended.stderr.count("\n"), ended.stdout) == (1, ""), ended.stderr
    assert ended.stderr.startswith("headway: ")
    return ended.stderr


def rows_of(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as SQLite holds it, but of those that a backup leaves out; read past our own code."""
    with closing(sqlite3.connect(home / "headway.sqlite3")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [n for n in names if n.startswith(("store_", "account_", "mfa_"))]
        return {name: [plain(row) for row in database.execute(f"SELECT * FROM {name} ORDER BY 1")] for name in kept}


DIAGNOSED = """
import django, hashlib, sys; django.setup()
from datetime import datetime
from django.db import transaction
from headway.jobs.analysis import analyse
from headway.store.guards import ALL, enter
from headway.store.models import Analysis, AnalysisText, Workspace
enter(ALL)
last = Analysis.objects.latest("pk").as_of
with transaction.atomic():
    assert analyse(Workspace.objects.get(), at=last)
    enter(ALL)
    found = AnalysisText.objects.latest("analysis_id")
    print(*(hashlib.sha256(text.encode()).hexdigest() for text in (found.diagnosis, found.rewind, found.forecast)))
    assert len(found.diagnosis) > 10_000
    transaction.set_rollback(True)
"""


def diagnosed(home: Path, database: str = "") -> list[str]:
    """Hashes of the diagnosis, rewind and forecast of this installation, made in a process of its own, not kept."""
    ended = subprocess.run(
        [sys.executable, "-c", DIAGNOSED], env=environment(home, database), cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """JSON by its value: its keys may stand in another order."""
    return tuple(json.loads(v) if isinstance(v, str) and v[:1] in ("{", "[") else v for v in row)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small firm, with a file of an import under way and the ends of its chain."""
    home = Firm(tmp_path_factory.mktemp("backed-up"), "", size=(2, 6)).home
    (home / "uploads" / "folder").mkdir(parents=True)
    (home / "uploads" / "folder" / "deals.csv").write_text("id,name\n1,Ünicode\n")
    with closing(sqlite3.connect(home / "headway.sqlite3")) as database:
        ((batch, workspace),) = database.execute("SELECT id, workspace_id FROM store_importbatch LIMIT 1").fetchall()
        database.execute(
            "INSERT INTO store_upload (batch_id, workspace_id, name, path, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)",
            (batch, workspace, "deals.csv", str(home / "uploads/folder/deals.csv"), 20, "0" * 64),
        )
        database.execute("DELETE FROM store_job WHERE id = (SELECT max(id) FROM store_job)")
        key, number, digest = database.execute(
            "SELECT w.key, h.number, h.digest FROM store_head h JOIN store_workspace w ON w.id = h.workspace_id"
        ).fetchone()
        database.commit()
    line = {"workspace": key, "number": number, "digest": digest, "at": "2026-01-01T00:00:00+00:00"}
    (home / "audit-heads.jsonl").write_text(json.dumps(line) + "\n")
    return home


@pytest.fixture(scope="module")
def file(firm: Path) -> Path:
    """A backup of it."""
    path = firm.parent / "backup.zip"
    assert "The secret key is not inside" in done("backup", str(path), home=firm)
    return path


# --- the file ---


def test_the_file_is_private_whole_and_holds_no_key_and_no_session(firm: Path, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if path.suffix == ".part"] == []
    with zipfile.ZipFile(file) as held:
        assert held.testzip() is None
        told = json.loads(held.read("manifest.json"))
        contents = {name: held.read(name) for name in held.namelist()}
    for table in told["tables"]:  # by hand, as anybody could
        content = contents[f"tables/{table['name']}.jsonl"]
        assert table["held"] == {"rows": content.count(b"\n"), "sha256": hashlib.sha256(content).hexdigest()}
    assert told["migrations"]["store"] == max(p.stem for p in (ROOT / "src/headway/store/migrations").glob("0*.py"))
    assert "django_session" not in {table["name"] for table in told["tables"]}
    assert not any(KEY.encode() in content for content in contents.values())
    with closing(sqlite3.connect(firm / "headway.sqlite3")) as database:
        session = database.execute("SELECT session_key FROM django_session").fetchone()[0]
    assert not any(session.encode() in content for content in contents.values())
    names = {name for name, rows in rows_of(firm).items() if rows}
    assert names <= {table["name"] for table in told["tables"] if table["held"]["rows"]}


def test_what_is_no_backup_is_never_replaced(firm: Path, file: Path) -> None:
    before = (firm / "headway.sqlite3").read_bytes()
    assert "is no backup of Headway: choose" in refused("backup", str(firm / "headway.sqlite3"), home=firm)
    assert (firm / "headway.sqlite3").read_bytes() == before
    again = done("backup", str(file), home=firm)
    assert "rows of" in again
    assert "There is no installation in" in refused("backup", str(file), home=firm / "none")
    assert "cannot be written (No such file or directory)" in refused("backup", str(firm / "no/b.zip"), home=firm)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_told(file: Path, tmp_path: Path, share: float) -> None:
    cut = tmp_path / "cut.zip"
    content = file.read_bytes()
    cut.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UserError, match=r"is cut or damaged|is no backup of Headway"):
        Backup(cut)


def test_a_changed_byte_is_found_or_changes_nothing(file: Path, tmp_path: Path) -> None:
    content, chance, damaged = file.read_bytes(), random.Random(7), tmp_path / "damaged.zip"
    with Backup(file) as whole:
        manifest = whole.manifest
    found = 0
    for place in [chance.randrange(len(content)) for _ in range(40)]:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        damaged.write_bytes(changed)
        try:
            with Backup(damaged) as backup:
                backup.verify()
                assert backup.manifest == manifest, place
        except UserError as problem:
            found += 1
            assert str(damaged) in str(problem)
            assert "\n" not in str(problem)
    assert found > 20


def rewritten(file: Path, into: Path, change: Any) -> Path:
    """The backup with members changed: `change(name, content)` gives the new content."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return into


def test_the_first_table_that_differs_is_named(firm: Path, file: Path, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"Demo firm", b"Dome firm") if name == "tables/store_workspace.jsonl" else content

    changed = rewritten(file, tmp_path / "changed.zip", change)
    assert "table store_workspace is not what was written" in refused("restore", "--verify", str(changed), home=firm)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": 2, "headway": "9.9"}, "was made by a newer Headway (9.9)"),
        ({"migrations": {"store": "9999_later"}}, "newer than this Headway knows (store 9999_later)"),
        ({"tables": [{"name": 7}]}, "is damaged: its manifest cannot be read"),
        ({"format": "?"}, "is no backup of Headway"),
    ],
)
def test_newer_and_odd_files_are_told(
    firm: Path, file: Path, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == "manifest.json" else content

    odd = rewritten(file, tmp_path / "odd.zip", change)
    home = tmp_path / "home"
    assert sentence in refused("restore", str(odd), home=home)
    assert not (home / "headway.sqlite3").exists()


def test_foreign_files_are_told(firm: Path, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("PK? no")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a.txt", "a")
    for name in ("text.zip", "other.zip"):
        assert "take another" in refused("restore", "--verify", str(tmp_path / name), home=firm)
    assert "cannot be read (No such file" in refused("restore", "--verify", str(tmp_path / "none.zip"), home=firm)


# --- keys ---


def made_with(key_mark: str, folder: Path) -> Backup:
    """A backup without tables."""
    path = folder / "empty.zip"
    with path.open("wb") as into, Writer(into) as writer:
        writer.finish(Manifest("2026-01-01", "0", "sqlite", {}, key_mark, ()))
    return Backup(path)


def test_a_backup_is_restored_with_its_own_key_only(tmp_path: Path) -> None:
    from headway.store.backup.archive import key_mark

    backup = made_with(key_mark("k" * 50), tmp_path)
    with staged(tmp_path) as folder:
        with pytest.raises(UserError, match="holds no secret key: put that of the old installation at"):
            stage_key(backup, tmp_path, folder, "", lost=False)
        with pytest.raises(UserError, match="is not the one"):
            stage_key(backup, tmp_path, folder, "x" * 50, lost=False)
        stage_key(backup, tmp_path, folder, "", lost=True)
        stage_key(backup, tmp_path, folder, "k" * 50, lost=False)
        assert not (folder / "secret.key").exists()
        (tmp_path / "secret.key").write_text("k" * 50 + "\n")
        stage_key(backup, tmp_path, folder, "", lost=False)
        assert (folder / "secret.key").read_text().strip() == "k" * 50
        with pytest.raises(UserError, match="Another restore"), staged(tmp_path):
            pass
    assert not folder.exists()


# --- restoring ---


def test_an_empty_home_gets_every_row_file_and_guard_and_no_other(firm: Path, tmp_path: Path) -> None:
    with_key, home = tmp_path / "with-key.zip", tmp_path / "restored"
    assert "The secret key is inside" in done("backup", str(with_key), "--with-key", home=firm)
    said = done("restore", str(with_key), home=home, HEADWAY_SECRET_KEY="")
    assert "every table was compared" in said
    assert sorted(path.name for path in home.iterdir()) == [
        "audit-heads.jsonl", "headway.sqlite3", "secret.key", "uploads",
    ]  # fmt: skip
    assert all(stat.S_IMODE((home / name).stat().st_mode) == 0o600 for name in ("headway.sqlite3", "secret.key"))
    assert (home / "secret.key").read_text() == KEY
    before, after = rows_of(firm), rows_of(home)
    paths = [row[-2:] for row in after["store_upload"]], [row[-2:] for row in before["store_upload"]]
    assert str(paths[0]).replace(str(home), str(firm)) == str(paths[1])
    assert (home / "uploads/folder/deals.csv").read_bytes() == (firm / "uploads/folder/deals.csv").read_bytes()
    assert {n: r for n, r in after.items() if n != "store_upload"} == {
        n: r for n, r in before.items() if n != "store_upload"
    }
    assert done("audit", "verify", home=home, HEADWAY_SECRET_KEY="").endswith("1 chain checked, all whole.\n")
    assert "holds the same" in done("restore", "--verify", str(with_key), "--home", str(home), home=home)
    with closing(sqlite3.connect(home / "headway.sqlite3")) as database:
        with pytest.raises(sqlite3.Error, match="append-only"):
            database.execute("UPDATE store_event SET kind = 'x'")
        last = "SELECT seq FROM sqlite_sequence WHERE name = 'store_job'"
        given_before = sqlite3.connect(firm / "headway.sqlite3").execute(last).fetchone()
        assert database.execute(last).fetchone() == given_before, "a number was given again"
        database.execute("UPDATE store_workspace SET name = 'Other'")
        database.commit()
    assert "Table store_workspace differs" in refused_partly("--verify", str(with_key), "--home", str(home), home=home)
    assert "holds an installation already" in refused("restore", str(with_key), home=home)


def refused_partly(*arguments: str, home: Path) -> str:
    """The sentence where the file was found whole first, which is said."""
    ended = run("restore", *arguments, home=home)
    assert ended.returncode == 2
    return ended.stderr


def test_from_sqlite_to_postgresql_and_back_no_row_is_lost_and_the_diagnosis_is_the_same(
    firm: Path, tmp_path: Path
) -> None:
    home, file, export, other = (tmp_path / name for name in ("moving", "b.zip", "export.zip", "other"))
    home.mkdir()
    (home / "headway.sqlite3").write_bytes((firm / "headway.sqlite3").read_bytes())
    before, said = rows_of(home), diagnosed(home)
    done("backup", str(file), home=home)
    with running_server() as server:
        target = new_database(server.url())
        with closing(sqlite3.connect(home / "headway.sqlite3")) as busy:
            busy.execute("PRAGMA journal_mode=WAL")
            busy.execute("SELECT count(*) FROM store_deal").fetchone()
            assert "end `headway serve`" in refused("move", "--to", target, home=home)
        assert "Moved" in done("move", "--to", target, home=home)
        assert (home / "headway-moved.sqlite3").exists()
        assert "holds the same" in done(
            "restore", "--verify", str(file), "--home", str(home), home=home, database=target
        )
        assert "all whole" in done("audit", "verify", home=home, database=target)
        with psycopg.connect(target) as connection:
            assert connection.execute("SELECT count(*) FROM store_deal").fetchone() == (0,), "no wall"
            connection.execute("SELECT set_config('headway.workspace', '*', false)")
            with pytest.raises(psycopg.Error, match="append-only"), connection.transaction():
                connection.execute("UPDATE store_event SET kind = 'x'")
            (top,) = connection.execute("SELECT max(id) FROM store_wording").fetchone() or (0,)
            (made,) = connection.execute(
                "INSERT INTO store_wording (workspace_id, digest)"
                " SELECT id, 'new' FROM store_workspace LIMIT 1 RETURNING id"
            ).fetchone() or (0,)
            assert made == top + 1
            connection.rollback()
        assert "holds an installation already" in refused("restore", str(file), home=home, database=target)
        assert diagnosed(home, target) == said
        assert "Moved" in done("move", "--to", "sqlite", home=home, database=target)
        assert rows_of(home) == before
        done("export", str(export), home=home)
        loaded = new_database(server.url())
        done("load", str(export), "--home", str(other), home=other, database=loaded)
        assert diagnosed(other, loaded)[:2] == said[:2]  # a forecast names events by numbers, which move up in a load
    assert "on SQLite already" in refused("move", "--to", "sqlite", home=home)
    assert "is no database to move to" in refused("move", "--to", "mysql://x", home=home)


# --- the one form of a value ---

INSTANTS = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
)
VALUES = {
    "text": st.text(st.characters(exclude_categories=["Cs"])),
    "int": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "float": st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0),
    "decimal": st.decimals(-(10**12), 10**12, places=2).map(lambda value: f"{value:z.2f}"),
    "instant": INSTANTS,
    "date": st.dates().map(str),
    "time": st.times().map(lambda moment: moment.isoformat("microseconds")),
    "json": st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ).map(lambda value: canonical_json(json.dumps(value))),
    "bytes": st.binary(max_size=50).map(lambda value: __import__("base64").b64encode(value).decode()),
    "path": st.sampled_from(["uploads/a/b.csv", "/elsewhere/b.csv"]),
}  # fmt: skip


def test_every_kind_of_column_has_a_form() -> None:
    assert {*KINDS.values(), "path"} == VALUES.keys()


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_a_value_comes_out_of_sqlite_as_it_went_in(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    column = Column("x", kind, 2 if kind == "decimal" else 0)
    into, out = to_database(column, "sqlite", HERE), from_database(column, "sqlite", HERE)
    declared = {"decimal": "decimal", "float": "real", "int": "integer", "bool": "bool", "instant": "datetime"}
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"CREATE TABLE t (x {declared.get(kind, 'text')})")
        database.execute("INSERT INTO t VALUES (?)", (into(value) if into else value,))
        (held,) = database.execute("SELECT +x FROM t").fetchone()
    assert (out(held) if out else held) == value


@given(st.text(max_size=20), st.integers(-(2**53), 2**53))
def test_json_is_the_same_whatever_a_database_makes_of_it(text: str, number: int) -> None:
    text = text.encode(errors="ignore").decode()
    one = json.dumps({"b": float(number), "a": [text], "": None})
    other = json.dumps({"": None, "a": [text], "b": number}, ensure_ascii=False, indent=3)
    assert canonical_json(one) == canonical_json(other)


def test_moments_as_django_writes_them_into_sqlite() -> None:
    out = from_database(Column("x", "instant"), "sqlite", HERE)
    assert out is not None
    assert out("2026-03-02 09:00:00") == "2026-03-02T09:00:00.000000Z"
    assert out("2026-03-02 09:00:00.000120") == "2026-03-02T09:00:00.000120Z"
    assert out("2026-03-02 10:00:00+01:00") == "2026-03-02T09:00:00.000000Z"
