"""Files written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from headway.basics.errors import UserError


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` (`-`: standard output), replacing it in one go. UserError where that cannot be done."""
    if str(path) == "-":
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            mode = 0o666 & ~_umask()
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise UserError(f"{path} cannot be written ({problem.strerror}); choose another place.") from None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
