"""`headway restore`: a backup into an empty installation, whole or not at all; or only checked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from headway.store.backup.archive import Backup


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Restore nothing: check each table's hash, with --home against a database too."),
    ] = False,
    without_key: Annotated[
        bool,
        typer.Option("--without-key", help="The secret key is lost: second factors go, the audit cannot be checked."),
    ] = False,
    without_messages: Annotated[
        bool, typer.Option("--without-messages", help="Drop messages that waited to be sent when it was made.")
    ] = False,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Put a backup into an empty installation, on SQLite or PostgreSQL (DATABASE_URL), wherever it was made.

    Every table is compared with the backup by its hash; then the tables are brought up to this version. It happens
    whole or not at all. The secret key is taken from the home, HEADWAY_SECRET_KEY or the backup.
    """
    from headway.cli.installation import choose_home
    from headway.store.backup.archive import Backup

    with Backup(file) as backup:
        backup.verify()
        count = f"{backup.manifest.rows:,} rows of {len(backup.manifest.tables)} tables"
        if verify:
            typer.echo(f"{file}: {count}, made {backup.manifest.made_at}, all as they were written.")
            if home:
                compare_with(backup, home)
            return
        put_into(backup, choose_home(home), lost=without_key, without_messages=without_messages)
        typer.echo(f"Restored {count}, made {backup.manifest.made_at}; every table was compared. All log in anew.")


def compare_with(backup: Backup, home: Path) -> None:
    """Say that the database of an installation holds the same. UserError naming the first table that does not."""
    from headway.cli.backup import open_any_version

    open_any_version(home)
    from django.conf import settings
    from django.db import connection

    from headway.store.backup.restoring import compare

    compare(connection, backup, settings.HOME)
    typer.echo(f"The database of {settings.HOME} holds the same, table by table.")


def put_into(backup: Backup, home: Path, *, lost: bool, without_messages: bool) -> None:
    """Restore everything into `home`. UserError where that cannot be; then nothing of it is there."""
    from headway.cli.installation import need_writable, set_up
    from headway.store.backup.homes import move_in, need_no_database, stage_files, stage_key, staged

    on_server = bool(os.environ.get("DATABASE_URL"))
    need_writable(home)
    if not on_server:
        need_no_database(home)
    heads = Path(os.environ.get("HEADWAY_AUDIT_HEADS") or home / "audit-heads.jsonl").expanduser()
    with staged(home) as folder:
        stage_key(backup, home, folder, os.environ.get("HEADWAY_SECRET_KEY", ""), lost=lost)
        stage_files(backup, folder)
        os.environ["HEADWAY_HOME"] = str(folder)  # settings, database and key of this process are the staged ones
        set_up()
        from headway.store.backup.restoring import restored

        with restored(backup, home, forget=lost, drop=without_messages) as told:
            if on_server:
                move_in(folder, home, heads)
        if not on_server:
            move_in(folder, home, heads)
    os.environ["HEADWAY_HOME"] = str(home)
    for sentence in told:
        typer.echo(sentence)
