"""What would have to come true for an open deal to be won: what the buyer has yet to do, who there, and by when.

The milestones that do not hold yet, in the order of the process, are paced backwards from the day on which the deal is
expected to close: each gets the days it took on won deals. Where there is more time than that, all are stretched alike;
where there is less, the first ones fall before today, and are late. Method page: docs/methods/forecast-facts.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from headway.deals.event_log import EventLog, sql_text
from headway.evidence.many import DAY_US
from headway.evidence.question import parts_of, plain_words
from headway.forecast.value import ToCome
from headway.process.definition import Milestone, Process

MOST = 6
FEWEST_WON = 10
"""Won deals from which on a company's own days are taken instead of the process's."""
USUAL_DAYS, USUAL_DECISION_DAYS = 14, 7
"""Where neither the past nor the process tells."""
NOBODY = "no owner"
Contacts = Mapping[str, Sequence[tuple[str, str, str]]]
"""By a deal's id: name, part in the decision and address of the contacts that people wrote down."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Days from one milestone to the next on won deals, by process and milestone; None: from the last to the end."""

    days: Mapping[tuple[int, int | None], int]

    def of(self, process: int, milestone: int, usual: int | None) -> int:
        """Of a milestone; its usual days where too few won deals show it."""
        return self.days.get((process, milestone), usual or USUAL_DAYS)

    def decision(self, process: int) -> int:
        """From the last milestone to the decision."""
        return self.days.get((process, None), USUAL_DECISION_DAYS)


def pace_of(log: EventLog) -> Pace:
    """The median of each on won deals, at least a day, where `FEWEST_WON` of them show it."""
    rows = log.rows(sql_text(__package__, "come_pace"))
    return Pace(
        {
            (row["process"], row["milestone"]): max(round(row["us"] / DAY_US), 1)
            for row in rows
            if row["deals"] >= FEWEST_WON
        }
    )


def to_come(
    log: EventLog,
    processes: Sequence[Process],
    deals: Sequence[int],
    *,
    likely: Mapping[int, date] | None = None,
    contacts: Contacts | None = None,
) -> dict[int, tuple[ToCome, ...]]:
    """Per deal (number of the log), at most `MOST` things in order; none where every milestone holds.

    `log`: after `record_proof` with the same processes. `likely`: the likely day of the decision, taken where the
    expected close date is missing or past. Decided deals and those without a process have no entry.
    """
    asked = {"deals": [int(deal) for deal in deals]}
    about = {row["deal"]: row for row in log.rows(sql_text(__package__, "come_about"), asked)}
    missing: dict[int, list[dict[str, Any]]] = {}
    for row in log.rows(sql_text(__package__, "come_open"), asked):
        missing.setdefault(row["deal"], []).append(row)
    today, pace = log.as_of.at.date(), pace_of(log)
    written = contacts or {}
    return {
        deal: _of_deal(rows, about[deal], processes, pace, today, (likely or {}).get(deal), written)
        for deal, rows in missing.items()
    }


def _of_deal(
    rows: Sequence[dict[str, Any]],
    about: Mapping[str, Any],
    processes: Sequence[Process],
    pace: Pace,
    today: date,
    likely: date | None,
    written: Contacts,
) -> tuple[ToCome, ...]:
    number = rows[0]["process"]
    process = processes[number]
    milestones = {m.id: m for _, m in process.milestones}
    lengths = [pace.of(number, row["milestone"], milestones[row["id"]].usual_days) for row in rows]
    days = due_days(lengths, pace.decision(number), _room(about["close_on"], likely, today))
    found = []
    for row, ahead in list(zip(rows, days, strict=True))[:MOST]:
        milestone = milestones[row["id"]]
        found.append(
            ToCome(
                milestone=milestone.id,
                buyer=milestone.buyer,
                stage=process.stages[row["rank"] - 1].name,
                who=_who(milestone, row["contact"], about, written.get(about["id"], ())),
                by_on=today + timedelta(days=ahead),
                late=ahead < 0,
                ask=milestone.ask,
            )
        )
    return tuple(found)


def due_days(lengths: Sequence[int], decision: int, room: int | None) -> list[int]:
    """Days from today by which each is due, so that the decision falls `room` days ahead; below 0: late.

    None: no day is expected, so each takes its usual length from today on.
    """
    whole = sum(lengths) + decision
    end = whole if room is None else room
    stretch = max(end / whole, 1.0) if whole else 1.0
    return [end - round(stretch * (whole - gone)) for gone in accumulate(lengths)]


def _room(close_on: date | None, likely: date | None, today: date) -> int | None:
    """Days until the expected close date, else until the likely decision; None where neither lies ahead."""
    ahead = [on for on in (close_on, likely) if on is not None and on >= today]
    return (ahead[0] - today).days if ahead else None


def _who(
    milestone: Milestone, gave: str | None, about: Mapping[str, Any], written: Sequence[tuple[str, str, str]]
) -> str:
    """The contact whose part fits, the one named last first; who gave it before; else the owner."""
    if written:
        order = {name: place for place, name in enumerate(about["contacts"] or ())}
        people = sorted(written, key=lambda person: order.get(person[0], len(order)))
        for part in parts_of(milestone.id, milestone.buyer):
            for name, held, _ in people:
                if name.strip() and part in plain_words(held):
                    return name.strip()
    return gave or about["owner"] or NOBODY
