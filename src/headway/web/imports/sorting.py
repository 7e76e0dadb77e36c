"""What came in, sorted: zip archives unpacked, mappings and processes set apart, what is no table refused at once."""

from __future__ import annotations

import os
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from headway.basics.errors import InvalidFileError, UserError
from headway.connectors.event_files import is_xes
from headway.connectors.files.limits import UPLOAD, readable_bytes
from headway.connectors.files.recognition import HEAD_BYTES, kind_of
from headway.connectors.mapping_file import parse_mapping
from headway.process.loader import parse_process, read_text
from headway.store.actions.uploads import Incoming
from headway.web.imports.receiving import MOST_FILES, Landing, digest_of, free_name

CHUNK = 1 << 20
LEAST_SUSPICIOUS = 10_000_000  # unpacked bytes below which any ratio is fine
HIDDEN = "__MACOSX/"


@dataclass(slots=True)
class Sorted:
    """Tables and event logs to read, the text of a mapping file (or empty), and texts of process files."""

    files: list[Incoming] = field(default_factory=list)
    mapping: str = ""
    processes: list[str] = field(default_factory=list)


def sort_files(landing: Landing) -> Sorted:
    """Take everything that landed apart. UserError (one sentence) for the first file that cannot be used."""
    if landing.problem:
        raise UserError(landing.problem)
    if not landing.files:
        raise UserError("Choose a file first: the export of your CRM, as CSV or Excel.")
    files = [one for file in landing.files for one in _unpacked(file, landing)]
    if len(files) > MOST_FILES:
        raise UserError(f"One import takes {MOST_FILES} files at most, and these are {len(files)}: leave some out.")
    found = Sorted()
    for file in files:
        if file.path.suffix.lower() in (".yaml", ".yml"):
            _take_yaml(file, found)
        else:
            _require_table(file)
            found.files.append(file)
    return found


def _require_table(file: Incoming) -> None:
    if not file.size:
        raise UserError(f"{file.name} is empty: export it again.")
    if is_xes(file.path):
        return
    with file.path.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    try:
        kind = kind_of(head, file.name)
    except UserError as error:
        raise UserError(str(error).replace("CSV, TSV, XLSX or Parquet", "CSV or Excel (XLSX)")) from None
    if kind == "parquet":
        raise UserError(f"{file.name} is a Parquet file, which the command line reads: give CSV or XLSX here.")


def _take_yaml(file: Incoming, found: Sorted) -> None:
    text = read_text(file.path)
    file.path.unlink()
    if "mapping/" in text[:400] and "process/" not in text.lstrip()[:40]:
        if found.mapping:
            raise UserError(f"{file.name} is the second mapping: give one, which may describe several files.")
        _checked(file.name, text, parse_mapping)
        found.mapping = text
    else:
        _checked(file.name, text, parse_process)
        found.processes.append(text)


def _checked(name: str, text: str, parse: object) -> None:
    try:
        parse(text, name)  # type: ignore[operator]
    except InvalidFileError as error:
        first, more = error.problems[0], len(error.problems) - 1
        rest = f" And {more} more." if more else ""
        raise UserError(f"{name}, line {first.line}: {first.message}{rest}") from None


def _unpacked(file: Incoming, landing: Landing) -> list[Incoming]:
    """The files inside a zip archive that is no workbook; else the file itself."""
    with file.path.open("rb") as opened:
        if opened.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return [file]
    try:
        with zipfile.ZipFile(file.path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = {entry.filename.lower() for entry in entries}
            if file.path.suffix.lower() != ".zip" or "xl/workbook.xml" in names:
                return [file]
            return _extract(file, archive, entries, landing)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError) as error:
        raise UserError(f"{file.name} is a damaged or locked zip archive: unpack it and give the files.") from error


def _extract(
    file: Incoming, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], landing: Landing
) -> list[Incoming]:
    inside = [e for e in entries if not e.filename.startswith(HIDDEN) and not Path(e.filename).name.startswith(".")]
    if not inside:
        raise UserError(f"{file.name} is empty: pack it again with the files in it.")
    if len(inside) > MOST_FILES or len(entries) > 1000:
        raise UserError(
            f"{file.name} holds {len(inside)} files and one import takes {MOST_FILES}: give the exports themselves."
        )
    limit = settings.IMPORT_LIMIT_BYTES
    told = sum(entry.file_size for entry in inside)
    if told > limit or told > max(LEAST_SUSPICIOUS, UPLOAD.ratio * file.size):
        raise UserError(f"{file.name} unpacks to {readable_bytes(told)}, more than one import takes: split it.")
    found, left = [], limit
    for entry in inside:
        name = free_name(entry.filename, {path.name for path in landing.folder.iterdir()})
        if name.lower().endswith((".zip", ".7z", ".rar", ".tar", ".tgz")):
            raise UserError(f"{file.name} holds another archive, {name}: unpack it and give the files inside.")
        path = landing.folder / name
        left -= _copy(archive, entry, path, left, file.name)
        found.append(Incoming(name, path, path.stat().st_size, digest_of(path)))
    file.path.unlink()
    return found


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, most: int, name: str) -> int:
    """Unpack one entry, counting as it comes: what the archive says of its sizes may be untrue."""
    count = 0
    with (
        archive.open(entry) as packed,
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f,
    ):
        while chunk := packed.read(CHUNK):
            count += len(chunk)
            if count > most:
                raise UserError(f"{name} unpacks to more than one import takes: split it.")
            f.write(chunk)
        f.flush()
        os.fsync(f.fileno())
    return count
