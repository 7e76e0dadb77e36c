"""The simulated firm as files, laid out as a CRM's Data Loader writes them, with the buyer's acts beside."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path

import numpy as np

from headway.demo.company import Company, SimulatedDeal
from headway.demo.happenings import firm_rows
from headway.demo.names import record_id
from headway.demo.planted import truths_text
from headway.demo.seller import CLOSED_LOST, CLOSED_WON, STAGES
from headway.demo.truth import Owner

PROBABILITY = dict(zip((*STAGES, CLOSED_WON, CLOSED_LOST), (10, 20, 40, 60, 75, 90, 100, 0), strict=True))
FORECAST = dict(
    zip(
        (*STAGES, CLOSED_WON, CLOSED_LOST),
        (*("Pipeline",) * 4, "BestCase", "Forecast", "Closed", "Omitted"),
        strict=True,
    )
)
OPPORTUNITY = tuple(
    """Id IsDeleted AccountId Account.Name RecordType.Name Name StageName Amount Probability ExpectedRevenue CloseDate
    Type LeadSource IsClosed IsWon CurrencyIsoCode OwnerId Owner.Name Owner.UserRole.Name CreatedDate LastModifiedDate
    LastActivityDate Loss_Reason__c""".split()  # noqa: SIM905  (read as the header it becomes)
)
HISTORY = tuple(
    """Id OpportunityId CreatedById CreatedBy.Name CreatedDate StageName Amount CloseDate Probability
    ForecastCategory SystemModstamp IsDeleted""".split()  # noqa: SIM905
)
TRUTH_FILE = "truth.json"
EVENTS = ("deal", "kind", "name", "happened_at", "recorded_at", "actor", "contact", "grade", "amount", "due_on", "ref",
          "note")  # fmt: skip


def write_company(company: Company, folder: Path) -> tuple[Path, ...]:
    """Write the four files to be read; their paths in order: opportunities, history, what buyers did, the process.

    Beside them stands truth.json: what a judge should find, which is for people to compare with and never read in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(
        folder / name for name in ("opportunities.csv", "opportunity_history.csv", "buyer_acts.csv", "process.yaml")
    )
    _write(paths[0], OPPORTUNITY, (_opportunity(company, deal) for deal in company.deals))
    _write(paths[1], HISTORY, _history(company))
    _write(paths[2], EVENTS, _events(company))
    paths[3].write_text(process_text(company.truth.process_file), encoding="utf-8")
    (folder / TRUTH_FILE).write_text(truths_text(company), encoding="utf-8")
    return paths


def process_text(name: str = "process.yaml") -> str:
    """The text of one of the firms' process files."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _owner_id(owner: Owner) -> str:
    return record_id("005", owner.number)


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _opportunity(company: Company, deal: SimulatedDeal) -> list[object]:
    calendar, last = company.calendar, deal.changes[-1]
    touched = max([last.moment, *(act.happened for act in deal.acts if act.kind == "activity_done")])
    return [
        deal.id, "false", deal.account.id, deal.account.name, "New Business", deal.name, last.stage,
        f"{last.amount:.2f}", PROBABILITY[last.stage], f"{last.amount * PROBABILITY[last.stage] / 100:.2f}",
        last.close_on, "New Business", deal.source, _flag(last.stage in (CLOSED_WON, CLOSED_LOST)),
        _flag(last.stage == CLOSED_WON), "EUR", _owner_id(deal.final_owner), deal.final_owner.name,
        deal.final_owner.team, _stamp(calendar.instant(deal.changes[0].moment)),
        _stamp(calendar.instant(max(last.moment, touched))), calendar.day(touched), deal.reason,
    ]  # fmt: skip


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _history(company: Company) -> Iterator[list[object]]:
    changes = [
        (change.moment, deal.number, place) for deal in company.deals for place, change in enumerate(deal.changes)
    ]
    changes.sort()
    stamps = company.calendar.stamps(np.array([moment for moment, _, _ in changes])).tolist()
    for number, ((moment, deal_number, place), at) in enumerate(zip(changes, stamps, strict=True)):
        deal = company.deals[deal_number]
        change = deal.changes[place]
        stamp = f"{at}.000Z"
        owner = deal.owner if moment < deal.handed_over else deal.final_owner
        yield [
            record_id("008", number), deal.id, _owner_id(owner), owner.name, stamp, change.stage,
            f"{change.amount:.2f}", change.close_on, PROBABILITY[change.stage], FORECAST[change.stage],
            stamp, "false",
        ]  # fmt: skip


def _events(company: Company) -> Iterator[list[object]]:
    rows = [(act.happened, act.recorded, deal.id, act) for deal in company.deals for act in deal.acts]
    rows += [(act.happened, act.recorded, deal, act) for deal, act in firm_rows(company)]
    rows.sort(key=lambda row: row[:3])
    happened = company.calendar.stamps(np.array([row[0] for row in rows])).tolist()
    recorded = company.calendar.stamps(np.array([row[1] for row in rows])).tolist()
    for (_, _, deal_id, act), happened_at, recorded_at in zip(rows, happened, recorded, strict=True):
        yield [
            deal_id, act.kind.value, act.name, f"{happened_at}Z", f"{recorded_at}Z", act.actor, act.contact,
            act.grade, None, act.due_on, act.ref, act.note,
        ]  # fmt: skip
