# ruff: noqa: DTZ001 - the log's instants are UTC without a zone
from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors import salesforce_exports as sf
from tests.connectors.exports import salesforce_id, written
from tests.connectors.reading_log import read

FIRST, LAST = datetime(2024, 1, 2, 9), datetime(2024, 4, 8, 17)
OUTCOMES = {"lost": 1, "no_decision": 1, "open": 2, "won": 1}
# Deals and history together. The loss reasons stand only in the deals file: they split the decisions a second time.
BOTH = {
    "amount_set": 5, "close_date_set": 6, "deal_created": 5, "deal_decided": 5, "owner_set": 5, "stage_claimed": 11,
}  # fmt: skip
# A deals file alone: the stages of open deals, amounts, owners as of the export.
ALONE = {"amount_set": 4, "close_date_set": 2, "deal_created": 5, "deal_decided": 3, "owner_set": 5, "stage_claimed": 2}

LOADER: list[dict[str, Any]] = [
    {},
    {"upper": True, "quoting": csv.QUOTE_ALL},
    {"separator": ";", "encoding": "utf-8-sig"},
    {"separator": "\t", "encoding": "utf-16"},
    {"separator": "|", "extra": True},
    {"shuffle": 1, "extra": True},
    {"shuffle": 2, "upper": True},
]


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("form", LOADER)
@pytest.mark.parametrize("history_first", [False, True])
def test_data_loader_objects_together(tmp_path: Path, form: dict[str, Any], history_first: bool) -> None:
    deals = put(tmp_path, "a.csv", written(sf.opportunities(missing="#N/A", deleted=True), **form))
    history = put(tmp_path, "b.csv", written(sf.opportunity_history(length=15, missing="#N/A"), **form))
    found = read([history, deals] if history_first else [deals, history])
    assert {file.layout for file in found.report.files} == {"salesforce_dataloader"}
    assert all(file.certainty >= 0.9 for file in found.report.files)
    assert found.kinds() == BOTH
    assert found.outcomes == OUTCOMES
    assert found.span == (FIRST, LAST)
    assert found.repairs() == {"deleted record (IsDeleted)": 1}
    acme = found.deals[salesforce_id(1, 15)]
    assert (acme["amount"], acme["decided_at"], acme["currency"]) == (
        Decimal("45000.00"), datetime(2024, 3, 1, 10, 15), "EUR",
    )  # fmt: skip
    delta = found.deals[salesforce_id(4, 15)]
    assert (delta["outcome"], delta["reason"], delta["amount"]) == ("no_decision", "No budget", None)
    assert found.claims(salesforce_id(5, 15)) == [
        ("Prospecting", datetime(2024, 3, 10, 9)),
        ("Negotiation", datetime(2024, 3, 12, 15, 20)),
        ("Prospecting", datetime(2024, 3, 25, 10)),
    ]


def test_the_deals_object_alone_knows_only_the_day_of_the_export(tmp_path: Path) -> None:
    found = read([put(tmp_path, "opportunity.csv", written(sf.opportunities()))])
    assert found.kinds() == ALONE
    assert found.kinds(how="snapshot") == {kind: n for kind, n in ALONE.items() if kind != "deal_created"}
    assert found.outcomes == OUTCOMES
    assert found.deals[salesforce_id(1, 15)]["decided_at"] == datetime(2024, 3, 1)
    assert found.claims(salesforce_id(2, 15)) == [("Proposal", LAST)]


def test_the_history_object_alone_has_no_reasons(tmp_path: Path) -> None:
    found = read([put(tmp_path, "history.csv", written(sf.opportunity_history()))])
    assert found.kinds() == {"amount_set": 5, "close_date_set": 6, "deal_decided": 3, "stage_claimed": 11}
    assert found.outcomes == {"lost": 2, "open": 2, "won": 1}
    assert found.kinds(how="history") == found.kinds()


def test_deals_missing_on_either_side_are_counted(tmp_path: Path) -> None:
    deals = put(tmp_path, "a.csv", written(sf.opportunities()[1:]))
    history = put(tmp_path, "b.csv", written(sf.opportunity_history()[:-3]))
    found = read([deals, history])
    assert found.repairs() == {"deal without any history": 1, "deal that only the history knows": 1}
    assert len(found.deals) == 5


def test_ids_of_15_and_18_characters_are_one_and_mind_case(tmp_path: Path) -> None:
    found = read([put(tmp_path, "a.csv", written(sf.opportunities())),
                  put(tmp_path, "b.csv", written(sf.opportunity_history(length=15)))])  # fmt: skip
    assert set(found.deals) == {salesforce_id(number, 15) for number in range(1, 6)}


