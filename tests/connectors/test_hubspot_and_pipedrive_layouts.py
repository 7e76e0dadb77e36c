# ruff: noqa: DTZ001 - the log's instants are UTC without a zone
from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from headway.basics.errors import UserError
from tests.connectors import hubspot_exports as crm
from tests.connectors.exports import Row, written
from tests.connectors.reading_log import read

OUTCOMES = {"lost": 1, "no_decision": 1, "open": 2, "won": 1}
# HubSpot tells when each stage was entered last: Epsilon's first stay in Prospecting is gone.
HUBSPOT = {
    "amount_set": 4, "close_date_set": 2, "deal_created": 5, "deal_decided": 5, "owner_set": 5, "stage_claimed": 10,
}  # fmt: skip
PIPEDRIVE = {
    "amount_set": 4, "close_date_set": 2, "deal_created": 5, "deal_decided": 3, "owner_set": 5, "stage_claimed": 5,
}  # fmt: skip
FIRST = datetime(2024, 1, 2, 9)


def put(folder: Path, name: str, rows: list[Row], **form: Any) -> Path:
    path = folder / name
    path.write_bytes(written(rows, **form))
    return path


FORMS: list[tuple[str, dict[str, Any]]] = [
    ("en", {}),
    ("en", {"separator": "\t", "encoding": "utf-16", "shuffle": 1}),
    ("en", {"upper": True, "extra": True}),
    ("de", {"separator": ";", "encoding": "utf-8-sig"}),
    ("de", {"shuffle": 2}),
    ("fr", {"separator": ";", "shuffle": 3, "extra": True}),
    ("es", {"encoding": "cp1252"}),
    ("es", {"separator": "|", "shuffle": 4}),
]


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_hubspot_deals_with_stage_times(tmp_path: Path, language: str, form: dict[str, Any]) -> None:
    found = read([put(tmp_path, "hubspot-crm-exports-all-deals-2024-04-10.csv", crm.hubspot(language), **form)])
    assert [file.layout for file in found.report.files] == ["hubspot_deals"]
    assert found.kinds() == HUBSPOT
    assert found.outcomes == OUTCOMES
    assert found.span == (FIRST, datetime(2024, 4, 10, 23, 59, 59))
    assert found.report.exported_at == datetime(2024, 4, 10, 23, 59, 59, tzinfo=UTC)
    acme = found.deals["98765001"]
    assert (acme["decided_at"], acme["amount"], acme["currency"]) == (
        datetime(2024, 3, 1, 10, 15), Decimal("45000.00"), "EUR",
    )  # fmt: skip
    assert [name.casefold() for name, _ in found.claims("98765005")] == ["negotiation", "prospecting"]


@pytest.mark.parametrize(
    "entered",
    ['Date entered "{} ({})"', "Date entered '{} ({})'", "Date entered “{} ({})”", "Date entered ‘{} ({})’",
    "date entered {} ({})"],
)  # fmt: skip
def test_quotes_around_stage_and_pipeline(tmp_path: Path, entered: str) -> None:
    found = read([put(tmp_path, "deals.csv", crm.hubspot("en", entered=entered))])
    assert found.kinds() == HUBSPOT
    assert found.claims("98765002") == [
        ("Prospecting", datetime(2024, 2, 1, 8)), ("Proposal", datetime(2024, 2, 15, 16, 45)),
    ]  # fmt: skip


