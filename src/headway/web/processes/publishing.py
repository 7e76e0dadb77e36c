"""Publish a draft: what differs, what happens to open deals, from when; and the way back within a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.process.definition import Process
from headway.process.form_check import check_form
from headway.store.actions.processes import bring_back, drop_draft
from headway.store.actions.publishing import publish, withdraw
from headway.store.queries.access import get_process
from headway.store.queries.gates import ProcessRow, stages_left_without
from headway.store.queries.processes import Draft, Outlook, get_draft, get_version, outlook
from headway.web.processes.marks import marks_of, sentence_of
from headway.web.processes.shown import changes
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside("process")
def review(request: Inside, key: str) -> HttpResponse:
    """What publishing would change; POST publishes."""
    row = get_process(request.access, key)
    draft = get_draft(row)
    value, problems = check_form(draft.form, draft.process)
    ahead = outlook(row, value) if value else None
    error = ""
    if request.method == "POST" and value and ahead:
        try:
            made = publish(
                process=row,
                revision=_whole(request.POST.get("revision")),
                valid_from=_valid_from(request, draft),
                move=request.POST.get("open_deals") == "move",
                mapping=_mapping(request, ahead),
                by=request.access.person,
                at=request.now,
            )
        except UserError as problem:
            error = str(problem)
        else:
            about = {"process": row.key, "number": made.version.number}
            done(request, _said(made.version.number, made.moved, made.pinned), way="process published", about=about)
            return redirect("process", w=request.access.workspace.key, key=row.key)
    context = _context(request, row, draft, value, ahead) | {"row": row, "problems": problems, "error": error}
    return render(request, "processes/publish.html", context, status=422 if error else 200)


@inside("process")
@require_POST
def drop(request: Inside, key: str) -> HttpResponse:
    """Throw the draft away."""
    row = get_process(request.access, key)
    published = get_draft(row).published
    drop_draft(process=row, by=request.access.person, at=request.now)
    if published:
        done(request, "The draft is gone. The published version stands.")
        return redirect("process", w=request.access.workspace.key, key=row.key)
    done(request, "The draft is gone.", way="process dropped", about={"process": row.key})
    return redirect("processes", w=request.access.workspace.key)


@way_back("process published")
def _unpublish(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("process")
    version = get_version(get_process(request.access, about["process"]), about["number"])
    deals = withdraw(version=version, by=request.access.person, at=request.now)
    given = f" {deals} deals are set against what they were before." if deals else ""
    return f"Version {version.number} is a draft again.{given}"


@way_back("process dropped")
def _undrop(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("process")
    bring_back(process=get_process(request.access, about["process"]), by=request.access.person, at=request.now)
    return "The draft is back."


@way_back("process made")
def _unmake(request: Inside, about: dict[str, Any]) -> str:
    request.access.need("process")
    row = get_process(request.access, about["process"])
    if get_draft(row).published:
        raise UserError("This process was published since: it stays.")
    drop_draft(process=row, by=request.access.person, at=request.now)
    return "The draft is gone."


def _context(
    request: Inside, row: ProcessRow, draft: Draft, value: Process | None, ahead: Outlook | None
) -> dict[str, Any]:
    marks = marks_of(draft.form.milestones)
    return {
        "draft": draft,
        "value": value,
        "ahead": ahead,
        "changes": changes(draft.process, value) if value and draft.process else (),
        "sentence": sentence_of(marks),
        "left": sum(not mark.mended for mark in marks),
        "ungated": stages_left_without(row, value) if value else (),
        "asked": [stage for stage in ahead.stages if not stage.settled and stage.deals] if ahead else [],
        "settled": sum(stage.deals for stage in ahead.stages if stage.settled) if ahead else 0,
        "number": (draft.published.number or 0) + 1 if draft.published else 1,
        "today": request.now.date(),
        "typed": request.POST,
    }


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def _valid_from(request: Inside, draft: Draft) -> date | None:
    """From the beginning for the first version, else the day given."""
    text = request.POST.get("valid_from", "").strip()
    if not text:
        return None if draft.published is None else request.now.date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError("“Valid from” must be a day, such as 2026-01-31.") from None


def _mapping(request: Inside, ahead: Outlook) -> dict[str, str]:
    """Old stage -> new stage, as chosen; the suggestion where nothing was sent."""
    return {
        stage.name: stage.suggested if stage.settled else request.POST.get(f"stage {stage.name}", stage.suggested)
        for stage in ahead.stages
    }


def _said(number: int | None, moved: int, pinned: int) -> str:
    moves = f" {moved} open {'deal' if moved == 1 else 'deals'} moved to it." if moved else ""
    fresh = f" {pinned} {'deal' if pinned == 1 else 'deals'} without a process got it." if pinned else ""
    return f"Version {number} is published.{moves}{fresh}"
