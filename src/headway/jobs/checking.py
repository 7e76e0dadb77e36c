"""The check of an import: every row read and counted, nothing written to the history.

It ends in one of three states of the import: `asking` (only a person knows), `ready` or `failed`. `report` holds
what the page shows, see `_told`; `question` while asking, `failed` (one sentence) where it cannot go on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

from headway.basics.errors import InvalidFileError, UserError
from headway.basics.periods import AsOf
from headway.connectors.event_files import is_xes
from headway.connectors.files.headway_events import holds_headway_events
from headway.connectors.files.limits import UPLOAD
from headway.connectors.mapping_file import parse_mapping
from headway.connectors.mapping_text import Chosen, mapping_text, problems_of
from headway.connectors.preview import TableShown, head_of, shown_table
from headway.connectors.question import Choice, Question
from headway.connectors.source import SourceReport, read_sources
from headway.deals.event_log import EventLog, last_event_at, sql_text
from headway.jobs.problem_rows import told_problems
from headway.jobs.task import Task, Told
from headway.store.actions.batches import tell_batch
from headway.store.queries.batches import BatchRow, get_batch_of, upload_paths
from headway.store.queries.imports import compare, find_choices

MEMORY_MIB = 1024
SMALL_BYTES = 20_000_000
OPTIONS = {"--day-order": "day_order", "--decimal-mark": "decimal_mark", "--layout": "layout"}
DAY_ORDER = (Choice("dmy", "day first"), Choice("mdy", "month first"))
DECIMAL_MARK = (Choice("point", "1,234.50"), Choice("comma", "1.234,50"))
PLACE = re.compile(r"^(?P<file>.+?): (?:dates|amounts) such as .*? in column '(?P<column>.+?)'")
PLACE_OF_COLUMN = re.compile(r"^(?P<file>.+?): column '(?P<column>.+?)' holds ")


class AskedError(Exception):
    """Something that only a person can tell stands in the way; `question` is what the page puts."""

    def __init__(self, question: dict[str, Any]) -> None:
        super().__init__(question["kind"])
        self.question = question


def run_check(task: Task) -> None:
    """The job `check`. `about`: `batch`, the key of the import. Taken up again, it begins anew."""
    batch = get_batch_of(task.workspace, task.about["batch"])
    if batch.state in ("running", "done", "dropped"):
        return
    kept = {name: batch.report[name] for name in ("processes",) if name in batch.report}
    try:
        report = check_files(batch, task.at, task.told)
    except AskedError as asked:
        tell_batch(batch=batch, state="asking", report=kept | {"question": asked.question})
    except InvalidFileError as error:
        lines = [[problem.line, problem.message] for problem in error.problems]
        failed = {"failed": "The mapping does not fit these files.", "lines": lines}
        tell_batch(batch=batch, state="failed", report=kept | failed)
    except UserError as error:
        tell_batch(batch=batch, state="failed", report=kept | {"failed": for_pages(str(error))})
    else:
        tell_batch(batch=batch, state="failed" if "failed" in report else "ready", report=kept | report)


def check_files(batch: BatchRow, at: datetime, told: Told) -> dict[str, Any]:
    """Read everything and say what it is. AskedError where a person must answer first; UserError as the readers."""
    paths = upload_paths(batch)
    told(0, 0, "Looking at the columns")
    batch, tables = _settle_columns(batch, paths)
    sizes = {path.name: path.stat().st_size for path in paths}
    read: dict[str, int] = {}

    def progress(name: str, done: int, _total: int, _events: int) -> None:
        read[name] = done
        told(sum(read.values()), sum(sizes.values()), f"Reading {name}")

    with EventLog(memory_mib=MEMORY_MIB, in_memory=sum(sizes.values()) <= SMALL_BYTES) as log:
        source = _read(batch, paths, log, progress)
        told(sum(sizes.values()), sum(sizes.values()), "Comparing with what is here")
        last = last_event_at(log)
        known_at = source.known_at or (last.replace(tzinfo=UTC) if last else at)
        report = _told(log, source, tables, known_at)
        problems, files = told_problems(source.repairs, {path.name: path for path in paths}, paths[0].parent)
        report |= {"problems": [replace_words(problem) for problem in problems], "problem_files": files}
        report["compared"] = asdict(compare(log, batch.workspace, min(known_at, at)))
    if not report["counts"]["deals"] and not report["counts"]["events"]:
        gone = sum(repair.count for repair in source.repairs if repair.kind == "dropped")
        why = f" {gone:,} rows were left out: see why below." if gone else ""
        del report["compared"]
        report["failed"] = f"There are no deals in {_names(paths)}: export it again with its rows.{why}"
    return report


def _settle_columns(batch: BatchRow, paths: Sequence[Path]) -> tuple[BatchRow, list[TableShown]]:
    """What each table's columns mean; for tables of no known layout as chosen before, else the page asks."""
    text = batch.answers.get("mapping")
    mapping = parse_mapping(text, "the mapping") if text else None
    tables = []
    for path in paths:
        if is_xes(path):
            if mapping is None or mapping.events is None:
                raise AskedError({"kind": "mapping", "file": path.name})
            tables.append(TableShown(path.name, "xes", 1.0, "", ()))
            continue
        own = holds_headway_events(path)
        tables.append(shown_table(head_of(path), None if own else mapping, name=path.name, own=own))
    unknown = [table for table in tables if not table.layout]
    if not unknown or mapping is not None or batch.answers.get("layout"):
        return batch, tables
    asked = batch.answers.get("chosen", {}).get("ask", False)
    chosen = [_chosen_before(batch, table) for table in unknown]
    exports = [table for table in tables if table.layout and table.layout != "headway_events"]
    if exports or asked or not all(chosen) or problems_of([one for one in chosen if one]):
        unknown = [_as_chosen(table, one) for table, one in zip(unknown, chosen, strict=True)]
        raise AskedError(
            {"kind": "columns", "tables": [asdict(table) for table in unknown],
             "beside": [table.file for table in exports]}
        )  # fmt: skip
    kept = [one for one in chosen if one]
    told = {table.header: {"use": one.use, "roles": dict(one.roles)} for table, one in zip(unknown, kept, strict=True)}
    answers = batch.answers | {"mapping": mapping_text(kept), "chosen": told}
    batch = tell_batch(batch=batch, answers=answers)
    return _settle_columns(get_batch_of(batch.workspace, batch.key), paths)


