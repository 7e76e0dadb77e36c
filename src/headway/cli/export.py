"""`headway export` and `headway load`: everything a workspace holds as one file, and that file as a workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from headway.basics.errors import UserError
from headway.basics.figures import counted

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
]


def export(
    file: Annotated[Path, typer.Argument(help="Where the export goes, as in acme.zip; it must not exist yet.")],
    workspace: Annotated[
        str,
        typer.Option(
            "--workspace", help="Key of the workspace, as in its addresses: /w/KEY/. Needed where there are several."
        ),
    ] = "",
    home: Home = None,
) -> None:
    """Write everything a workspace holds into one zip file: rows, files, and tables to read.

    No password, link or other secret is in it. `headway load` makes a workspace of it again. It may run while people
    work: what is exported is of one moment.
    """
    from headway.cli.installation import open_installation

    if file.exists():
        raise UserError(f"{file} is there already: choose another name.")
    if not file.absolute().parent.is_dir():
        raise UserError(f"There is no folder {file.absolute().parent}: make it first.")
    open_installation(home)
    from headway.store.actions.exports import export_to_file
    from headway.store.queries.exports import choose_workspace

    at = datetime.now(UTC)
    chosen = choose_workspace(workspace)
    written = export_to_file(workspace=chosen, file=file, at=at)
    rows = sum(written.rows.values())
    typer.echo(f"{chosen.name}: {counted(rows, 'row')}, {written.size / 1e6:,.1f} MB. SHA-256 {written.sha256}")


def load(
    file: Annotated[Path, typer.Argument(help="An export, as `headway export` or the page Data wrote it.")],
    leader: Annotated[
        str, typer.Option("--leader", help="Address of who is to lead it here; default: who led it.")
    ] = "",
    home: Home = None,
) -> None:
    """Make a workspace of an export: in an installation that is still empty, or beside what is there.

    It is loaded whole or not at all, and never over anything. Who is mentioned in it and has no account here gets one
    that nobody can log in with until they are invited.
    """
    from headway.cli.installation import choose_home, need_writable, set_up

    if not file.is_file():
        raise UserError(f"There is no file {file}: give the path of an export.")
    need_writable(choose_home(home))
    set_up()
    from headway.cli.serve import bring_up
    from headway.store.actions.loading import load_export
    from headway.store.export_reading import open_export
    from headway.store.queries.exports import known_migrations

    bring_up()
    opened = open_export(file, known_migrations=known_migrations())
    try:
        done = load_export(file=opened, at=datetime.now(UTC), leader=leader)
    finally:
        opened.close()
    typer.echo(f"{done.workspace.name} is loaded: {counted(done.rows, 'row')}, led by {done.leader.email}.")
    if not done.has_password:
        typer.echo(f"To log in, set a password: headway password {done.leader.email}")
    if done.people_made > 1:
        typer.echo("Everybody else is let in again by an invitation, on the page People.")
