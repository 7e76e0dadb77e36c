"""Static files that other packages own: the style of the charts has one source, `headway/charts/charts.css`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

import headway.charts

SERVED = "headway/css/charts.css"
FOLDER = Path(headway.charts.__file__).parent


class ChartStyle(BaseFinder):
    """Serves the style of the charts under `SERVED`."""

    def find(self, path: str, find_all: bool = False, **rest: Any) -> Any:
        """The file itself for the one path, nothing for any other."""
        found = str(FOLDER / "charts.css") if path == SERVED else ""
        return ([found] if found else []) if find_all else (found or [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """The one file, with a storage that knows it by the path it is served under."""
        yield SERVED, OneFile(location=FOLDER)


class OneFile(FileSystemStorage):
    """Finds `SERVED` in the folder of the charts."""

    def path(self, name: str) -> str:
        """Where the file lies."""
        return str(FOLDER / "charts.css") if name == SERVED else super().path(name)
