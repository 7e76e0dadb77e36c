# ruff: noqa: DTZ001 - the log's instants are UTC without a zone
from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from headway.basics.cells import guarded
from headway.basics.errors import InvalidFileError, UserError
from headway.connectors.mapping_file import load_mapping, parse_mapping
from headway.connectors.question import Question
from tests.connectors.reading_log import read

ROOT = Path(__file__).parents[2]
CRM_SALES = ROOT.parent / "shared/data/crm_sales/sales_pipeline.csv"
LOAN = ROOT.parent / "shared/data/loan_applications/BPI_Challenge_2012.xes.gz"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.skipif(not CRM_SALES.is_file(), reason="the crm_sales data is not beside the repository")
def test_the_real_crm_export() -> None:
    found = read([CRM_SALES], mapping=load_mapping(ROOT / "examples/crm_sales_mapping.yaml"))
    assert found.outcomes == {"lost": 2473, "open": 2089, "won": 4238}
    claimed = [deal["claimed"] for deal in found.deals.values() if deal["outcome"] is None]
    assert (claimed.count("Engaging"), claimed.count("Prospecting")) == (1589, 500)
    assert found.kinds() == {
        "amount_set": 4238, "deal_decided": 6711, "owner_set": 8800, "stage_claimed": 8800,
    }  # fmt: skip
    assert found.span == (datetime(2016, 10, 20), datetime(2017, 12, 31))
    assert sum(deal["amount"] or 0 for deal in found.deals.values()) == Decimal("10005534")
    assert found.repairs() == {
        "'GTXPro' written as 'GTX Pro' in column 'product'": 1480,
        "'technolgy' written as 'technology' in column 'sector'": 12,
    }
    assert {deal["segment"] for deal in found.deals.values() if deal["account"]} == {
        "employment", "entertainment", "finance", "marketing", "medical", "retail", "services", "software",
        "technology",
        "telecommunications",
    }  # fmt: skip
    assert len({deal["team"] for deal in found.deals.values()}) == 6


@pytest.mark.skipif(not LOAN.is_file(), reason="the loan data is not beside the repository")
def test_the_real_loan_log() -> None:
    """Counts of cases and offers as published and in ../shared/facts/methods.md, section 2."""
    found = read([LOAN], mapping=load_mapping(ROOT / "examples/loan_mapping.yaml"))
    assert found.outcomes == {"lost": 7635, "no_decision": 1004, "open": 399, "withdrawn": 1803, "won": 2246}
    offers = [deal["outcome"] or "open" for deal in found.deals.values() if deal["claimed"] == "Offer out"]
    assert {name: offers.count(name) for name in set(offers)} == {
        "won": 2246, "lost": 802, "withdrawn": 1080, "no_decision": 560, "open": 327,
    }  # fmt: skip
    assert {deal["reason"] for deal in found.deals.values() if deal["outcome"] == "lost"} == {"declined by the bank"}
    returned = {e[0] for e in found.events if e[1] == "buyer_acted" and e[2] == "returned the signed offer"}
    assert len(returned) == 3254
    calls = [e for e in found.events if e[2] == "call after the offer"]
    assert len(calls) == 22406
    assert found.kinds()["deal_created"] == 13087
    first, last = found.span
    assert (first, last) == (datetime(2011, 9, 30, 22, 38, 44, 546000), datetime(2012, 3, 14, 15, 4, 46, 192000))
    assert "112" not in {deal["owner"] for deal in found.deals.values()}
    assert all(deal["owner"] for deal in found.deals.values() if deal["claimed"] == "Offer out")
    assert list(found.repairs()) == ["event that the mapping leaves out on purpose"]
    kept = 262200 - found.repairs()["event that the mapping leaves out on purpose"]
    rows_with_two_meanings = 13087 * 2  # A_SUBMITTED: created, claimed, acted
    assert sum(found.kinds().values()) - found.kinds()["owner_set"] - 13087 == kept + rows_with_two_meanings


