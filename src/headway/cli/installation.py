"""Open an installation for a command: its folder and its settings, with a sentence where that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

from headway.basics.errors import UserError

SETTINGS = "headway.settings"


def choose_home(home: Path | None) -> Path:
    """The folder of the installation: the one given, else HEADWAY_HOME, else `headway-data` here; set for children."""
    chosen = (home or Path(os.environ.get("HEADWAY_HOME", "headway-data"))).expanduser().absolute()
    os.environ["HEADWAY_HOME"] = str(chosen)
    return chosen


def need_writable(home: Path) -> None:
    """UserError unless files can be made in the folder; it is made where missing."""
    trial = home / f".writable-{os.getpid()}"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as problem:
        raise UserError(
            f"{home} cannot be written to ({problem.strerror}): pass --home with a folder that can."
        ) from None


def set_up() -> None:
    """Load the settings and the tables. UserError where a setting is wrong."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        raise UserError(str(problem)) from None


def open_installation(home: Path | None) -> None:
    """Make the store of an existing installation usable in this process. UserError where there is none."""
    chosen = choose_home(home)
    if not os.environ.get("DATABASE_URL") and not (chosen / "headway.sqlite3").exists():
        raise UserError(f"There is no installation in {chosen}: pass --home with its folder.")
    need_writable(chosen)
    set_up()
    need_tables()


def need_tables() -> None:
    """UserError unless the database answers and is of this version."""
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except DatabaseError as problem:
        raise UserError(f"The database does not answer: {first_line(problem)}.") from None
    except SystemExit:
        raise UserError("The database is of another version: start `headway serve` once, which brings it up.") from None


def first_line(problem: BaseException) -> str:
    """The first line of what a database said, without the full stop."""
    lines = str(problem).strip().splitlines() or [type(problem).__name__]
    return lines[0].rstrip(".")
