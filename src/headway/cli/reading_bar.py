"""The bar that shows how far reading has come: rows, rate, time left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from headway.connectors.source import Progress


@contextmanager
def reading_bar(console: Console) -> Iterator[Progress | None]:
    """Yields what to call while reading; None, and no bar, where `console` is no terminal."""
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("Reading {task.fields[file]}"),
        BarColumn(),
        TextColumn("{task.fields[rows]} rows"),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, int] = {}

        def progress(file: str, read: int, size: int, rows: int) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task("", total=size, file=file, rows="0")
            bar.update(tasks[file], completed=read, rows=f"{rows:,}")  # type: ignore[arg-type]  # rich calls its task ids by a type of their own

        yield progress