MAPPING = """\
headway: mapping/1
dates: dmy
deals:
  file: deals.csv
  id: No
  name: Title
  account: Client
  owner: Rep
  amount: {column: Value, blank: ["tbd"]}
  stage: Step
  created: Opened
  closed: Ended
  expected_close: Due
  reason: Why
  stage_dates:
    Offer: Offered
  outcome:
    column: State
    won: [signed]
    lost: [declined]
    open: [running]
  reasons:
    no_decision: [Silence]
    withdrawn: [Ours]
history:
  file: moves.csv
  deal: No
  stage: Step
  when: On
  who: By
lookups:
  - {file: clients.csv, key: Client, matches: Client, take: {segment: Branch}}
clean:
  Client: {ACME: Acme}
"""
DEALS = """\
No;Title;Client;Rep;Value;Step;Opened;Ended;Due;Why;Offered;State
1;One;ACME;Ann;1.234,50;Offer;01.02.2024;05.03.2024;;;15.02.2024;signed
2;Two;Beta;Ben;tbd;Talk;02.02.2024;;30.06.2024;;;running
3;Three;Gone;Ann;500,00;Talk;03.02.2024;06.03.2024;;Silence;;declined
4;Four;Acme;Ben;700,00;Talk;04.02.2024;07.03.2024;;Ours;;declined
5;Five;Acme;Ben;800,00;Talk;05.02.2024;08.03.2024;;Price;;paused
5;Five again;Acme;Ben;800,00;Talk;05.02.2024;08.03.2024;;Price;;declined
;No id;;Ben;;Talk;;;;;;running
"""


def test_a_mapped_deals_file_with_history_and_lookup(tmp_path: Path) -> None:
    deals = put(tmp_path, "deals.csv", DEALS)
    moves = put(tmp_path, "moves.csv", "No,Step,On,By\n1,Talk,01.02.2024 10:00,Ann\n2,Talk,02.02.2024 11:00,Ben\n"
                "2,Visit,20.02.2024 09:00,Ben\n9,Talk,01.03.2024 12:00,Ann\n")  # fmt: skip
    put(tmp_path, "clients.csv", "Client,Branch\nAcme,Steel\nBeta,Food\nACME,Steel\n")
    found = read([moves, deals], mapping=parse_mapping(MAPPING, "m.yaml"))
    assert {number: deal["outcome"] for number, deal in found.deals.items()} == {
        "1": "won", "2": None, "3": "no_decision", "4": "withdrawn", "5": None, "No id": None, "9": None,
    }  # fmt: skip
    assert found.deals["1"]["amount"] == Decimal("1234.50")
    assert found.deals["1"]["segment"] == "Steel"
    assert found.claims("1") == [("Talk", datetime(2024, 2, 1, 10)), ("Offer", datetime(2024, 2, 15))]
    repairs = found.repairs()
    assert repairs["'ACME' written as 'Acme' in column 'Client'"] == 1  # in each of two files
    assert repairs["'Client' that clients.csv does not list"] == 1
    assert any(what.startswith("'paused' in column 'State' is in no list") for what in repairs)
    assert any(what.startswith("row with the id of a deal that stands there already") for what in repairs)
    assert repairs["deal that only the history knows"] == 1


def test_columns_that_are_not_there_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = put(tmp_path, "deals.csv", "No,Title,Client\n1,One,Acme\n")
    lookup = "lookups:\n  - {file: clients.csv, key: Client, matches: Client, take: {segment: Branch}}\n"
    assert lookup in MAPPING
    with pytest.raises(InvalidFileError) as caught:
        read([path], mapping=parse_mapping(MAPPING.replace(lookup, ""), "m.yaml"))
    lines = [problem.line for problem in caught.value.problems]
    assert lines == [8, 9, 10, 11, 12, 13, 14, 16, 18]
    assert "no column `Rep`" in caught.value.problems[0].message


