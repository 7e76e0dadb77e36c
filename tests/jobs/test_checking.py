"""The check of an import: every row read, questions put, problems shown with their rows, nothing written."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as searched
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.connectors.files.tables import read_table
from headway.connectors.mapping_file import parse_mapping
from headway.connectors.mapping_text import Chosen, mapping_text, problems_of
from headway.connectors.preview import head_of, header_digest, shown_table
from headway.diagnosis.value import Repair
from headway.jobs.checking import for_pages, run_check
from headway.jobs.importing import run_import
from headway.jobs.problem_rows import told_problems
from headway.jobs.task import Task
from headway.store.actions import uploads
from headway.store.actions.uploads import Incoming
from headway.store.models import Deal, Event, ImportBatch, Job
from tests.cast import Cast, make_cast

DATABASE = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HEADER = "Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Created Date,Account Name,Opportunity Owner\n"
MINE = "number,customer,agent,step,value,opened\n7,Acme,Ann,Offer,1200,2026-01-05\n8,Bolt,Bo,Won,90,2026-01-06\n"
PATIENT = searched(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CRM_DATA = Path(__file__).parents[3] / "shared/data/crm_sales"


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def deal_row(number: int, stage: str = "Proposal", amount: str = "1200", close: str = "2026-05-20") -> str:
    return f"006xx{number:010d}ABC,Deal {number},{stage},{amount},{close},2026-01-15,Acme {number},Ann\n"


def handed(cast: Cast, files: dict[str, str], *, mapping: str = "", processes: Sequence[str] = ()) -> ImportBatch:
    """Files in the uploads folder, as the wizard leaves them."""
    folder = uploads.uploads_folder() / f"t{ImportBatch.objects.count()}-{id(files)}"
    folder.mkdir()
    incoming = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        incoming.append(Incoming(name, path, len(text), digest))
    return uploads.hand_in(
        workspace=cast.workspace, files=incoming, mapping=mapping, processes=processes, by=cast.olga, at=AT
    )


def check(batch: ImportBatch) -> ImportBatch:
    run_check(Task(batch.workspace, batch.by, AT, lambda: AT, {"batch": batch.key}))
    batch.refresh_from_db()
    return batch


def finish(batch: ImportBatch, cast: Cast) -> ImportBatch:
    uploads.start(batch=batch, by=cast.olga, at=AT)
    run_import(Task(batch.workspace, batch.by, AT, lambda: AT, {"batch": batch.key}))
    batch.refresh_from_db()
    return batch


@DATABASE
def test_a_known_export_is_read_whole_and_nothing_is_written() -> None:
    cast = make_cast()
    rows = "".join(deal_row(n, ("Proposal", "Closed Won", "Closed Lost")[n % 3]) for n in range(30))
    batch = check(handed(cast, {"Opportunities 2026-03-01.csv": HEADER + rows}))
    report = batch.report
    assert batch.state == "ready"
    assert report["compared"] == {"new": 30, "changed": 0, "same": 0, "events": report["compared"]["events"]}
    assert (report["counts"]["deals"], report["counts"]["won"], report["counts"]["lost"]) == (30, 10, 10)
    assert report["counts"]["owners"] == 1
    assert report["counts"]["accounts"] == 30
    table = report["tables"][0]
    assert (table["layout"], table["rows"]) == ("salesforce_opportunity_report", 30)
    assert ["Stage", "stage", ["Proposal", "Closed Won", "Closed Lost"]] in table["columns"]
    assert not Deal.objects.filter(workspace=cast.workspace).exists()
    assert not Event.objects.filter(workspace=cast.workspace).exists()


@DATABASE
def test_a_newer_export_says_what_it_changes_before_it_does() -> None:
    cast = make_cast()
    first = HEADER + "".join(deal_row(n) for n in range(10))
    finish(check(handed(cast, {"Opportunities 2026-03-01.csv": first})), cast)
    newer = HEADER + "".join(deal_row(n, "Negotiation" if n < 3 else "Proposal") for n in range(12))
    batch = check(handed(cast, {"Opportunities 2026-03-08.csv": newer}))
    assert {name: batch.report["compared"][name] for name in ("new", "changed", "same")} == {
        "new": 2, "changed": 3, "same": 7,
    }  # fmt: skip
    done = finish(batch, cast)
    assert (done.state, done.deals_made, done.deals_changed) == ("done", 2, 3)
    again = check(handed(cast, {"Opportunities 2026-03-08.csv": newer}))
    assert again.report["compared"] == {"new": 0, "changed": 0, "same": 12, "events": 0}


@DATABASE
def test_the_order_of_day_and_month_is_asked_with_samples_and_the_answer_remembered() -> None:
    cast = make_cast()
    rows = "".join(deal_row(n, close=f"0{n + 1}/0{9 - n}/2026") for n in range(8))
    batch = check(handed(cast, {"deals.csv": HEADER + rows}))
    question = batch.report["question"]
    assert (batch.state, question["kind"], question["name"]) == ("asking", "choice", "day_order")
    assert question["samples"][:2] == ["01/09/2026", "02/08/2026"]
    batch = check(uploads.answer(batch=batch, told={"day_order": "mdy"}, by=cast.olga, at=AT))
    assert (batch.state, batch.answers["day_order"]) == ("ready", "mdy")
    finish(batch, cast)
    due = Event.objects.filter(workspace=cast.workspace, kind="close_date_set").order_by("due_on").first()
    assert due is not None
    assert due.due_on is not None
    assert (due.due_on.month, due.due_on.day) == (1, 9)


@DATABASE
def test_dates_that_contradict_each_other_become_a_question_too() -> None:
    cast = make_cast()
    rows = deal_row(1, close="31/01/2026") + deal_row(2, close="01/31/2026")
    batch = check(handed(cast, {"deals.csv": HEADER + rows}))
    assert (batch.state, batch.report["question"]["name"]) == ("asking", "day_order")
    assert "--" not in batch.report["question"]["text"]


@DATABASE
def test_unknown_columns_are_asked_once_and_known_the_next_time() -> None:
    cast = make_cast()
    batch = check(handed(cast, {"mine.csv": MINE}))
    assert (batch.state, batch.report["question"]["kind"]) == ("asking", "columns")
    table = batch.report["question"]["tables"][0]
    roles = {"number": "id", "customer": "account", "agent": "owner", "step": "stage", "opened": "created"}
    chosen = [Chosen("mine.csv", "deals", roles)]
    told = {"mapping": mapping_text(chosen), "chosen": {table["header"]: {"use": "deals", "roles": roles}}}
    batch = check(uploads.settle_columns(batch=batch, out=(), told=told, by=cast.olga, at=AT))
    assert batch.state == "ready"
    assert batch.report["counts"]["deals"] == 2
    next_time = check(handed(cast, {"other name.csv": MINE.replace("1200", "1300")}))
    assert next_time.state == "ready"
    assert {name: role for name, role, _ in next_time.report["tables"][0]["columns"]}["agent"] == "owner"


@DATABASE
def test_what_one_workspace_said_of_columns_is_not_known_in_another() -> None:
    cast = make_cast()
    told = {"mapping": "", "chosen": {header_digest(["a", "b"]): {"use": "deals", "roles": {"a": "id"}}}}
    handed_in = handed(cast, {"t.csv": "a,b\n1,2\n"})
    uploads.answer(batch=handed_in, told=told, by=cast.olga, at=AT)
    folder = uploads.uploads_folder() / "carol"
    folder.mkdir()
    (folder / "t.csv").write_text("a,b\n1,2\n")
    batch = uploads.hand_in(
        workspace=cast.elsewhere, files=[Incoming("t.csv", folder / "t.csv", 8, "0")], mapping="", processes=(),
        by=cast.carol, at=AT,
    )  # fmt: skip
    assert check(batch).state == "asking"


@DATABASE
def test_a_table_beside_a_known_export_may_be_left_out() -> None:
    cast = make_cast()
    batch = check(handed(cast, {"deals.csv": HEADER + deal_row(1), "mine.csv": MINE}))
    assert batch.report["question"]["beside"] == ["deals.csv"]
    batch = check(uploads.leave_out(batch=batch, name="mine.csv", by=cast.olga, at=AT))
    assert batch.state == "ready"
    assert [upload.name for upload in batch.uploads.all()] == ["deals.csv"]


@DATABASE
def test_an_event_log_asks_for_a_mapping_and_a_wrong_mapping_names_its_lines() -> None:
    cast = make_cast()
    log = '<?xml version="1.0"?><log><trace><string key="concept:name" value="1"/></trace></log>'
    batch = check(handed(cast, {"log.xes": log}))
    assert (batch.state, batch.report["question"]["kind"]) == ("asking", "mapping")
    text = "headway: mapping/1\ndeals:\n  id: nowhere\n"
    batch = check(handed(cast, {"mine.csv": MINE}, mapping=text))
    assert batch.state == "failed"
    assert batch.report["lines"][0][0] == 3
    assert "nowhere" in batch.report["lines"][0][1]


@DATABASE
def test_problem_rows_are_shown_with_the_cell_and_downloaded_without_formulas() -> None:
    cast = make_cast()
    good = "".join(deal_row(n) for n in range(40))
    bad = "".join(deal_row(n, close="tbd") for n in range(40, 70)) + deal_row(80, amount="a lot")
    evil = deal_row(90, close="soon").replace("Deal 90", "=HYPERLINK(1)")
    batch = check(handed(cast, {"deals.csv": HEADER + good + bad + evil}))
    problem = next(one for one in batch.report["problems"] if "'tbd'" in one["what"])
    assert (problem["kind"], problem["count"], problem["column"]) == ("dropped", 30, "Close Date")
    assert problem["rows"][0]["line"] == 42
    assert problem["rows"][0]["cells"][0] == "tbd"
    upload = batch.uploads.get()
    made = Path(upload.path).parent / batch.report["problem_files"]["deals.csv"]
    rows = list(csv.reader(io.StringIO(made.read_text(encoding="utf-8-sig"))))
    assert sum("'tbd'" in row[0] for row in rows) == 30  # all of them, not the first twenty
    assert any("'=HYPERLINK(1)" in row for row in rows)
    assert made.stat().st_mode & 0o077 == 0


@DATABASE
def test_a_file_without_deals_fails_with_why_and_cannot_be_started() -> None:
    cast = make_cast()
    batch = check(handed(cast, {"deals.csv": HEADER}))
    assert batch.state == "failed"
    assert "deals.csv" in batch.report["failed"]
    with pytest.raises(UserError, match="not checked"):
        uploads.start(batch=batch, by=cast.olga, at=AT)


@DATABASE
def test_a_process_file_is_published_by_the_import_and_not_before() -> None:
    cast = make_cast()
    text = cast.version.text.replace("Selling to a buying group", "New business")
    assert text != cast.version.text
    batch = check(handed(cast, {"deals.csv": HEADER + deal_row(1)}, processes=[text]))
    names = {process.name for process in cast.workspace.process_set.all()}
    assert "New business" not in names
    finish(batch, cast)
    assert "New business" in {process.name for process in cast.workspace.process_set.all()}


@DATABASE
def test_files_go_with_a_drop_and_forgotten_imports_by_night() -> None:
    cast = make_cast()
    batch = check(handed(cast, {"deals.csv": HEADER + deal_row(1, close="tbd")}))
    folder = Path(batch.uploads.get().path).parent
    assert folder.is_dir()
    uploads.drop(batch=batch, by=cast.olga, at=AT)
    assert not folder.exists()
    forgotten = check(handed(cast, {"deals.csv": HEADER + deal_row(2)}))
    lying = uploads.uploads_folder() / "left-over"
    lying.mkdir()
    uploads.sweep_uploads(at=AT + timedelta(hours=1))
    assert Path(forgotten.uploads.get().path).exists()
    uploads.sweep_uploads(at=datetime.now(UTC) + timedelta(days=20))
    forgotten.refresh_from_db()
    assert forgotten.state == "dropped"
    assert not lying.exists()


@DATABASE
def test_a_started_import_takes_no_more_answers_but_one_that_gave_up_does() -> None:
    cast = make_cast()
    batch = check(handed(cast, {"deals.csv": HEADER + deal_row(1)}))
    job = uploads.start(batch=batch, by=cast.olga, at=AT)
    with pytest.raises(UserError, match="being written"):
        uploads.drop(batch=batch, by=cast.olga, at=AT)
    Job.objects.filter(pk=job.pk).update(state="failed")
    uploads.drop(batch=batch, by=cast.olga, at=AT)
    batch.refresh_from_db()
    assert batch.state == "dropped"


# --- the parts that need no database ---


@PATIENT
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True), st.randoms())
def test_a_header_is_known_again_in_any_order(columns: list[str], random: Any) -> None:
    shuffled = list(columns)
    random.shuffle(shuffled)
    assert header_digest(columns) == header_digest(shuffled)
    assert header_digest(columns) != header_digest([*columns, "z"])


letters = st.characters(min_codepoint=33, exclude_categories=["Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp"])
name = st.text(letters, min_size=1, max_size=20)


@PATIENT
@given(name.map(lambda text: f"{text}.csv"), name.filter(lambda text: text != "stage"))
def test_whatever_a_file_or_column_is_called_its_mapping_is_read_back(file: str, column: str) -> None:
    mapping = parse_mapping(mapping_text([Chosen(file, "deals", {column: "id", "stage": "stage"})]), "told")
    assert mapping.deals is not None
    assert mapping.deals.roles["id"].columns == (column,)


def test_what_does_not_fit_is_told_beside_its_column() -> None:
    twice = Chosen("a.csv", "deals", {"n": "id", "m": "id", "c": "created"})
    assert problems_of([twice]) == {("a.csv", "m"): "“n” means this already: choose one of the two."}
    assert ("a.csv", "") in problems_of([Chosen("a.csv", "deals", {"s": "stage"})])
    assert ("a.csv", "") in problems_of([Chosen("a.csv", "history", {"n": "id"})])
    assert ("a.csv", "") in problems_of([Chosen("a.csv", "out")])
    dated = {"n": "id", "c": "created"}
    both = [Chosen("a.csv", "deals", dated), Chosen("b.csv", "deals", dated)]
    assert list(problems_of(both)) == [("b.csv", "")]
    assert not problems_of([both[0], Chosen("b.csv", "history", {"n": "id", "t": "when"})])
    assert "date" in problems_of([Chosen("a.csv", "deals", {"n": "id", "s": "stage"})])["a.csv", ""]


def test_the_head_of_a_large_text_has_the_columns_of_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(HEADER + "".join(deal_row(n) for n in range(30_000)))
    head, whole = head_of(path), read_table(path)
    assert head.columns == whole.columns
    assert 0 < len(head) < len(whole)
    assert shown_table(head).layout == shown_table(whole).layout == "salesforce_opportunity_report"


def test_a_row_that_the_reader_left_out_is_shown_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    shown, files = told_problems([Repair("dropped", "row like none", 1, "t.csv", (9,))], {"t.csv": path}, tmp_path)
    assert shown[0]["rows"] == [{"line": 9, "cells": [], "raw": ""}]
    assert list(files) == ["t.csv"]


@pytest.mark.parametrize("said", ["x.csv has the layout of no export known here; pass `--mapping FILE`, or more.",
                                  "times name no zone and are taken as UTC (`--zone` says otherwise)"])  # fmt: skip
def test_no_page_names_an_option_of_the_command_line(said: str) -> None:
    assert "--" not in for_pages(said)


@DATABASE
@pytest.mark.skipif(not CRM_DATA.is_dir(), reason="the public CRM data is not beside the repository")
def test_a_public_crm_export_is_proposed_as_it_is() -> None:
    table = shown_table(head_of(CRM_DATA / "sales_pipeline.csv"))
    roles = {column.name: column.role for column in table.columns if column.role}
    assert roles == {
        "opportunity_id": "id", "sales_agent": "owner", "account": "account", "deal_stage": "stage",
        "engage_date": "created", "close_date": "close", "close_value": "amount",
    }  # fmt: skip
