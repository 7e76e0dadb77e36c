"""The folder of an installation while a backup is put into it: everything is made beside it and moved in at the end."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from headway.basics.errors import UserError
from headway.store.backup.archive import HEADS, KEY, UPLOADS, Backup, key_mark, sync_folder

STAGING = ".restoring"
DATABASE = "headway.sqlite3"


@contextmanager
def staged(home: Path) -> Iterator[Path]:
    """An empty folder inside `home`, for this process alone; gone with the block, and cleared by the next one where
    this process was killed. UserError where another restore is at work."""
    folder = home / STAGING
    folder.mkdir(mode=0o700, exist_ok=True)
    with (home / f"{STAGING}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(f"Another restore into {home} is at work: let it end first.") from None
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            Path(lock.name).unlink(missing_ok=True)


def need_no_database(home: Path) -> None:
    """UserError where the folder has an installation on SQLite."""
    if (home / DATABASE).exists():
        raise UserError(f"{home} holds an installation already: pass --home with a folder that holds none.")


def stage_key(backup: Backup, home: Path, folder: Path, given: str, *, lost: bool) -> None:
    """Put the secret key to use into `folder`, unless the environment gives it (`given`).

    That of the home, else that of the backup; `lost`: any will do. UserError where it is not the backup's.
    """
    if not given and (home / KEY).exists():
        shutil.copy(home / KEY, folder / KEY)
        given = (home / KEY).read_text().strip()
    elif not given and backup.manifest.has_key:
        with (folder / KEY).open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            backup.copy_file(KEY, file)
        given = (folder / KEY).read_text().strip()
    if lost:
        return
    if not given:
        raise UserError(
            f"{backup.path} holds no secret key: put that of the old installation at {home / KEY},"
            " or pass --without-key if it is lost."
        )
    if key_mark(given) != backup.manifest.key_mark:
        raise UserError(
            f"The secret key here is not the one {backup.path} was made with: put that one at {home / KEY},"
            " or pass --without-key if it is lost."
        )


def stage_files(backup: Backup, folder: Path) -> None:
    """Unpack what is no table. UserError where a name leads out of the folder."""
    for name in backup.manifest.files:
        parts = PurePosixPath(name).parts
        if name == KEY:
            continue
        if name != HEADS and (not name.startswith(UPLOADS) or ".." in parts or len(parts) < 2):
            raise UserError(f"{backup.path} is damaged: it holds a file {name!r}; take another backup.")
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            backup.copy_file(name, file)
            file.flush()
            os.fsync(file.fileno())


def move_in(folder: Path, home: Path, heads: Path) -> None:
    """Files first and what makes them an installation last: the database, where it is a file. Nothing is replaced.

    `heads`: where the ends of the audit chains are kept; a file there already knows more than the backup's.
    """
    for file in sorted((folder / UPLOADS).rglob("*")):
        target = home / file.relative_to(folder)
        if file.is_file() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.replace(target)
    for source, target in ((folder / HEADS, heads), (folder / KEY, home / KEY)):
        if source.exists() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(source, folder / "moving")  # the place of the heads may be on another disk
            (folder / "moving").chmod(0o600)
            shutil.move(folder / "moving", target)
    sync_folder(home)
    if (folder / DATABASE).exists():
        try:
            os.link(folder / DATABASE, home / DATABASE)  # unlike a rename it refuses to replace
        except FileExistsError:
            need_no_database(home)
        except OSError:  # a file system without hard links
            need_no_database(home)
            (folder / DATABASE).rename(home / DATABASE)
        sync_folder(home)
