"""`headway backup`: everything an installation holds, as one file, while people work in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from headway.basics.errors import UserError


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; an older backup of that name is replaced.")],
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Put the secret key in too: whoever has the file can then read it all.")
    ] = False,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Write everything the installation holds into one file, as it stood at one moment; people go on working.

    All workspaces, accounts, attachments, files of imports under way and the ends of the audit chains; no sessions.
    The secret key is left out, and without it second factors, Slack's addresses and the audit chain cannot be read:
    keep it apart from the backups. `headway restore --verify FILE` checks the file.
    """
    open_any_version(home)
    from django.conf import settings

    from headway.store.backup.making import make_backup

    made = make_backup(file, at=datetime.now(UTC), with_key=with_key)
    size = file.stat().st_size / 1_000_000
    typer.echo(f"{file}: {made.rows:,} rows of {len(made.tables)} tables, {size:,.1f} MB.")
    if with_key:
        typer.echo("The secret key is inside: keep this file as you keep passwords.")
    else:
        kept = settings.HOME / "secret.key"
        where = str(kept) if kept.exists() else "HEADWAY_SECRET_KEY"
        typer.echo(f"The secret key is not inside: keep {where} apart, for without it second factors and the audit")
        typer.echo("chain of a restored backup cannot be read.")


def open_any_version(home: Path | None) -> None:
    """Make the store of an installation usable, whatever version its tables are of. UserError where there is none."""
    import os

    from headway.cli.installation import choose_home, first_line, set_up

    chosen = choose_home(home)
    if not os.environ.get("DATABASE_URL") and not (chosen / "headway.sqlite3").exists():
        raise UserError(f"There is no installation in {chosen}: pass --home with its folder.")
    set_up()
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        raise UserError(f"The database does not answer: {first_line(problem)}.") from None