def test_internal_names_and_stage_ids(tmp_path: Path) -> None:
    found = read([put(tmp_path, "deals.csv", crm.hubspot_internal())])
    assert found.kinds() == HUBSPOT
    assert found.outcomes == OUTCOMES
    assert found.claims("98765001") == [
        ("Appointment Scheduled", FIRST), ("Contract Sent", datetime(2024, 2, 10, 9, 30)),
        ("2471184", datetime(2024, 2, 20, 14)),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_hubspot_deals_without_stage_times_know_the_day_of_the_export(tmp_path: Path, language: str) -> None:
    found = read([put(tmp_path, "deals.csv", crm.hubspot(language, times=False), shuffle=9)])
    assert found.kinds() == {**HUBSPOT, "deal_decided": 3, "stage_claimed": 2}
    assert found.outcomes == OUTCOMES
    assert found.span == (FIRST, datetime(2024, 4, 8, 17))


def test_two_pipelines_in_one_export_are_told_apart(tmp_path: Path) -> None:
    rows = crm.hubspot("en", pipelines=("New Business", "Renewals (EU)"))
    moved = 'Date entered "Proposal (New Business)"'
    rows[0] = {**rows[0], moved: "2023-12-01 10:00"}  # Acme was in the other pipeline before
    found = read([put(tmp_path, "deals.csv", rows, shuffle=11)])
    assert {deal["pipeline"] for deal in found.deals.values()} == {"New Business", "Renewals (EU)"}
    assert found.kinds() == HUBSPOT
    assert found.repairs()["time of a stage in a pipeline that the deal is no longer in"] == 1


def test_stages_entered_in_the_same_minute_come_in_their_usual_order(tmp_path: Path) -> None:
    rows = [dict(row) for row in crm.hubspot("en")]
    for stage in ("Prospecting", "Proposal"):
        rows[2][f'Date entered "{stage} (Sales Pipeline)"'] = "2024-01-20 10:00"
    for seed in range(4):
        found = read([put(tmp_path, f"deals{seed}.csv", rows, shuffle=seed)])
        assert found.deals["98765003"]["claimed"] == "Proposal"


@pytest.mark.parametrize(("language", "form"), FORMS)
@pytest.mark.parametrize("prefixed", [True, False])
def test_pipedrive_deals(tmp_path: Path, language: str, form: dict[str, Any], prefixed: bool) -> None:
    found = read([put(tmp_path, "deals.csv", crm.pipedrive(language, prefixed=prefixed), **form)])
    assert [file.layout for file in found.report.files] == ["pipedrive_deals"]
    assert found.kinds() == PIPEDRIVE
    assert found.outcomes == OUTCOMES
    assert found.span == (FIRST, datetime(2024, 4, 8, 17))
    acme = found.deals["1"]
    assert (acme["decided_at"], acme["claimed"], acme["claimed_at"]) == (
        datetime(2024, 3, 1, 10, 15), "Negotiation", datetime(2024, 2, 20, 14),
    )  # fmt: skip
    assert found.kinds(how="history") == {"deal_created": 5, "deal_decided": 3, "stage_claimed": 5}


def test_pipedrive_import_template(tmp_path: Path) -> None:
    found = read([put(tmp_path, "template.csv", crm.pipedrive_template(), shuffle=1)])
    assert [file.layout for file in found.report.files] == ["pipedrive_deals"]
    assert found.outcomes == OUTCOMES
    assert found.kinds() == {
        "amount_set": 4,
        "close_date_set": 2,
        "deal_created": 5,
        "deal_decided": 3,
        "stage_claimed": 2,
    }


def test_deleted_deals_are_dropped_and_counted(tmp_path: Path) -> None:
    rows = crm.pipedrive("en")
    rows[1] = {**rows[1], "Deal - Status": "Deleted"}
    found = read([put(tmp_path, "deals.csv", rows)])
    assert len(found.deals) == 4
    assert found.repairs()["deleted deal"] == 1


@pytest.mark.parametrize("serials", [False, True])
def test_pipedrive_workbook_with_dates_or_serial_days(tmp_path: Path, serials: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = crm.pipedrive("en")
    dated = {"Deal - Deal created", "Deal - Update time", "Deal - Last stage change", "Deal - Won time",
    "Deal - Lost time",
             "Deal - Deal closed on", "Deal - Expected close date"}  # fmt: skip
    sheet.append(list(rows[0]))
    epoch = datetime(1899, 12, 30)
    for row in rows:
        cells: list[Any] = []
        for column, text in row.items():
            if column in dated and text:
                moment = datetime.fromisoformat(text)
                days = moment - epoch
                cells.append(days.days + days.seconds / 86400 if serials else moment)
            elif column == "Deal - Value" and text:
                cells.append(float(text))
            else:
                cells.append(text or None)
        sheet.append(cells)
    path = tmp_path / "deals.xlsx"
    book.save(path)
    found = read([path])
    assert found.kinds() == PIPEDRIVE
    assert found.outcomes == OUTCOMES
    assert found.deals["1"]["decided_at"] == datetime(2024, 3, 1, 10, 15)


def test_two_crms_at_once_are_refused(tmp_path: Path) -> None:
    paths = [put(tmp_path, "a.csv", crm.hubspot("en")), put(tmp_path, "b.csv", crm.pipedrive("en"))]
    with pytest.raises(UserError, match="HubSpot and Pipedrive: read one CRM at a time"):
        read(paths)


def test_a_zone_moves_instants_and_keeps_days(tmp_path: Path) -> None:
    found = read([put(tmp_path, "deals.csv", crm.hubspot("en"))], zone="America/New_York")
    acme = found.deals["98765001"]
    assert acme["decided_at"] == datetime(2024, 3, 1, 15, 15)
    beta = [e for e in found.events if e[0] == "98765002" and e[1] == "close_date_set"]
    assert str(beta[0][6]) == "2024-06-30"