REPORTS = [
    ("en", {"quoting": csv.QUOTE_ALL, "footer": True}),
    ("en", {"separator": ";", "encoding": "utf-16", "shuffle": 4}),
    ("en", {"upper": True}),
    ("de", {"separator": ";", "encoding": "cp1252", "footer": True}),
    ("de", {"encoding": "utf-8-sig", "shuffle": 5, "extra": True}),
    ("fr", {"separator": ";"}),
    ("fr", {"separator": "\t", "encoding": "utf-16", "shuffle": 6}),
    ("es", {"separator": ";", "encoding": "cp1252"}),
    ("es", {"quoting": csv.QUOTE_ALL, "shuffle": 7, "footer": True}),
]


@pytest.mark.parametrize(("language", "form"), REPORTS)
def test_opportunity_report(tmp_path: Path, language: str, form: dict[str, Any]) -> None:
    found = read([put(tmp_path, "report.csv", written(sf.report(language), **form))])
    assert [file.layout for file in found.report.files] == ["salesforce_opportunity_report"]
    assert found.kinds() == ALONE
    assert found.outcomes == OUTCOMES
    assert found.span == (FIRST, LAST)
    beta = found.deals[salesforce_id(2, 15)]
    assert (beta["amount"], str(beta["close_on"]), beta["account"]) == (
        Decimal("12500.50"), "2024-06-30", "Beta, Söhne & Co",
    )  # fmt: skip
    assert found.deals[salesforce_id(5, 15)]["owner"] == "Zoë Müller"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("ids", [True, False])
def test_history_report_with_opportunity_report(tmp_path: Path, language: str, ids: bool) -> None:
    history = put(tmp_path, "history.csv", written(sf.history_report(language, ids=ids), footer=True))
    deals = put(tmp_path, "deals.csv", written(sf.report(language, ids=ids), separator=";"))
    found = read([history, deals])
    assert [file.layout for file in found.report.files] == [
        "salesforce_history_report", "salesforce_opportunity_report",
    ]  # fmt: skip
    assert found.kinds() == BOTH
    assert found.outcomes == OUTCOMES
    assert found.span == (FIRST, LAST)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_history_report_alone(tmp_path: Path, language: str) -> None:
    found = read([put(tmp_path, "history.csv", written(sf.history_report(language), shuffle=3))])
    assert found.kinds() == {
        "amount_set": 5, "close_date_set": 6, "deal_created": 5, "deal_decided": 3, "stage_claimed": 11,
    }  # fmt: skip
    assert found.outcomes == {"lost": 2, "open": 2, "won": 1}
    assert found.span == (FIRST, datetime(2024, 4, 2, 12))


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_field_history_with_opportunity_report(tmp_path: Path, language: str) -> None:
    """Old values tell what was so from the creation on, so that the claims are the same as by the history."""
    history = put(tmp_path, "fields.csv", written(sf.field_history(language), separator=";"))
    deals = put(tmp_path, "deals.csv", written(sf.report(language)))
    found = read([deals, history])
    assert {file.layout for file in found.report.files} == {
        "salesforce_opportunity_report", "salesforce_field_history",
    }  # fmt: skip
    assert found.outcomes == OUTCOMES
    kinds = found.kinds()
    assert (kinds["stage_claimed"], kinds["deal_created"]) == (11, 5)
    assert found.claims(salesforce_id(1, 15))[0] == (sf.LOCALES[language].stage("Prospecting"), FIRST)
    assert found.repairs()["change of a field that says nothing about the process"] == 1


def test_field_history_alone(tmp_path: Path) -> None:
    found = read([put(tmp_path, "fields.csv", written(sf.field_history("en", ids=False)))])
    assert found.kinds() == {
        "amount_set": 2, "close_date_set": 5, "deal_created": 5, "deal_decided": 3, "stage_claimed": 11,
    }  # fmt: skip
    assert found.outcomes == {"lost": 2, "open": 2, "won": 1}


def test_field_history_as_the_api_gives_it(tmp_path: Path) -> None:
    names = {"Stage": "StageName", "Close Date": "CloseDate", "Created.": "created"}
    rows = [
        {
            "Id": f"017{n}", "IsDeleted": "false", "OpportunityId": row["Opportunity ID"],
            "CreatedById": row["Edited By"],
            "CreatedDate": row["Edit Date"], "Field": names.get(row["Field / Event"], row["Field / Event"]),
            "OldValue": row["Old Value"], "NewValue": row["New Value"],
        }
        for n, row in enumerate(sf.field_history("en"))
    ]  # fmt: skip
    found = read([put(tmp_path, "ofh.csv", written(rows))])
    assert [file.layout for file in found.report.files] == ["salesforce_field_history"]
    assert (found.kinds()["stage_claimed"], found.outcomes) == (11, {"lost": 2, "open": 2, "won": 1})


