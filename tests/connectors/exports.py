"""One small pipeline, written out as each CRM exports it: what the layout tests read.

Five deals, 2024: Acme is won, Gamma lost to a competitor, Delta without a decision (no budget), Beta and Epsilon are
open; Beta's close date was pushed, Acme's amount raised, Epsilon jumped to Negotiation and fell back.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Row = Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """A row of history: what a deal was like from a moment on."""

    at: datetime
    stage: str
    amount: float | None
    close_on: date
    by: str


@dataclass(frozen=True)
class Deal:
    number: int
    name: str
    account: str
    owner: str
    stage: str
    amount: float | None
    close_on: date
    reason: str
    changes: tuple[Change, ...]

    @property
    def created(self) -> datetime:
        return self.changes[0].at

    @property
    def modified(self) -> datetime:
        return MODIFIED[self.number]

    @property
    def outcome(self) -> str:
        return {"Closed Won": "Won", "Closed Lost": "Lost"}.get(self.stage, "Open")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}")


def _day(text: str) -> date:
    return date.fromisoformat(f"2024-{text}")


ALICE, BOB, ZOE = "Alice Archer", "Bob Baker", "Zoë Müller"
MODIFIED = {
    1: _at("03-01T10:15"),
    2: _at("03-18T07:30"),
    3: _at("03-05T09:00"),
    4: _at("04-02T12:00"),
    5: _at("04-08T17:00"),
}
DEALS = (
    Deal(
        1, "Acme Renewal", "Acme GmbH", ALICE, "Closed Won", 45000, _day("03-01"), "",
        (
            Change(_at("01-02T09:00"), "Prospecting", 40000, _day("03-31"), ALICE),
            Change(_at("01-20T09:00"), "Prospecting", 45000, _day("03-31"), ALICE),
            Change(_at("02-10T09:30"), "Proposal", 45000, _day("03-31"), ALICE),
            Change(_at("02-20T14:00"), "Negotiation", 45000, _day("03-31"), BOB),
            Change(_at("03-01T10:15"), "Closed Won", 45000, _day("03-01"), ALICE),
        ),
    ),
    Deal(
        2, "Beta Rollout", "Beta, Söhne & Co", BOB, "Proposal", 12500.5, _day("06-30"), "",
        (
            Change(_at("02-01T08:00"), "Prospecting", 12500.5, _day("05-31"), BOB),
            Change(_at("02-15T16:45"), "Proposal", 12500.5, _day("05-31"), BOB),
            Change(_at("03-18T07:30"), "Proposal", 12500.5, _day("06-30"), BOB),
        ),
    ),
    Deal(
        3, "Gamma Pilot", "Gamma SA", ALICE, "Closed Lost", 8000, _day("03-05"), "Chose competitor",
        (
            Change(_at("01-15T13:00"), "Prospecting", 8000, _day("04-30"), ALICE),
            Change(_at("01-20T10:00"), "Proposal", 8000, _day("04-30"), ALICE),
            Change(_at("03-05T09:00"), "Closed Lost", 8000, _day("03-05"), ALICE),
        ),
    ),
    Deal(
        4, "Delta Suite", "Delta Ltd", BOB, "Closed Lost", None, _day("04-02"), "No budget",
        (
            Change(_at("02-20T11:00"), "Prospecting", None, _day("05-15"), BOB),
            Change(_at("04-02T12:00"), "Closed Lost", None, _day("04-02"), BOB),
        ),
    ),
    Deal(
        5, "Epsilon Trial", "Épsilon", ZOE, "Prospecting", 99999.99, _day("07-15"), "",
        (
            Change(_at("03-10T09:00"), "Prospecting", 99999.99, _day("07-15"), ZOE),
            Change(_at("03-12T15:20"), "Negotiation", 99999.99, _day("07-15"), ZOE),
            Change(_at("03-25T10:00"), "Prospecting", 99999.99, _day("07-15"), ZOE),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Locale:
    """How a CRM writes in one language: labels by role, stages, dates, times and amounts."""

    labels: Mapping[str, str]
    stages: Mapping[str, str]
    day: str = "%m/%d/%Y"
    time: str = "%m/%d/%Y %H:%M"
    comma: bool = False

    def stage(self, name: str) -> str:
        return self.stages.get(name, name)

    def amount(self, value: float | None) -> str:
        if value is None:
            return ""
        text = f"{value:,.2f}"
        return text.translate(str.maketrans(",.", ".,")) if self.comma else text

    def on(self, day: date | None) -> str:
        return day.strftime(self.day) if day else ""

    def at(self, moment: datetime | None) -> str:
        return moment.strftime(self.time) if moment else ""


def written(
    rows: Sequence[Row],
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    shuffle: int | None = None,
    extra: bool = False,
    quoting: Callable[[], int] | int = csv.QUOTE_MINIMAL,
    upper: bool = False,
    footer: bool = False,
) -> bytes:
    """A CSV file's bytes: columns in the order of the first row, or shuffled by a seed; optionally one more column."""
    columns = list(rows[0]) + (["Favourite Colour"] if extra else [])
    if shuffle is not None:
        random.Random(shuffle).shuffle(columns)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=int(quoting) if isinstance(quoting, int) else quoting())
    writer.writerow([column.upper() if upper else column for column in columns])
    for row in rows:
        writer.writerow([row.get(column, "blue") for column in columns])
    text = out.getvalue()
    if footer:
        text += (
            f'\n"Grand Totals ({len(rows)} records)"\n\n"Confidential Information - Do Not Distribute"\n'
            '"Copyright © 2000-2024 salesforce.com, inc. All rights reserved."\n'
        )
    return text.encode(encoding)


def salesforce_id(number: int, length: int = 18) -> str:
    """An id of an opportunity that differs from the others only by case."""
    tail = ("aBcD", "aBcd", "abCD", "ABcD", "abcd")[number - 1]
    return f"0065g00000A{tail}AA{number}"[:length]


def stamp(moment: datetime) -> str:
    """A moment as the Salesforce API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def plain_amount(value: float | None, missing: str = "") -> str:
    return missing if value is None else str(value)