def test_columns_named_on_the_command_line(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv", "K,S,A,Z\nd1,Closed Won,100,2024-03-01\nd2,Talks,200,\n")
    found = read([path], columns={"deal": "K", "stage": "S", "amount": "A", "closed": "Z"})
    assert found.outcomes == {"open": 1, "won": 1}
    with pytest.raises(UserError, match="names no role"):
        read([path], columns={"deal": "K", "colour": "S"})
    with pytest.raises(UserError, match="has no column `Q`"):
        read([path], columns={"deal": "Q"})


def test_a_history_named_on_the_command_line(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv",
    "K,S,T\nd1,Talks,2024-03-01 10:00\nd1,Talks,2024-03-02 10:00\nd1,Closed Lost,2024-03-03\n"
               "d1,Talks,2024-03-05\n")  # fmt: skip
    found = read([path], columns={"deal": "K", "stage": "S", "when": "T"})
    assert found.kinds() == {"deal_decided": 1, "deal_reopened": 1, "stage_claimed": 2}
    assert found.outcomes == {"open": 1}


EVENTS = """\
headway: mapping/1
events:
  deal: Case
  what: Event
  when: Time
  who: User
  contact: Customer
  recorded: Logged
  automatic: [bot]
  owner: [offer, "*"]
  rules:
    - {what: opened, kind: deal_created}
    - {what: opened, kind: stage_claimed, name: New}
    - {what: offer, kind: stage_claimed, name: Offer, occurrence: first}
    - {what: offer, kind: activity_done, name: another offer, occurrence: later}
    - {what: "call*", kind: activity_done}
    - {what: reply, kind: buyer_acted, grade: 2}
    - {what: end, by: automatic, kind: deal_decided, outcome: no_decision}
    - {what: end, by: person, kind: deal_decided, outcome: lost}
  ignore:
    - {what: ping}
"""
ROWS = [
    ("a", "opened", "2024-01-01T10:00:00", "bot", "", ""),
    ("a", "call in", "2024-01-02T10:00:00", "ann", "", ""),
    ("a", "offer", "2024-01-03T10:00:00", "ben", "", "2024-01-09T10:00:00"),
    ("a", "reply", "2024-01-04T10:00:00", "ben", "Mrs Kay", ""),
    ("a", "offer", "2024-01-05T10:00:00", "ann", "", ""),
    ("a", "end", "2024-01-06T10:00:00", "bot", "", ""),
    ("b", "opened", "2024-01-01T11:00:00", "bot", "", ""),
    ("b", "ping", "2024-01-01T12:00:00", "bot", "", ""),
    ("b", "mystery", "2024-01-01T12:00:00", "ann", "", ""),
    ("b", "end", "2024-01-07T10:00:00", "ann", "", ""),
    ("", "end", "2024-01-07T10:00:00", "ann", "", ""),
]  # fmt: skip
COLUMNS = ("Case", "Event", "Time", "User", "Customer", "Logged")


def events_csv(folder: Path) -> Path:
    path = folder / "events.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])
    return path


def events_parquet(folder: Path) -> Path:
    def instant(text: str) -> datetime | None:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None

    columns: dict[str, Any] = {name: [row[place] or None for row in ROWS] for place, name in enumerate(COLUMNS)}
    for name in ("Time", "Logged"):
        columns[name] = pa.array([instant(text or "") for text in columns[name]], pa.timestamp("us", "UTC"))
    path = folder / "events.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def events_xes(folder: Path) -> Path:
    def event(row: tuple[str, ...]) -> str:
        keys = (("concept:name", row[1]), ("org:resource", row[3]), ("Customer", row[4]), ("Logged", row[5]))
        texts = "".join(f'<string key="{key}" value="{value}"/>' for key, value in keys if value)
        return f'<event>{texts}<date key="time:timestamp" value="{row[2]}Z"/></event>'

    traces = "".join(
        f'<trace><string key="concept:name" value="{case}"/>{"".join(event(r) for r in ROWS if r[0] == case)}</trace>'
        for case in ("a", "b")
    )
    path = folder / "events.xes.gz"
    path.write_bytes(gzip.compress(f'<?xml version="1.0"?><log>{traces}</log>'.encode()))
    return path


@pytest.mark.parametrize("make", [events_csv, events_parquet, events_xes])
def test_event_tables_of_three_kinds_give_the_same_log(tmp_path: Path, make: Any) -> None:
    text = EVENTS
    if make is events_xes:
        for line in ("  deal: Case\n", "  what: Event\n", "  when: Time\n", "  who: User\n"):
            text = text.replace(line, "")
    found = read([make(tmp_path)], mapping=parse_mapping(text, "m.yaml"))
    day = datetime(2024, 1, 1, 10)
    assert [(e[0], e[1], e[2], e[3]) for e in found.events] == [
        ("a", "deal_created", None, day),
        ("a", "stage_claimed", "New", day),
        ("a", "owner_set", "ann", day + timedelta(days=1)),
        ("a", "activity_done", "call in", day + timedelta(days=1)),
        ("a", "stage_claimed", "Offer", day + timedelta(days=2)),
        ("a", "owner_set", "ben", day + timedelta(days=2)),
        ("a", "buyer_acted", "reply", day + timedelta(days=3)),
        ("a", "activity_done", "another offer", day + timedelta(days=4)),
        ("a", "deal_decided", "no_decision", day + timedelta(days=5)),
        ("b", "deal_created", None, day + timedelta(hours=1)),
        ("b", "stage_claimed", "New", day + timedelta(hours=1)),
        ("b", "owner_set", "ann", day + timedelta(hours=2)),
        ("b", "deal_decided", "lost", day + timedelta(days=6)),
    ]
    assert found.outcomes == {"lost": 1, "no_decision": 1}
    repairs = found.repairs()
    assert repairs["event `mystery`, which no rule of the mapping names"] == 1
    assert repairs["event that the mapping leaves out on purpose"] == 1
    if make is not events_xes:
        assert repairs["event without a deal, a name or a readable time"] == 1
        assert sum(e[4] == "history" for e in found.events) == 1  # the one with a time of recording
    else:
        assert {e[4] for e in found.events} == {"history"}


def test_a_mapping_that_names_no_event_says_which_there_are(tmp_path: Path) -> None:
    mapping = parse_mapping("headway: mapping/1\nevents:\n  rules:\n    - {what: Z, kind: deal_created}\n", "m.yaml")
    with pytest.raises(UserError, match=r"no rule of the mapping names any of its events .*`call in`"):
        read([events_xes(tmp_path)], mapping=mapping)


def test_an_xes_log_needs_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="pass `--mapping FILE`"):
        read([events_xes(tmp_path)])