def test_the_history_of_a_deleted_deal_goes_with_it(tmp_path: Path) -> None:
    rows = [dict(row) for row in sf.opportunities()]
    rows[1]["IsDeleted"] = "true"
    found = read([put(tmp_path, "b.csv", written(sf.opportunity_history(length=15))),
                  put(tmp_path, "a.csv", written(rows))])  # fmt: skip
    assert len(found.deals) == 4
    assert found.repairs() == {"deleted record (IsDeleted)": 1, "history row of a deleted record": 3}


def test_a_deal_listed_twice_is_kept_as_modified_last(tmp_path: Path) -> None:
    rows = [dict(row) for row in sf.opportunities()]
    newer = {**rows[1], "Amount": "777", "LastModifiedDate": "2024-04-01T00:00:00.000Z"}
    older = {**rows[4], "Amount": "1", "LastModifiedDate": "2024-01-01T00:00:00.000Z"}
    found = read([put(tmp_path, "a.csv", written([*rows, newer, older]))])
    assert found.deals[salesforce_id(2, 15)]["amount"] == Decimal(777)
    assert found.deals[salesforce_id(5, 15)]["amount"] == Decimal("99999.99")
    repair = next(r for r in found.report.repairs if "stands there already" in r.what)
    assert (repair.count, repair.lines, repair.file) == (2, (3, 8), "a.csv")


def test_events_before_creation_are_kept_and_counted(tmp_path: Path) -> None:
    rows = [dict(row) for row in sf.opportunities()]
    rows[0]["CreatedDate"] = "2024-02-01T00:00:00.000Z"
    found = read([put(tmp_path, "a.csv", written(rows)), put(tmp_path, "b.csv", written(sf.opportunity_history()))])
    assert found.repairs() == {"events before creation": 2}
    assert found.claims(salesforce_id(1, 15))[0] == ("Prospecting", FIRST)


def test_reports_without_ids_tell_deals_apart_by_name_and_account(tmp_path: Path) -> None:
    rows = [dict(row) for row in sf.report("en", ids=False)]
    rows[1]["Opportunity Name"] = rows[0]["Opportunity Name"]
    history = [row for row in sf.history_report("en", ids=False) if row["Opportunity Name"] != "Beta Rollout"]
    found = read([put(tmp_path, "a.csv", written(rows)), put(tmp_path, "b.csv", written(history))])
    assert set(found.deals) == {
        "Acme Renewal · Acme GmbH", "Acme Renewal · Beta, Söhne & Co", "Gamma Pilot", "Delta Suite", "Epsilon Trial",
    }  # fmt: skip
    assert found.repairs()["history row whose deal is called like several deals"] == 5


def test_a_stage_named_by_the_company_closes_when_the_crm_says_so(tmp_path: Path) -> None:
    def renamed(rows: list[Any]) -> list[dict[str, str]]:
        return [{**row, "StageName": row["StageName"].replace("Closed Won", "Signed")} for row in rows]

    deals, history = renamed(sf.opportunities()), renamed(sf.opportunity_history())
    together = read([put(tmp_path, "a.csv", written(deals)), put(tmp_path, "b.csv", written(history))])
    assert together.kinds() == BOTH
    alone = read([put(tmp_path, "b.csv", written(history))])
    assert alone.outcomes == {"lost": 2, "open": 2, "won": 1}


def test_a_reopened_deal_is_open_again(tmp_path: Path) -> None:
    rows = [dict(row) for row in sf.opportunity_history()]
    rows.append(
        {
            **rows[4],
            "CreatedDate": "2024-03-20T10:00:00.000Z",
            "StageName": "Negotiation",
            "ForecastCategory": "Pipeline",
        }
    )
    found = read([put(tmp_path, "b.csv", written(rows))])
    assert found.kinds()["deal_reopened"] == 1
    assert found.outcomes == {"lost": 2, "open": 3}
    assert found.deals[salesforce_id(1, 15)]["claimed"] == "Negotiation"


def test_an_edit_of_a_deal_whose_earlier_history_is_not_in_the_file(tmp_path: Path) -> None:
    rows = [dict(row) for row in sf.history_report("en") if row["Opportunity Name"] == "Beta Rollout"][2:]
    found = read([put(tmp_path, "b.csv", written(rows))])
    claim = next(e for e in found.events if e[1] == "stage_claimed")
    assert claim[2:5] == ("Proposal", datetime(2024, 3, 18, 7, 30), "assumed")
