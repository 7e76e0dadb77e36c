"""`headway move`: from SQLite to PostgreSQL, from PostgreSQL to SQLite, without losing a row."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from headway.basics.errors import UserError

SERVER = ("postgres://", "postgresql://")
ASIDE = "headway-moved.sqlite3"


def move(
    to: Annotated[
        str, typer.Option("--to", help="An empty database, as in postgres://user:password@host/name; or: sqlite.")
    ],
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Move the installation to another database, while nobody works in it.

    Every table is compared by its hash. A database of SQLite is set aside afterwards, one on PostgreSQL stays as it is;
    where anything goes wrong nothing was moved.
    """
    if to != "sqlite" and not to.startswith(SERVER):
        raise UserError(f"{to} is no database to move to: write postgres://user:password@host/name, or sqlite.")
    from headway.cli.backup import open_any_version

    open_any_version(home)
    from django.conf import settings
    from django.db import connection

    from headway.store.backup.making import make_backup
    from headway.store.backup.moving import held_alone

    place = Path(settings.HOME)
    if to == "sqlite" and connection.vendor == "sqlite":
        raise UserError(f"The installation in {place} is on SQLite already: set DATABASE_URL to move from PostgreSQL.")
    with held_alone(connection), tempfile.TemporaryDirectory(prefix=".moving-", dir=place) as folder:
        file = Path(folder) / "all.zip"
        made = make_backup(file, at=datetime.now(UTC))
        restore_into(to, file, place)
        if connection.vendor == "sqlite":
            (place / "headway.sqlite3").rename(place / ASIDE)
    typer.echo(f"Moved {made.rows:,} rows of {len(made.tables)} tables; every table was compared. All log in anew.")
    if to == "sqlite":
        typer.echo("Start `headway serve` without DATABASE_URL from now on; what was moved is still on PostgreSQL.")
    else:
        typer.echo(f"Start `headway serve` with DATABASE_URL set to it from now on; the old file is {place / ASIDE}.")


def restore_into(to: str, file: Path, home: Path) -> None:
    """`headway restore` in a process of its own, as the settings of this one are those of the old database."""
    told = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if to != "sqlite":
        told["DATABASE_URL"] = to
    code = "from headway.cli.main import main; main()"
    done = subprocess.run(  # noqa: S603 (this very program)
        [sys.executable, "-c", code, "restore", str(file), "--home", str(home)], env=told, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode == 2:
        raise UserError(done.stderr.strip().removeprefix("headway: "))
    done.check_returncode()
