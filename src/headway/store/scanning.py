"""Copies rows of a SQLite file into Parquet files, in a process of its own: `python -m headway.store.scanning`.

Of its own, because DuckDB brings a second SQLite library: where two of them have one file open in one process, closing
it in the one drops the locks of the other (sqlite.org/howtocorrupt.html, 2.2). Between processes the locks hold.

Reads a JSON object from standard input: `database` (path), `folder` (where to write), `queries` (name -> SQL, in which
`src.` stands before a table), `threads`, `memory_mib`. Writes FOLDER/NAME.parquet.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import duckdb


def extension_file(name: str) -> Path | None:
    """The file of a DuckDB extension in its package from the registry; None where that is not installed.

    `name`: sqlite_scanner or postgres_scanner. INSTALL would need the internet, LOAD of a file does not.
    """
    try:
        package = importlib.import_module(f"duckdb_extension_{name}")
    except ImportError:
        return None
    folders = [Path(folder) for folder in package.__path__]
    return next(
        (file for folder in folders for file in folder.rglob(f"v{duckdb.__version__}/*.duckdb_extension")), None
    )


def main() -> None:
    """Copy as standard input says; ends with status 3 where the extension is missing."""
    asked = json.load(sys.stdin)
    extension = extension_file("sqlite_scanner")
    if extension is None:
        sys.exit(3)
    connection = duckdb.connect()
    settings = {"TimeZone": "'UTC'", "threads": asked["threads"], "memory_limit": f"'{asked['memory_mib']}MiB'"}
    settings["temp_directory"] = _quoted(str(Path(asked["folder"]) / "spill"))
    for name, value in settings.items():
        connection.execute(f"SET {name} = {value}")
    connection.execute(f"LOAD {_quoted(str(extension))}")
    connection.execute(f"ATTACH {_quoted(asked['database'])} AS src (TYPE sqlite, READ_ONLY)")
    for name, query in asked["queries"].items():
        file = Path(asked["folder"]) / f"{name}.parquet"
        connection.execute(f"COPY ({query}) TO {_quoted(str(file))} (FORMAT parquet)")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


if __name__ == "__main__":
    main()
