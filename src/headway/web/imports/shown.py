"""What the page of an import shows, from its report and its job."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from headway.basics.money import money_text
from headway.process.loader import parse_process
from headway.store.queries.access import Access
from headway.store.queries.batches import BatchRow
from headway.store.queries.imports import find_analysis_job
from headway.store.queries.jobs import JobRow, find_job_of
from headway.store.queries.versions import list_published
from headway.web.imports.words import KINDS, layout_words, role_words

UNDERWAY = ("checking", "writing", "analysing")
STEPS = (("files", "Files"), ("check", "Check"), ("import", "Import"), ("finding", "First finding"))
AT = {"checking": 1, "asking": 1, "ready": 2, "failed": 1, "writing": 2, "analysing": 3, "done": 4, "undone": 4}
LATE_S = 20  # a job that waits longer is explained
WRITTEN = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `share` None: not known yet."""

    words: str
    share: int | None
    counts: str
    late: bool


@dataclass(frozen=True, slots=True)
class Now:
    """Where an import is: `stands` names the part to show; `token` changes whenever the part would."""

    stands: str
    token: int
    job: JobRow | None
    progress: Progress | None
    problem: str
    steps: tuple[tuple[str, str], ...]  # words, state: past, here, ahead

    @property
    def underway(self) -> bool:
        """Whether the page asks for news by itself."""
        return self.stands in UNDERWAY


def now_of(access: Access, batch: BatchRow, at: datetime) -> Now:
    """Where this import is at this moment."""
    job, stands, problem = None, batch.state, batch.report.get("failed", "")
    if batch.state == "uploaded":
        job, stands = find_job_of(access, kind="check", about=batch.key), "checking"
    elif batch.state == "running":
        job, stands = find_job_of(access, kind="import", about=batch.key), "writing"
    elif batch.state == "done":
        stands = "undone" if batch.undone_at else "done"
        job = find_analysis_job(access) if stands == "done" else None
        if job is not None and job.state in ("waiting", "running") and _soon_after(job, batch):
            stands = "analysing"
    if stands in UNDERWAY and job is not None and job.state == "failed":
        stands, problem = "failed", job.message
    told = [stands, batch.state, job.state, job.done, job.total, job.message] if job else [stands, batch.state]
    late = job is not None and job.state == "waiting" and (at - job.created_at).total_seconds() > LATE_S
    token = zlib.crc32(repr([*told, late]).encode())
    here = AT[stands]
    if stands == "failed" and "compared" in batch.report:
        here = 2
    steps = tuple(
        (words, "past" if number < here else "here" if number == here else "ahead")
        for number, (_, words) in enumerate(STEPS)
    )
    return Now(stands, token, job, _progress(stands, job, at, late), problem, steps)


def _soon_after(job: JobRow, batch: BatchRow) -> bool:
    return batch.finished_at is not None and (job.state == "running" or job.due_at >= batch.created_at)


def _progress(stands: str, job: JobRow | None, at: datetime, late: bool) -> Progress | None:
    if stands not in UNDERWAY or job is None:
        return None
    first = {
        "checking": "Reading every row",
        "writing": "Writing the history",
        "analysing": "Working out the first finding",
    }
    share = min(100, round(100 * job.done / job.total)) if job.total else None
    counts = ""
    if stands == "writing" and job.total:
        seconds = max(1.0, (at - job.created_at).total_seconds())
        counts = f"{job.done:,} of {job.total:,} events · {job.done / seconds:,.0f} a second"
    return Progress(job.message if job.state == "running" and job.message else first[stands], share, counts, late)


def question_of(batch: BatchRow) -> dict[str, Any] | None:
    """The question that is open, with what each choice makes of the first sample."""
    question: dict[str, Any] | None = batch.report.get("question")
    if not question or question["kind"] != "choice":
        return question
    choices = [
        {**choice, "reading": _reading(question["name"], choice["value"], question["samples"])}
        for choice in question["choices"]
    ]
    return {**question, "choices": choices}


