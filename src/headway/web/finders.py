"""Static files that other packages own: styles of charts and of a diagnosis's sections have one source each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

import headway

PACKAGE = Path(headway.__path__[0])
SERVED = {
    "headway/css/charts.css": PACKAGE / "charts/charts.css",
    "headway/css/report-sections.css": PACKAGE / "report/sections.css",
    "headway/css/report-verdicts.css": PACKAGE / "report/verdicts.css",
    "headway/css/playbook.css": PACKAGE / "reviews/playbook.css",
}


class OwnedStyles(BaseFinder):
    """Serves the files of `SERVED` under their names."""

    def find(self, path: str, find_all: bool = False, **rest: Any) -> Any:
        """The file itself for one of the paths, nothing for any other."""
        found = [str(SERVED[path])] if path in SERVED else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """The files, with a storage that knows them by the paths they are served under."""
        for path in SERVED:
            yield path, OwnedFiles(location=PACKAGE)


class OwnedFiles(FileSystemStorage):
    """Finds the files of `SERVED` where their packages keep them."""

    def path(self, name: str) -> str:
        """Where the file lies."""
        return str(SERVED[name]) if name in SERVED else super().path(name)
