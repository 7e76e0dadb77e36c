"""How large a file may be before it is refused: settings, because an upload and a command line differ."""

from __future__ import annotations

import os
from dataclasses import dataclass

_MEGABYTE = 1_000_000
_MEMORY_SHARE = 3  # the text, its columns and the parser's blocks are in memory at one time


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold. `None` means: as much as the memory of this machine takes.

    `bytes` counts unpacked bytes (after gzip, or inside an XLSX), `cell_bytes` those of one cell in UTF-8.
    `ratio` is how many times larger than the file its unpacked content may be, once that is over 10 MB.
    """

    bytes: int | None = None
    rows: int | None = None
    cell_bytes: int = 1 << 20
    columns: int = 16_384
    ratio: int = 200

    def unpacked_bytes(self) -> int:
        """The number of unpacked bytes that may be read: the limit, or the share of memory that is safe."""
        return free_memory_bytes() // _MEMORY_SHARE if self.bytes is None else self.bytes

    def row_count(self) -> int:
        """The number of rows that may be read; line numbers are 32-bit, which bounds the unlimited case."""
        return (1 << 31) - 1 if self.rows is None else self.rows


def free_memory_bytes() -> int:
    """Bytes of memory that can be had without swapping; half of all memory where the system does not say."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") + _page_cache_bytes()
    except (ValueError, OSError):
        return _total_memory_bytes() // 2


def _page_cache_bytes() -> int:
    try:
        with open("/proc/meminfo", encoding="ascii") as meminfo:  # noqa: PTH123 (no path of ours)
            kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in meminfo if line.split()[1].isdigit()}
    except (OSError, ValueError, IndexError):
        return 0
    return max(0, kilobytes.get("MemAvailable", 0) - kilobytes.get("MemFree", 0)) * 1024


def _total_memory_bytes() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 4_000 * _MEGABYTE


UPLOAD = Limits(bytes=200 * _MEGABYTE, rows=5_000_000)
COMMAND_LINE = Limits()


def readable_bytes(count: int) -> str:
    """`1234567` as `1.2 MB`, for a message."""
    for unit, size in (("GB", 1_000_000_000), ("MB", _MEGABYTE), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
