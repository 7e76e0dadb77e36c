"""Reading one table from a file, whatever the file turns out to be."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from headway.basics.errors import UserError
from headway.connectors.files.delimited import read_delimited
from headway.connectors.files.limits import COMMAND_LINE, Limits, readable_bytes
from headway.connectors.files.parquet import read_parquet
from headway.connectors.files.recognition import HEAD_BYTES, kind_of, require_workbook
from headway.connectors.files.repairs import RepairLog
from headway.connectors.files.table import Kind, Table
from headway.connectors.files.workbook import read_workbook

__all__ = ["Kind", "Table", "read_table"]


_CHUNK = 1 << 20


def read_table(path: Path, *, limits: Limits = COMMAND_LINE) -> Table:
    """The table in a CSV, TSV (any of `, ; TAB |`; gzipped too), XLSX or Parquet file, whatever its name.

    Raises UserError (one sentence: what, where, what to do) for anything that cannot be read; every byte that
    was guessed and every row that was mended or left out is in `repairs`.
    """
    name = path.name
    head = _head(path)
    kind = kind_of(head, name)
    log = RepairLog()
    if kind == "parquet":
        return read_parquet(path, limits, log)
    data = _content(path, limits)
    if kind == "gzip":
        data = _unpacked(data, name, limits)
        kind = kind_of(data[:HEAD_BYTES], name)
        if kind in ("gzip", "parquet"):
            raise UserError(f"{name} is {kind} packed by gzip: unpack it once and give the file inside.")
    if kind == "xlsx":
        require_workbook(data, name)
        return read_workbook(data, name, limits, log)
    return read_delimited(data, name, limits, log)


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UserError(f"{path.name} is a folder: name a file in it.")
        if path.exists() and not path.is_file():
            raise UserError(f"{path.name} is no file but a device or a pipe: save what it gives as a file.")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError:
        raise UserError(f"{path} does not exist: check the name.") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    if not head:
        raise UserError(f"{path.name} is empty: export it again.")
    return head


def _content(path: Path, limits: Limits) -> bytes:
    allowed = limits.unpacked_bytes()
    try:
        if path.stat().st_size > allowed:
            raise _too_large(path.name, allowed)
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror or error}).") from error
    except MemoryError:
        raise _too_large(path.name, allowed) from None
    if len(data) > allowed:
        raise _too_large(path.name, allowed)
    return data


def _too_large(name: str, allowed: int) -> UserError:
    return UserError(
        f"{name} is larger than the {readable_bytes(allowed)} that can be read here:"
        " split it by date, or give it as Parquet on the command line."
    )


def _unpacked(data: bytes, name: str, limits: Limits) -> bytes:
    allowed = limits.unpacked_bytes()
    parts: list[bytes] = []
    count = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as archive:
            while chunk := archive.read(_CHUNK):
                parts.append(chunk)
                count += len(chunk)
                if count > allowed:
                    raise _too_large(f"{name} (unpacked)", allowed)
    except EOFError:
        raise UserError(
            f"{name} is cut off after {readable_bytes(count)} unpacked: copy or download it again."
        ) from None
    except (OSError, zlib.error) as error:
        raise UserError(f"{name} is damaged inside its gzip packing: copy or download it again.") from error
    if not count:
        raise UserError(f"{name} is empty once unpacked: export it again.")
    return b"".join(parts)
