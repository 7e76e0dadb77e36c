"""Files on their way in: streamed to the uploads folder, counted and hashed as they come, never held in memory."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from headway.basics.errors import UserError
from headway.connectors.files.limits import readable_bytes
from headway.store.actions.uploads import Incoming, uploads_folder

MOST_FILES = 10
LONGEST_NAME = 120
SLACK_BYTES = 1 << 20  # the form around the files


@dataclass(slots=True)
class Landing:
    """The folder of one upload, and what has come into it so far. `problem`: the sentence to show, if any."""

    folder: Path = field(default_factory=lambda: uploads_folder() / secrets.token_urlsafe(18))
    files: list[Incoming] = field(default_factory=list)
    bytes: int = 0
    problem: str = ""
    kept: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700)

    def path_for(self, name: str) -> Path:
        """A free path under this name, made harmless."""
        return self.folder / free_name(name, {path.name for path in self.folder.iterdir()})

    def clear(self) -> None:
        """Remove everything, unless it became an import."""
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)


def free_name(name: str, taken: set[str]) -> str:
    """The last part of a name, printable and short; numbered where it is taken."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join("_" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") else c for c in last).strip(" .")
    stem, dot, suffix = (clean or "file").partition(".")
    suffix = suffix[-20:]
    stem = stem[: LONGEST_NAME - len(suffix)]
    while len(f"{stem}{dot}{suffix}".encode()) > 240:
        stem = stem[:-1]
    wanted, number = f"{stem or 'file'}{dot}{suffix}", 2
    while wanted.casefold() in {one.casefold() for one in taken}:
        wanted, number = f"{stem} ({number}){dot}{suffix}", number + 1
    return wanted


def too_large() -> str:
    """What is said of files over the limit."""
    limit = readable_bytes(settings.IMPORT_LIMIT_BYTES)
    return f"These files are larger than the {limit} that one import takes: split them by date and import one by one."


class IntoUploads(FileUploadHandler):
    """Writes each file of a form to the landing's folder, readable by this system's user only."""

    def __init__(self, request: HttpRequest, landing: Landing) -> None:
        super().__init__(request)
        self.landing = landing
        self._file: BinaryIO | None = None

    def new_file(self, *args: Any, **more: Any) -> None:
        """Begin a file; StopUpload where there are too many."""
        super().new_file(*args, **more)
        if len(self.landing.files) >= MOST_FILES:
            self.landing.problem = f"One import takes {MOST_FILES} files at most: leave some out, import them next."
            raise StopUpload(connection_reset=False)
        self._path = self.landing.path_for(self.file_name or "file")
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._digest, self._size = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece; StopUpload where all of them are too much."""
        self.landing.bytes += len(raw_data)
        if self.landing.bytes > settings.IMPORT_LIMIT_BYTES:
            self.landing.problem = too_large()
            raise StopUpload(connection_reset=False)
        assert self._file is not None
        self._digest.update(raw_data)
        self._size += len(raw_data)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """The file is whole and on disk."""
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self.landing.files.append(Incoming(self._path.name, self._path, file_size, self._digest.hexdigest()))
        return UploadedFile(name=self._path.name, size=file_size)

    def upload_interrupted(self) -> None:
        """The connection broke, or too much came."""
        if self._file is not None:
            self._file.close()
            self._file = None


def checked_length(request: HttpRequest) -> None:
    """UserError before anything is read where the browser announces far more than may come."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not str(length).isdigit() or int(length) > 5 * settings.IMPORT_LIMIT_BYTES + SLACK_BYTES:
        raise UserError(too_large())


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def names_of(files: Sequence[Incoming]) -> list[str]:
    """Their names."""
    return [file.name for file in files]
