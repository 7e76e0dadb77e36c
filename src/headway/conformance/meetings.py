"""The reviews that were due, held or missed, and the teams whose deals they concern.

`lay_out_meetings` leaves behind: `deal_teams` (each deal's team, by number) and `meetings` (one row per review and
team it concerns).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.basics.periods import naive_utc
from headway.conformance.arrays import BoolArray, IntArray
from headway.deals.event_log import EventLog, sql_text

DAY_US = 86_400_000_000
LEAST_OWNERS = 3  # below, a figure about a process would be one about a person


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """(n,) arrays, one row per review and team it concerns, by team and time. `at_us`: microseconds since 1970, UTC.

    `named`: the place in `names` of what each review is called.
    """

    team: IntArray
    at_us: IntArray
    held: BoolArray
    named: IntArray
    names: tuple[str, ...]

    @property
    def reviews_held(self) -> int:
        """Reviews held, each once however many teams it concerns."""
        return self._reviews(self.held)

    @property
    def reviews_missed(self) -> int:
        """Reviews missed, likewise."""
        return self._reviews(~self.held)

    def _reviews(self, which: BoolArray) -> int:
        return len(set(zip(self.named[which].tolist(), self.at_us[which].tolist(), strict=True)))


def lay_out_meetings(log: EventLog) -> Meetings:
    """Write `deal_teams` and `meetings`, and read the latter. A log without reviews gives empty arrays."""
    log.connection.execute(sql_text(__package__, "deal_teams"))
    moment = {"at": naive_utc(log.as_of.at), "known_by": naive_utc(log.as_of.known_by)}
    log.connection.execute(sql_text(__package__, "meetings"), moment)
    found = log.table(
        "SELECT name, team, epoch_us(happened_at) AS at_us, held FROM meetings ORDER BY team, happened_at, name"
    )
    names, named = np.unique(np.array(found["name"].to_pylist(), dtype=np.str_), return_inverse=True)
    return Meetings(
        found["team"].to_numpy().astype(np.int64),
        found["at_us"].to_numpy().astype(np.int64),
        found["held"].to_numpy().astype(np.bool_),
        named.astype(np.int64),
        tuple(str(name) for name in names),
    )


def owners_in(log: EventLog) -> int:
    """How many owners the log knows."""
    found: int = log.value("SELECT count(DISTINCT owner) FROM deals")
    return found
