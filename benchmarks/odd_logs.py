"""What readers of XES make of odd and broken files: `PYTHONPATH=. .venv-bench/bin/python -m benchmarks.odd_logs`.

The table in docs/decisions/0002-xes-reader.md. Each reading is a process of its own, because some of them crash.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">'
TIME = "2020-01-01T12:00:00Z"
READ = """
import sys
import {module} as reader
try:
    frame, _ = reader.import_xes(sys.argv[1])
    print(len(frame), "rows", [{{k: str(v) for k, v in row.items()}} for row in frame.head(5).iter_rows(named=True)])
except BaseException as problem:
    print("stopped:", type(problem).__name__, str(problem)[:120])
"""


def event(name: str = "A", at: str = TIME, more: str = "") -> str:
    """One event."""
    return f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="{at}"/>{more}</event>'


def log(*bodies: str, names: bool = True) -> str:
    """One trace per body, all called `1`, or without a name."""
    name = '<string key="concept:name" value="1"/>' if names else ""
    return HEAD + "".join(f"<trace>{name}{body}</trace>" for body in bodies) + "</log>"


TIMES = "".join(event(at=at) for at in ("2020-01-01", "2020-01-01 10:00:00", "2020-01-01T10:00:00+0200"))
TYPES = '<int key="i" value="abc"/><boolean key="b" value="maybe"/><int key="z" value="007"/>'
MIXED = event(more='<int key="m" value="1"/>') + event(more='<string key="m" value="A"/>')
LIST = '<list key="l"><values><string key="concept:name" value="HIDDEN"/></values></list>'
DEEP = '<list key="l">' * 100_000 + "</list>" * 100_000
FILES: dict[str, bytes] = {
    "gzip cut off.xes.gz": gzip.compress(log(event() * 2000).encode())[:-200],
    "cut off.xes": log(event(), event()).encode()[:-120],
    "wrong order.xes": (HEAD + "<trace><event></trace></event></log>").encode(),
    "times.xes": log(TIMES).encode(),
    "types.xes": log(event(more=TYPES)).encode(),
    "mixed.xes": log(MIXED).encode(),
    "latin.xes": log(event("Café")).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
    "windows.xes": log(event("Café")).encode("cp1252"),
    "utf16.xes": log(event()).replace("UTF-8", "UTF-16").encode("utf-16"),
    "nameless.xes": log(event(), event(), names=False).encode(),
    "one name.xes": log(event("A"), event("B")).encode(),
    "list.xes": log(event(more=LIST)).encode(),
    "prefix.xes": b'<x:log xmlns:x="u"><x:trace><x:event/></x:trace></x:log>',
    "gzip without gz.xes": gzip.compress(log(event()).encode()),
    "entity.xes": ('<!DOCTYPE log [<!ENTITY a "aaaa">]>' + log(event("&a;")).split("\n", 1)[1]).encode(),
    "nul.xes": log(event("A\0B")).encode(),
    "deep.xes": log(event(more=DEEP)).encode(),
}


def main() -> None:
    """Print what each reader gives for each file."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            path = Path(folder) / name
            path.write_bytes(content)
            for module in ("r4pm.df", "rustxes"):
                command = [sys.executable, "-c", READ.format(module=module), str(path)]
                done = subprocess.run(command, check=False, capture_output=True, text=True)
                print(f"{name:22}{module:9}{(done.stdout.strip() or f'crashed ({done.returncode})')[:240]}")


if __name__ == "__main__":
    main()