def _chosen_before(batch: BatchRow, table: TableShown) -> Chosen | None:
    found = find_choices(batch.workspace, table.header)
    if found is None or found["use"] == "out":
        return None
    known = {column.name: column.few for column in table.columns}
    roles = {column: role for column, role in found["roles"].items() if column in known}
    return Chosen(table.file, found["use"], roles, known)


def _as_chosen(table: TableShown, chosen: Chosen | None) -> TableShown:
    """The table with what was chosen last time as the proposal."""
    if chosen is None:
        return table
    return replace(table, columns=tuple(replace(c, role=chosen.roles.get(c.name, "")) for c in table.columns))


def _read(batch: BatchRow, paths: Sequence[Path], log: EventLog, progress: Any) -> SourceReport:
    answers = batch.answers
    files = {path.name: path for path in paths}

    def ask(question: Question) -> str:
        name = OPTIONS.get(question.option, "")
        if answers.get(name) in {choice.value for choice in question.choices}:
            return cast(str, answers[name])
        raise_asked(question, files)

    text = answers.get("mapping")
    try:
        return read_sources(
            paths, log, mapping=parse_mapping(text, "the mapping") if text else None,
            layout=answers.get("layout"), day_order=answers.get("day_order"),
            decimal_mark=answers.get("decimal_mark"), zone=answers.get("zone"), limits=UPLOAD, ask=ask,
            progress=progress,
        )  # fmt: skip
    except UserError as error:
        message = str(error)
        for option, choices in (("--day-order", DAY_ORDER), ("--decimal-mark", DECIMAL_MARK)):
            if f"pass `{option}" in message and not answers.get(OPTIONS[option]):
                sentence = message.split(": mend the file")[0] + ". Values that do not fit are left out."
                raise_asked(Question(sentence, option, choices), files)
        raise


def raise_asked(question: Question, files: Mapping[str, Path]) -> NoReturn:
    """Put a reader's question to the page, with values from the column it is about."""
    match = PLACE.match(question.text) or PLACE_OF_COLUMN.match(question.text)
    samples: list[str] = []
    if match and match["file"] in files:
        table = head_of(files[match["file"]])
        if match["column"] in table.columns:
            values = dict.fromkeys(value for value in table.data.column(match["column"])[:2000].to_pylist() if value)
            samples = [value[:40] for value in list(values)[:5]]
    raise AskedError(
        {
            "kind": "choice", "name": OPTIONS.get(question.option, ""), "text": question.text, "samples": samples,
            "file": match["file"] if match else "", "column": match["column"] if match else "",
            "choices": [asdict(choice) for choice in question.choices],
        }
    )  # fmt: skip


def _told(log: EventLog, source: SourceReport, tables: Sequence[TableShown], known_at: datetime) -> dict[str, Any]:
    log.build(AsOf.moment(known_at))
    counts = log.rows(sql_text(__package__, "check_counts"))[0]
    money = log.rows(
        "SELECT coalesce(currency, '') AS currency, CAST(sum(amount) AS DOUBLE) AS amount, count(*) AS deals"
        " FROM deals WHERE amount > 0 AND outcome IS NULL GROUP BY 1 ORDER BY deals DESC LIMIT 3"
    )
    days = {name: counts[name].date().isoformat() if counts[name] else None for name in ("first", "last")}
    rows = {file.name: file.rows for file in source.files}
    told = [asdict(replace(table, columns=())) | {"rows": rows.get(table.file)} for table in tables]
    for table, one in zip(tables, told, strict=True):
        one["columns"] = [[c.name, c.role, list(c.samples)] for c in table.columns]
    return {
        "tables": told, "counts": {**counts, **days}, "money": money, "known_at": known_at.isoformat(),
        "exported_at": source.exported_at.isoformat() if source.exported_at else None,
    }  # fmt: skip


def _names(paths: Sequence[Path]) -> str:
    return " and ".join(path.name for path in paths)


WORDS = (
    (re.compile(r" \(`--zone` says otherwise\)"), " (choose the zone below)"),
    (re.compile(r" \(see `--decimal-mark`\)"), " (choose below if that is wrong)"),
    (re.compile(r"; pass `--mapping FILE`.*$"), ": say what its columns mean."),
    (re.compile(r"split it by date, or give it as Parquet on the command line"), "split it by date"),
    (re.compile(r": mend the file, or pass `--.*$"), ": mend the file."),
    (re.compile(r"(?: or the command line|the command line or )"), ""),
)


def for_pages(sentence: str) -> str:
    """What a reader says to the command line, as a page says it: no option is named there."""
    for pattern, words in WORDS:
        sentence = pattern.sub(words, sentence)
    return sentence


def replace_words(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem as a page says it."""
    return problem | {"what": for_pages(problem["what"])}
