"""The imports of a workspace, a new one, and the page of one import while it is checked and written."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from headway.basics.errors import UserError
from headway.store.actions.uploads import add_files, hand_in
from headway.store.queries.access import get_batch
from headway.store.queries.batches import BatchRow, find_newest_counting, list_batches
from headway.web.imports.columns import column_forms
from headway.web.imports.receiving import MOST_FILES, IntoUploads, Landing, checked_length
from headway.web.imports.shown import (
    Now,
    changes_of,
    counts_of,
    now_of,
    problems_of,
    processes_of,
    question_of,
    tables_of,
)
from headway.web.imports.sorting import sort_files
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

ZONES = (*sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")), "UTC")
ACCEPT = ".csv,.tsv,.txt,.xlsx,.xes,.gz,.zip,.yaml,.yml"


@require_safe
@inside("import")
def imports(request: Inside) -> HttpResponse:
    """Where files are dropped, and every import so far."""
    return render(request, "imports/imports.html", list_context(request))


def list_context(request: Inside, error: str = "") -> dict[str, Any]:
    """What the first page of the wizard shows."""
    workspace = request.access.workspace
    newest = find_newest_counting(workspace)
    return {
        "batches": list_batches(workspace), "undoable": newest.key if newest else "", "accept": ACCEPT,
        "most": MOST_FILES, "limit_bytes": settings.IMPORT_LIMIT_BYTES, "error": error,
    }  # fmt: skip


@csrf_exempt  # the token is in the form, which may be read only once the files have a place to go: see _received
@require_POST
@inside("import")
def upload(request: Inside) -> HttpResponse:
    """POST files: a new import, or with `batch` more files for one. JSON where asked for, else a page."""
    try:
        checked_length(request)
    except UserError as error:
        return _refused(request, str(error))
    landing = Landing()
    request.upload_handlers = [IntoUploads(request, landing)]
    try:
        return _received(request, landing)
    finally:
        landing.clear()


@csrf_protect
def _received(request: HttpRequest, landing: Landing) -> HttpResponse:
    here = cast(Inside, request)
    key = here.POST.get("batch", "")
    by, at = here.access.person, here.now
    len(here.FILES)  # reads the body: the files land
    batch = get_batch(here.access, key) if key else None
    try:
        told = sort_files(landing)
        if batch is None and not told.files:
            raise UserError("A mapping or a process describes deals: give the export of your CRM with it.")
        if batch is not None:
            batch = add_files(batch=batch, files=told.files, mapping=told.mapping, by=by, at=at)
        else:
            batch = hand_in(
                workspace=here.access.workspace, files=told.files, mapping=told.mapping, processes=told.processes,
                by=by, at=at,
            )  # fmt: skip
    except UserError as error:
        return _refused(here, str(error), batch)
    landing.kept = True
    url = reverse("import_batch", kwargs={"w": here.access.workspace.key, "key": batch.key})
    return JsonResponse({"url": url}) if _wants_json(here) else redirect(url)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refused(request: Inside, sentence: str, batch: BatchRow | None = None) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": sentence}, status=422)
    if batch is not None:
        return render(request, "imports/batch.html", batch_context(request, batch, sentence), status=422)
    return render(request, "imports/imports.html", list_context(request, sentence), status=422)


@require_safe
@inside("import")
def import_batch(request: Inside, key: str) -> HttpResponse:
    """One import: what is asked, what was found, how far it is."""
    return render(request, "imports/batch.html", batch_context(request, get_batch(request.access, key)))


@require_safe
@inside("import")
def import_part(request: Inside, key: str) -> HttpResponse:
    """The part of that page that changes; once the first finding is there, the way to it."""
    batch = get_batch(request.access, key)
    context = batch_context(request, batch)
    if context["step"].stands == "done" and request.htmx and request.GET.get("from") in ("writing", "analysing"):
        done(request, imported_sentence(batch), way="import", about={"batch": batch.key})
        answer = HttpResponse()
        answer["HX-Redirect"] = reverse("home", kwargs={"w": request.access.workspace.key})
        return answer
    answer = render(request, "imports/part.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_safe
@inside("import")
def import_state(request: Inside, key: str) -> HttpResponse:
    """204 while nothing is newer than `?after=`, else the number to ask with next."""
    now = now_of(request.access, get_batch(request.access, key), request.now)
    if request.GET.get("after", "") == str(now.token):
        return HttpResponse(status=204)
    return JsonResponse({"last": now.token})


def batch_context(request: Inside, batch: BatchRow, error: str = "", **more: Any) -> dict[str, Any]:
    """What the page of an import shows."""
    step: Now = now_of(request.access, batch, request.now)
    problems = problems_of(batch)
    question = question_of(batch)
    asks_columns = bool(question and question["kind"] == "columns")
    return {
        "batch": batch, "step": step, "error": error, "question": question, "tables": tables_of(batch),
        "problems": problems, "counts": counts_of(batch), "changes": changes_of(batch),
        "processes": processes_of(request.access, batch), "accept": ACCEPT, "most": MOST_FILES,
        "limit_bytes": settings.IMPORT_LIMIT_BYTES,
        "files": list(batch.uploads.order_by("id")),
        "rows": sum(table["rows"] or 0 for table in batch.report.get("tables", ())),
        "zones": ZONES if any("choose the zone" in problem["what"] for problem in problems) else (),
        "asks_mark": any("choose below" in problem["what"] for problem in problems),
        "forms": column_forms(question) if question and asks_columns and "forms" not in more else (),
        "sentence": imported_sentence(batch) if batch.state == "done" else "",
    } | more  # fmt: skip


def imported_sentence(batch: BatchRow) -> str:
    """`312 deals imported, 41 changed.`"""
    new, changed = batch.deals_made, batch.deals_changed
    if not new and not changed:
        return "Imported: nothing was new."
    parts = [f"{new:,} {'deal' if new == 1 else 'deals'} imported"] if new else []
    parts += [
        f"{changed:,} {'deal' if changed == 1 and not new else '' if new else 'deals'} changed".replace("  ", " ")
    ]
    return ", ".join(parts if changed else parts[:1]) + "."


@way_back("import")
def undo_way(request: Inside, about: dict[str, Any]) -> str:
    """Undo of an import from the toast after it."""
    from headway.web.imports.finishing import undone

    request.access.need("import")
    return undone(request, get_batch(request.access, str(about.get("batch", ""))))
