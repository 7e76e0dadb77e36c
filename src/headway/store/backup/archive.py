"""The file of a backup: a zip that any program opens, rows as lines of JSON, a manifest at its end."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from headway.basics.errors import UserError
from headway.store.backup.rows import Held
from headway.store.backup.schema import Column, Table

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "secret.key"
HEADS = "audit-heads.jsonl"
UPLOADS = "uploads/"
MOST_MANIFEST = 64 * 1024 * 1024
CHUNK = 1 << 18
QUICK = 1  # of zlib: twice as fast as its default, a fifth larger
# What a damaged zip makes the library raise, besides its own error.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, TypeError,
    IndexError, OverflowError, struct.error, OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableMark:
    """A table in the file: its columns, what it holds, and the highest number it has given to a row (`last`)."""

    name: str
    columns: tuple[Column, ...]
    held: Held
    last: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file says of itself. `migrations`: app to the newest applied; `key_mark`: tells one secret key from
    another without telling the key; `files`: name in the file to SHA-256."""

    made_at: str
    headway: str
    database: str
    migrations: dict[str, str]
    key_mark: str
    tables: tuple[TableMark, ...]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.held.rows for table in self.tables)

    @property
    def has_key(self) -> bool:
        """Whether the secret key is inside."""
        return KEY in self.files


def key_mark(secret_key: str) -> str:
    """Hex HMAC-SHA256 that is the same for the same secret key and says nothing else of it."""
    return hmac.new(secret_key.encode(), b"headway backup key", hashlib.sha256).hexdigest()


class Writer:
    """Puts tables and files into the zip, one after the other, and keeps their hashes."""

    def __init__(self, into: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK)
        self.tables: list[TableMark] = []
        self.files: dict[str, str] = {}

    def add_table(self, table: Table, lines: Iterable[str], last: int) -> None:
        """A table's canonical lines."""
        digest, rows, waiting, size = hashlib.sha256(), 0, [], 0
        with self._member(_place(table.name)) as member:
            for line in lines:
                waiting.append(line)
                size += len(line)
                rows += 1
                if size >= CHUNK:
                    _put(waiting, digest, member)
                    waiting, size = [], 0
            _put(waiting, digest, member)
        self.tables.append(TableMark(table.name, table.columns, Held(rows, digest.hexdigest()), last))

    def add_file(self, name: str, content: IO[bytes]) -> None:
        """A file, read to its end."""
        digest = hashlib.sha256()
        with self._member(name) as member:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                member.write(chunk)
        self.files[name] = digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest; the zip's own directory follows when the writer is closed."""
        written = {"format": FORMAT, **asdict(manifest)}
        with self._member(MANIFEST) as member:
            member.write(json.dumps(written, ensure_ascii=False, indent=1).encode())

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _member(self, name: str) -> IO[bytes]:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o600 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        return self._zip.open(entry, "w", force_zip64=True)


def _put(lines: list[str], digest: Any, member: IO[bytes]) -> None:
    if lines:
        content = ("\n".join(lines) + "\n").encode()
        digest.update(content)
        member.write(content)


def _place(table: str) -> str:
    return f"tables/{table}.jsonl"


@contextmanager
def replaced_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file for the eyes of this system's user only, that appears under its name when the block has ended well.

    UserError where it cannot be written. What a killed process leaves behind is a hidden file that nothing reads.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as problem:
        raise UserError(f"{path} cannot be written ({problem.strerror}): choose another place.") from None


def sync_folder(folder: Path) -> None:
    """Make renames within it last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Backup:
    """A backup opened for reading. UserError, in one sentence, where it is none, cut, damaged or too new."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as problem:
            raise UserError(f"{path} cannot be read ({problem.strerror}): check the name.") from None
        begins = self._file.read(2) == b"PK"
        try:
            self._zip = zipfile.ZipFile(self._file)
            if any(entry.compress_type != zipfile.ZIP_DEFLATED for entry in self._zip.infolist()):
                raise zipfile.BadZipFile
            with self._zip.open(MANIFEST) as member:
                told = json.loads(member.read(MOST_MANIFEST))
            written = int(told["format"])
        except BROKEN:
            self._file.close()
            if begins and not zipfile.is_zipfile(path):
                raise UserError(f"{path} is cut or damaged: its end is missing; take another backup.") from None
            raise UserError(f"{path} is no backup of Headway, or a damaged one: take another file.") from None
        if written > FORMAT:
            raise UserError(f"{path} was made by a newer Headway ({told.get('headway')}): install that version.")
        with self._told():
            self.manifest = _manifest(told)

    def lines(self, table: TableMark) -> Iterator[bytes]:
        """A table's canonical lines. UserError, at the end at the latest, where they are not those written."""
        digest, rows = hashlib.sha256(), 0
        with self._told(f"table {table.name}"), self._zip.open(_place(table.name)) as member:
            for line in member:
                digest.update(line)
                rows += 1
                yield line
        if Held(rows, digest.hexdigest()) != table.held:
            raise self._damaged(f"table {table.name} is not what was written")

    def copy_file(self, name: str, into: IO[bytes]) -> None:
        """A file's content. UserError where it is not what was written."""
        digest = hashlib.sha256()
        with self._told(f"file {name}"), self._zip.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                into.write(chunk)
        if digest.hexdigest() != self.manifest.files[name]:
            raise self._damaged(f"file {name} is not what was written")

    def verify(self) -> None:
        """Read all of it. UserError naming the first table or file that is not what was written."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 (a device)
            for name in self.manifest.files:
                self.copy_file(name, nowhere)

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def __enter__(self) -> Backup:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _damaged(self, what: str) -> UserError:
        return UserError(f"{self.path} is damaged: {what}; take another backup.")

    @contextmanager
    def _told(self, where: str = "its manifest") -> Iterator[None]:
        try:
            yield
        except BROKEN:
            raise self._damaged(f"{where} cannot be read") from None


def _manifest(told: dict[str, Any]) -> Manifest:
    tables = tuple(
        TableMark(
            str(table["name"]),
            tuple(Column(str(c["name"]), str(c["kind"]), int(c["places"])) for c in table["columns"]),
            Held(int(table["held"]["rows"]), str(table["held"]["sha256"])),
            int(table["last"]),
        )
        for table in told["tables"]
    )
    texts = {name: str(told[name]) for name in ("made_at", "headway", "database", "key_mark")}
    return Manifest(**texts, migrations=dict(told["migrations"]), tables=tables, files=dict(told["files"]))


def is_backup(path: Path) -> bool:
    """Whether a file may be replaced by a new backup: it is one itself."""
    try:
        Backup(path).close()
    except UserError:
        return False
    return True
