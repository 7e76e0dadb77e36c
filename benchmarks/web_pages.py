"""Pages of the application, small workspace beside large, in turns: queries, CPU and wall time of each request."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django is imported once the settings are there
    from django.test import Client

ROUNDS = 60


@dataclass
class Page:
    """One page of one workspace: its addresses, taken in turn, and what was measured."""

    name: str
    size: str
    addresses: Sequence[str]
    queries: list[int] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of the wall time."""
        return statistics.quantiles(self.wall_ms, n=20)[-1]

    @property
    def median_cpu_ms(self) -> float:
        """The median of CPU time."""
        return statistics.median(self.cpu_ms)


def measure(pages: Sequence[Page], client: Client, rounds: int = ROUNDS) -> None:
    """Ask for every page in turn, `rounds` times; the first time of each does not count."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(-1, rounds):
        for page in pages:
            address = page.addresses[number % len(page.addresses)]
            if number == 0:
                with CaptureQueriesContext(connection) as captured:
                    client.get(address)
                page.queries.append(len(captured))
            cpu, wall = time.process_time(), time.perf_counter()
            answer = client.get(address)
            spent = (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
            if number >= 0:
                page.cpu_ms.append(spent[0])
                page.wall_ms.append(spent[1])
