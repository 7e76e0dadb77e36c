"""`headway worker`: the background worker alone, beside `headway serve --no-worker`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

LOOK_EVERY_S = 2.0


def worker(
    address: Annotated[
        str | None,
        typer.Option("--address", help="Where people reach the application, for links in messages (HEADWAY_ADDRESS)."),
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of database and key; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Run the background worker alone until Ctrl-C: imports, analyses, reviews to prepare, digests, the outbox.

    For production, where something else keeps processes running; several may run at once. It shares database, key and
    settings with `headway serve --no-worker`, and waits until that has brought the database up to date.
    """
    import os

    from headway.cli.installation import choose_home, need_writable, set_up

    need_writable(choose_home(home))
    if address:
        os.environ["HEADWAY_ADDRESS"] = address.rstrip("/")
    set_up()
    wait_for_tables()
    from headway.jobs.worker import main

    tell("The worker runs  (Ctrl-C ends it)")
    main(alone=True)


def tell(sentence: str) -> None:
    """Say it now, also where the output goes to a file."""
    typer.echo(sentence)
    sys.stdout.flush()


def wait_for_tables() -> None:
    """Until every migration was applied. UserError where the database does not answer."""
    told = False
    while not are_tables_current():
        if not told:
            tell("Waiting for `headway serve` to bring the database up to date.")
            told = True
        time.sleep(LOOK_EVERY_S)


def are_tables_current() -> bool:
    """Whether no migration is left to apply. UserError where the database does not answer."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from headway.basics.errors import UserError
    from headway.cli.installation import first_line

    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        raise UserError(f"The database does not answer: {first_line(problem)}.") from None
    finally:
        connection.close()