def _reading(name: str, value: str, samples: Sequence[str]) -> str:
    """`03/04/2024 is 3 April 2024`: the first sample that reads differently under the choice."""
    if name == "day_order":
        for sample in samples:
            match = WRITTEN.search(sample)
            if match and len(match[1]) < 3 and match[1] != match[2]:
                first, second, year = int(match[1]), int(match[2]), int(match[3])
                day, month = (first, second) if value == "dmy" else (second, first)
                try:
                    read = date(year + 2000 if year < 100 else year, month, day)
                except ValueError:
                    continue
                return f"{sample} is {read.day} {read:%B %Y}"
    if name == "decimal_mark":
        for sample in samples:
            digits = sample.replace(" ", "")
            mark, other = (".", ",") if value == "point" else (",", ".")
            plain = re.sub(r"[^\d.,-]", "", digits).replace(other, "").replace(mark, ".")
            try:
                return f"{sample} is {float(plain):,.2f}"
            except ValueError:
                continue
    return ""


def tables_of(batch: BatchRow) -> list[dict[str, Any]]:
    """Every file with its layout, how sure that is, and its columns: used ones first."""
    found = []
    for table in batch.report.get("tables", ()):
        columns = [
            {"name": name, "means": role_words(role, table["layout"]), "samples": samples}
            for name, role, samples in table["columns"]
        ]
        used = [column for column in columns if column["means"]]
        unused = [column["name"] for column in columns if not column["means"]]
        sure = "" if table["certainty"] >= 0.85 else "probably "
        found.append({**table, "words": layout_words(table["layout"]), "sure": sure, "used": used, "unused": unused})
    return found


def problems_of(batch: BatchRow) -> list[dict[str, Any]]:
    """Every kind of problem with its word and tone."""
    files = batch.report.get("problem_files", {})
    numbers = {name: number for number, name in enumerate(files)}
    return [
        {**problem, "word": KINDS.get(problem["kind"], (problem["kind"], "info"))[0],
         "tone": KINDS.get(problem["kind"], ("", "info"))[1], "number": numbers.get(problem["file"]),
         "more": problem["count"] - len(problem["lines"])}
        for problem in batch.report.get("problems", ())
    ]  # fmt: skip


def counts_of(batch: BatchRow) -> list[tuple[str, str]]:
    """(word, figure) of what the files hold; what is none of is left out but for deals and buyer acts."""
    counts = batch.report.get("counts")
    if not counts:
        return []
    money = " + ".join(money_text(one["amount"], one["currency"]) for one in batch.report.get("money", ()))
    told = [
        ("Deals", f"{counts['deals']:,}"), ("Open", f"{counts['open']:,}"), ("Won", f"{counts['won']:,}"),
        ("Lost", f"{counts['lost']:,}"), ("No decision", f"{counts['no_decision']:,}"),
        ("Withdrawn", f"{counts['withdrawn']:,}"), ("Open amount", money), ("Owners", f"{counts['owners']:,}"),
        ("Accounts", f"{counts['accounts']:,}"), ("Events", f"{counts['events']:,}"),
        ("Buyer acts", f"{counts['buyer_acts']:,}"), ("From", _day(counts["first"])), ("To", _day(counts["last"])),
    ]  # fmt: skip
    shown = ("Deals", "Buyer acts", "Open", "Won")
    return [(word, figure) for word, figure in told if figure and (figure != "0" or word in shown)]


def _day(text: str | None) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%b %Y}"


def processes_of(access: Access, batch: BatchRow) -> list[dict[str, Any]]:
    """Process files that came with it, and whether they will be published."""
    texts = batch.report.get("processes", ())
    here = {version.process.name for version in list_published(access.workspace)} if texts else set()
    parsed = [parse_process(text, "the process file") for text in texts]
    return [{"name": one.name, "stages": len(one.stages), "new": one.name not in here} for one in parsed]


def changes_of(batch: BatchRow) -> str:
    """`12 new deals, 230 changed, 558 as before`."""
    compared = batch.report.get("compared")
    if not compared:
        return ""
    new, changed, same = compared["new"], compared["changed"], compared["same"]
    if not new and not changed:
        return f"Nothing new: all {same:,} deals stand here as in these files" if same > 1 else "Nothing new"
    parts = [f"{new:,} new {'deal' if new == 1 else 'deals'}"] if new or not same else []
    if changed:
        parts.append(f"{changed:,} changed")
    if same:
        parts.append(f"{same:,} as before")
    return ", ".join(parts)