def test_ambiguous_days_are_asked_or_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv", "K,S,Z\nd1,Closed Won,03/04/2024\nd2,Closed Won,05/06/2024\n")
    columns = {"deal": "K", "stage": "S", "closed": "Z"}
    with pytest.raises(UserError, match="--day-order dmy"):
        read([path], columns=columns)
    asked: list[Question] = []

    def ask(question: Question) -> str:
        asked.append(question)
        return "mdy"

    assert read([path], columns=columns, ask=ask).deals["d1"]["decided_at"] == datetime(2024, 3, 4)
    assert [question.option for question in asked] == ["--day-order"]
    assert read([path], columns=columns, day_order="dmy").deals["d1"]["decided_at"] == datetime(2024, 4, 3)


def test_one_column_tells_the_order_for_the_whole_file(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv", "K,S,Z,C\nd1,Closed Won,03/04/2024,25/12/2023\n")
    found = read([path], columns={"deal": "K", "stage": "S", "closed": "Z", "created": "C"})
    assert found.deals["d1"]["decided_at"] == datetime(2024, 4, 3)


def test_an_unknown_layout_says_what_to_pass(tmp_path: Path) -> None:
    path = put(tmp_path, "x.csv", "Planet,Moons\nMars,2\n")
    with pytest.raises(UserError, match=r"layout of no export known here .*`Planet`, `Moons`.*--mapping FILE"):
        read([path])


def test_files_that_the_mapping_does_not_describe(tmp_path: Path) -> None:
    mapping = parse_mapping(MAPPING, "m.yaml")
    with pytest.raises(UserError, match=r"other\.csv is no file that m\.yaml describes"):
        read([put(tmp_path, "other.csv", "a\n1\n")], mapping=mapping)
    with pytest.raises(InvalidFileError, match=r"clients\.csv stands neither beside deals\.csv"):
        read([put(tmp_path, "deals.csv", DEALS)], mapping=mapping)


def test_the_guard_against_formulas_comes_off_again(tmp_path: Path) -> None:
    names = ["=1+1", "'=1+1", "+49 30 1234", "@home", "-5", "'tis the season", "Plain"]
    lines = [f'{number},"{guarded(name)}",Qualify,2026-01-0{number + 1}' for number, name in enumerate(names)]
    file = put(tmp_path, "deals.csv", "\n".join(["id,name,stage,created", *lines]) + "\n")
    found = read([file], columns={"id": "id", "name": "name", "stage": "stage", "created": "created"})
    assert [deal["name"] for _, deal in sorted(found.deals.items())] == names
