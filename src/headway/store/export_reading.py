"""Read an export, trusting nothing in it: what is damaged, newer or hostile is refused in one sentence.

Nothing is ever unpacked onto the disk, so a name in the archive leads nowhere; sizes are counted while reading.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headway.basics.errors import UserError
from headway.store.exported import FORMAT, VERSION, exported_models, table_of

MANIFEST = "manifest.json"
LEAST_SUSPICIOUS = 16 << 20  # unpacked bytes below which any ratio is fine
MOST_RATIO = 200  # tables pack twenty to one
MOST_BYTES = 64 << 30
LONGEST_LINE = 64 << 20
MOST_MANIFEST = 64 << 20
CHUNK = 1 << 20
NAME = re.compile(r"tables/[a-z]+\.jsonl|attachments/[0-9a-z]{12}|readable/[a-z]+\.csv|(workspace|people)\.jsonl")
PLAIN = ("README.txt", MANIFEST)
DAMAGED = "{name} is damaged ({why}): take another copy of the export, or export again."
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass(slots=True)
class ExportFile:
    """An export that was checked: every file of it is as its manifest says. Close it."""

    path: Path
    archive: zipfile.ZipFile
    manifest: dict[str, Any]
    sha256: str

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of one of its tables."""
        number = 0
        with io.BufferedReader(self.archive.open(name), CHUNK) as opened:  # type: ignore[type-var]
            while line := opened.readline(LONGEST_LINE):
                number += 1
                try:
                    row = json.loads(line)
                except ValueError:
                    row = None
                if not isinstance(row, dict):
                    raise damaged(self.path, f"{name}, line {number}, is no row")
                yield row

    def tables(self) -> set[str]:
        """The names of the tables it holds."""
        return {name[7:-6] for name in self.manifest["files"] if name.startswith("tables/")}

    def attachments(self) -> set[str]:
        """The keys of the files it holds."""
        return {name[12:] for name in self.manifest["files"] if name.startswith("attachments/")}

    def read_attachment(self, key: str) -> bytes:
        """What is in one of its files."""
        return self.archive.read(f"attachments/{key}")

    def close(self) -> None:
        """Close the archive."""
        self.archive.close()


def damaged(path: Path, why: str) -> UserError:
    """The sentence for an export that cannot be trusted."""
    return UserError(DAMAGED.format(name=path.name, why=why))


def open_export(path: Path, *, known_migrations: set[str]) -> ExportFile:
    """Open and check all of it. UserError where it is no export, damaged, hostile, or of a newer Headway."""
    if not path.is_file():
        raise UserError(f"There is no file {path}: give the path of an export.")
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN:
        raise UserError(
            f"{path.name} is no export of Headway: give the zip file that `headway export` wrote."
        ) from None
    try:
        manifest = _manifest(path, archive)
        _check_version(path, manifest, known_migrations)
        _check_names(path, archive, manifest)
        for name, told in manifest["files"].items():
            _check_file(path, archive, name, told)
    except UserError:
        archive.close()
        raise
    except (*BROKEN, KeyError, TypeError, AttributeError) as problem:
        archive.close()
        raise damaged(path, type(problem).__name__) from None
    with path.open("rb") as handle:
        return ExportFile(path, archive, manifest, hashlib.file_digest(handle, "sha256").hexdigest())


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise UserError(
            f"{path.name} is no export of Headway: give the zip file that `headway export` wrote."
        ) from None
    if info.file_size > MOST_MANIFEST or info.file_size > LEAST_SUSPICIOUS + MOST_RATIO * info.compress_size:
        raise damaged(path, "its manifest is too large")
    with archive.open(info) as opened:
        read = json.loads(opened.read(MOST_MANIFEST))
    if not isinstance(read, dict) or read.get("format") != FORMAT or not isinstance(read.get("files"), dict):
        raise UserError(f"{path.name} is no export of Headway: give the zip file that `headway export` wrote.")
    return read


def _check_version(path: Path, manifest: dict[str, Any], known_migrations: set[str]) -> None:
    newer = not isinstance(manifest.get("version"), int) or manifest["version"] > VERSION
    if newer or manifest.get("migration") not in known_migrations:
        raise UserError(
            f"{path.name} was made by Headway {str(manifest.get('headway', '?'))[:20]}, which is newer than this one:"
            " bring this installation up to date first."
        )


def _check_names(path: Path, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    names = [info.filename for info in archive.infolist()]
    strange = [name for name in names if name not in PLAIN and not NAME.fullmatch(name)]
    if strange:
        raise damaged(path, f"it holds {strange[0][:60]!r}, which no export does")
    told = set(manifest["files"])
    if (
        len(names) != len(set(names))
        or set(names) - set(PLAIN) != told
        or not {"workspace.jsonl", "people.jsonl"} <= told
    ):
        raise damaged(path, "its files are not those of its manifest")
    unknown = {name[7:-6] for name in told if name.startswith("tables/")} - {table_of(m) for m in exported_models()}
    if unknown:
        raise damaged(path, f"there is no table {min(unknown)}")
    sizes = sum(info.file_size for info in archive.infolist())
    if sizes > MOST_BYTES or sizes > LEAST_SUSPICIOUS + MOST_RATIO * path.stat().st_size:
        raise damaged(path, "it unpacks to far more than it should")


def _check_file(path: Path, archive: zipfile.ZipFile, name: str, told: dict[str, Any]) -> None:
    total, size = hashlib.sha256(), 0
    with archive.open(name) as opened:
        while chunk := opened.read(CHUNK):
            size += len(chunk)
            total.update(chunk)
            if size > told["bytes"]:
                break
    if size != told["bytes"] or total.hexdigest() != told["sha256"]:
        raise damaged(path, f"{name} is not what was exported")
