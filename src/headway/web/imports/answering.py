"""What only people know about their files: answered on the page, remembered, and the check goes on."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.connectors.mapping_text import DEAL_CHOICES, HISTORY_CHOICES, Chosen, Use, mapping_text, problems_of
from headway.store.actions import uploads
from headway.store.queries.access import NotFoundError, get_batch
from headway.store.queries.batches import BatchRow
from headway.web.imports.columns import USES, column_forms
from headway.web.imports.views import batch_context
from headway.web.requests import Inside, inside

FORGOTTEN = {"mapping": None, "day_order": None, "decimal_mark": None, "layout": None, "chosen": {"ask": True}}


@require_POST
@inside("import")
def answer_import(request: Inside, key: str) -> HttpResponse:
    """POST the answer to the open question, or a zone or decimal mark for a check anew."""
    batch = get_batch(request.access, key)
    told: dict[str, Any] = {}
    question = batch.report.get("question", {})
    if question.get("kind") == "choice":
        value = request.POST.get(question["name"], "")
        if value not in {choice["value"] for choice in question["choices"]}:
            raise UserError("That is no answer to the question: go back and press one of its buttons.")
        told[question["name"]] = value
    if (zone := request.POST.get("zone", "")) and zone in available_timezones():
        told["zone"] = zone
    if (mark := request.POST.get("decimal_mark", "")) in ("point", "comma"):
        told["decimal_mark"] = mark
    if not told:
        raise UserError("Nothing was chosen: go back and choose first.")
    uploads.answer(batch=batch, told=told, by=request.access.person, at=request.now)
    return _back(request, batch)


@require_POST
@inside("import")
def check_again(request: Inside, key: str) -> HttpResponse:
    """POST: check anew; with `forget`, ask again what the columns mean and how dates and amounts are written."""
    batch = get_batch(request.access, key)
    told = dict(FORGOTTEN) if request.POST.get("forget") else {}
    uploads.answer(batch=batch, told=told, by=request.access.person, at=request.now)
    return _back(request, batch)


@require_POST
@inside("import")
def leave_out(request: Inside, key: str) -> HttpResponse:
    """POST `file`: check the rest without it."""
    batch = get_batch(request.access, key)
    name = request.POST.get("file", "")
    if not batch.uploads.filter(name=name).exists():
        raise NotFoundError(name)
    uploads.leave_out(batch=batch, name=name, by=request.access.person, at=request.now)
    return _back(request, batch)


@require_POST
@inside("import")
def map_import(request: Inside, key: str) -> HttpResponse:
    """POST `use-N` per table and `role-N-M` per column: what they mean. Errors stand beside the field."""
    batch = get_batch(request.access, key)
    question = batch.report.get("question", {})
    if question.get("kind") != "columns":
        raise UserError("The columns are settled: go back to the import to see what it will do.")
    chosen = read_chosen(request, question["tables"])
    problems = problems_of(chosen) if not question["beside"] else {}
    if problems:
        context = batch_context(request, batch, forms=column_forms(question, chosen, problems))
        return render(request, "imports/batch.html", context, status=422)
    by, at = request.access.person, request.now
    out = [table.file for table in chosen if table.use == "out" or question["beside"]]
    told: dict[str, Any] = {}
    if not question["beside"]:
        roles = {
            table["header"]: {"use": one.use, "roles": dict(one.roles)}
            for table, one in zip(question["tables"], chosen, strict=True)
        }
        told = {"mapping": mapping_text(chosen), "chosen": roles}
    uploads.settle_columns(batch=batch, out=out, told=told, by=by, at=at)
    return _back(request, batch)


def read_chosen(request: Inside, tables: list[dict[str, Any]]) -> list[Chosen]:
    """The selects as typed."""
    found = []
    for number, table in enumerate(tables):
        use = request.POST.get(f"use-{number}", "deals")
        use = use if use in USES else "deals"
        allowed = HISTORY_CHOICES if use == "history" else DEAL_CHOICES
        roles = {}
        for place, column in enumerate(table["columns"]):
            role = request.POST.get(f"role-{number}-{place}", "")
            if role in allowed:
                roles[column["name"]] = role
        few = {column["name"]: column["few"] for column in table["columns"]}
        found.append(Chosen(table["file"], cast(Use, use), roles, few))
    return found


def _back(request: Inside, batch: BatchRow) -> HttpResponse:
    return redirect("import_batch", w=request.access.workspace.key, key=batch.key)
