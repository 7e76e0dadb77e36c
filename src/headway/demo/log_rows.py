"""A simulated firm straight into an event log, without files: the same rows that reading its export would give.

Judging thousands of firms would otherwise spend most of its time on writing and reading text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from headway.basics.periods import AsOf
from headway.deals.event_log import EventLog, last_event_at
from headway.deals.events import EventKind, Outcome
from headway.demo.company import Company, SimulatedDeal
from headway.demo.happenings import firm_rows
from headway.demo.records import Act
from headway.demo.seller import CLOSED_LOST, CLOSED_WON, Change

SHORT_ID = 15  # characters of a CRM's id that tell deals apart; the other three guard against lost capitals
TEXT, DAY = pa.string(), pa.date32()
KINDS = {"deal": TEXT, "kind": TEXT, "name": TEXT, "recorded_how": TEXT, "actor": TEXT, "contact": TEXT,
         "grade": pa.uint8(), "amount": pa.float64(), "due_on": DAY, "ref": TEXT, "note": TEXT, "file": pa.uint8(),
         "line": pa.int32()}  # fmt: skip
Row = tuple[Any, ...]
"""When it happened and was recorded, as moments of the firm (NaN: not told), then the cells in the order of KINDS."""
DECIDED = {CLOSED_WON: Outcome.WON.value, CLOSED_LOST: Outcome.LOST.value}


def fill_log(company: Company, log: EventLog) -> AsOf:
    """Fill the source tables of an empty log; returns the moment as of which to build it: the last event."""
    deals = {name: pa.array(values, TEXT) for name, values in _deals(company).items()}
    deals["file"] = pa.array([0] * len(company.deals), pa.uint8())
    deals["line"] = pa.array(range(2, len(company.deals) + 2), pa.int32())
    log.connection.register("filled", pa.table(deals))
    log.connection.execute("INSERT INTO source_deals BY NAME SELECT * FROM filled")
    log.connection.unregister("filled")
    exported = _exported(company)
    rows = [*_snapshot(company, exported), *_history(company), *_reasons(company, exported), *_acts(company)]
    log.connection.register("filled", _table(company, rows))
    log.connection.execute("INSERT INTO source_events BY NAME SELECT * FROM filled")
    log.connection.unregister("filled")
    last = last_event_at(log)
    return AsOf.moment((last or datetime(1970, 1, 1)).replace(tzinfo=UTC))  # noqa: DTZ001  (UTC is put on it)


def _table(company: Company, rows: Sequence[Row]) -> pa.Table:
    """The rows as Arrow, numbered in their order."""
    happened, recorded, *cells = zip(*rows, strict=True) if rows else ([] for _ in range(len(KINDS) + 2))
    columns = {name: pa.array(values, kind) for (name, kind), values in zip(KINDS.items(), cells, strict=True)}
    columns["happened_at"] = _instants(company, happened)
    columns["recorded_at"] = _instants(company, recorded)
    columns["ordinal"] = pa.array(range(len(rows)), pa.int64())
    return pa.table(columns)


def _instants(company: Company, moments: Sequence[float]) -> pa.Array:
    values = np.array(moments, dtype=np.float64)
    missing = np.isnan(values)
    stamps = company.calendar.instants(np.where(missing, 0.0, values))
    return pa.array(stamps.astype("datetime64[us]"), pa.timestamp("us"), mask=missing)


def _id(deal: SimulatedDeal) -> str:
    return deal.id[:SHORT_ID]


def _deals(company: Company) -> dict[str, list[str]]:
    deals = company.deals
    return {
        "deal": [_id(deal) for deal in deals],
        "name": [deal.name for deal in deals],
        "account": [deal.account.name for deal in deals],
        "record_type": ["New Business"] * len(deals),
        "team": [deal.final_owner.team for deal in deals],
        "currency": ["EUR"] * len(deals),
    }


def _exported(company: Company) -> float:
    """The moment of the export: the last stamp in its file of opportunities."""
    changed = max((deal.changes[-1].moment for deal in company.deals), default=0.0)
    done = (a.happened for deal in company.deals for a in deal.acts if a.kind is EventKind.ACTIVITY_DONE)
    return max(changed, max(done, default=0.0))


def _snapshot(company: Company, exported: float) -> Iterator[Row]:
    for deal in company.deals:
        id_, line = _id(deal), deal.number + 2
        yield (deal.changes[0].moment, np.nan, id_, "deal_created", None, "history", *_bare(), 0, line)
        owner = deal.final_owner.name
        yield (exported, exported, id_, "owner_set", owner, "snapshot", *_bare(), 0, line)


def _bare(actor: str | None = None, amount: float | None = None, due_on: date | None = None, note: str | None = None
          ) -> tuple[Any, ...]:  # fmt: skip
    return actor, None, None, amount, due_on, None, note


def _history(company: Company) -> Iterator[Row]:
    changes = [(c.moment, deal.number, place) for deal in company.deals for place, c in enumerate(deal.changes)]
    changes.sort()
    for number, (moment, deal_number, place) in enumerate(changes):
        deal = company.deals[deal_number]
        owner = (deal.owner if moment < deal.handed_over else deal.final_owner).name
        before = deal.changes[place - 1] if place else None
        for kind, name, amount, due_on in _changed(before, deal.changes[place]):
            yield (moment, np.nan, _id(deal), kind, name, "history", *_bare(owner, amount, due_on), 1, number + 2)


def _changed(before: Change | None, now: Change) -> Iterable[tuple[str, str | None, float | None, date | None]]:
    """(kind, name, amount, day) of what one row of the history says anew, by kind."""
    moved = before is None or before.stage != now.stage
    decided = now.stage in DECIDED
    if before is None or before.amount != now.amount:
        yield "amount_set", None, now.amount, None
    if not decided and (before is None or before.close_on != now.close_on):
        yield "close_date_set", None, None, now.close_on
    if moved and decided:
        yield "deal_decided", DECIDED[now.stage], None, None
    if moved and not decided and before is not None and before.stage in DECIDED:
        yield "deal_reopened", None, None, None
    if moved and not decided:
        yield "stage_claimed", now.stage, None, None


def _reasons(company: Company, exported: float) -> Iterator[Row]:
    """Decisions told once more, by the reason that only the file of opportunities knows."""
    for deal in company.deals:
        if deal.outcome is None or deal.outcome is Outcome.WON or not deal.reason:
            continue
        decided = max(c.moment for c in deal.changes if c.stage in DECIDED)
        cells = (
            _id(deal),
            "deal_decided",
            deal.outcome.value,
            "snapshot",
            *_bare(note=deal.reason),
            0,
            deal.number + 2,
        )
        yield (decided, exported, *cells)


def _acts(company: Company) -> Iterator[Row]:
    acts: list[tuple[float, float, str, Act]] = [
        (act.happened, act.recorded, deal.id, act) for deal in company.deals for act in deal.acts
    ]
    acts += [(act.happened, act.recorded, deal, act) for deal, act in firm_rows(company)]
    acts.sort(key=lambda row: row[:3])
    for number, (happened, recorded, deal, act) in enumerate(acts):
        yield (
            happened, recorded, deal[:SHORT_ID] or None, act.kind.value, act.name, "history", act.actor or None,
            act.contact or None, act.grade, None, act.due_on, act.ref or None, act.note or None, 2, number + 2,
        )  # fmt: skip
