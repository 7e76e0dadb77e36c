"""Start an import, give it up, take it back, and download the rows it could not use."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headway.store.actions import uploads
from headway.store.actions.imports import undo_import as take_back_import
from headway.store.actions.jobs import ask_for
from headway.store.queries.access import get_batch
from headway.store.queries.batches import BatchRow
from headway.store.queries.imports import undo_outlook
from headway.web.requests import Inside, inside


@require_POST
@inside("import")
def run_import(request: Inside, key: str) -> HttpResponse:
    """POST: write it, in one go."""
    batch = get_batch(request.access, key)
    uploads.start(batch=batch, by=request.access.person, at=request.now)
    return redirect("import_batch", w=request.access.workspace.key, key=key)


@require_POST
@inside("import")
def drop_import(request: Inside, key: str) -> HttpResponse:
    """POST: give it up before it is written; its files are removed."""
    batch = get_batch(request.access, key)
    uploads.drop(batch=batch, by=request.access.person, at=request.now)
    messages.info(request, "Dropped. Nothing was written, and the files are removed.")
    return redirect("imports", w=request.access.workspace.key)


@require_http_methods(["GET", "POST"])
@inside("import")
def undo_import(request: Inside, key: str) -> HttpResponse:
    """What an undo takes back and what it leaves; POST does it."""
    batch = get_batch(request.access, key)
    outlook = undo_outlook(batch)
    if request.method == "POST" and not outlook.why_not:
        messages.info(request, undone(request, batch))
        return redirect("imports", w=request.access.workspace.key)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/undo.html", {"batch": batch, "outlook": outlook}, status=status)


def undone(request: Inside, batch: BatchRow) -> str:
    """Take it back and say what that did; pages are worked out anew."""
    workspace = request.access.workspace
    outlook = undo_outlook(batch)
    counts = take_back_import(batch=batch, by=request.access.person, at=request.now)
    ask_for(
        kind="analysis", workspace=workspace, by=request.access.person, at=request.now,
        once=f"analysis {workspace.key}",
    )  # fmt: skip
    kept = f" {outlook.kept:,} that people touched since stayed." if outlook.kept else ""
    gone = f"{counts.deals_made:,} {'deal' if counts.deals_made == 1 else 'deals'} gone"
    return f"Import undone: {gone}, {counts.deals_changed:,} as before.{kept}"


@require_safe
@inside("import")
def problem_rows(request: Inside, key: str) -> HttpResponse:
    """The rows with a problem of one file (`?file=` its number) as CSV, with why; there until the files go."""
    batch = get_batch(request.access, key)
    found = list(batch.report.get("problem_files", {}).items())
    upload = batch.uploads.order_by("id").first()
    wanted = request.GET.get("file", "0")
    if upload is None or not wanted.isdecimal() or int(wanted) >= len(found):
        return redirect("import_batch", w=request.access.workspace.key, key=key)
    name, made = found[int(wanted)]
    try:
        text = (Path(upload.path).parent / Path(made).name).read_bytes()
    except OSError:
        messages.info(request, "The rows went with the files: import them again to see which.")
        return redirect("import_batch", w=request.access.workspace.key, key=key)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    shown = f"Problems in {Path(name).stem}.csv"
    answer["Content-Disposition"] = content_disposition_header(True, shown) or "attachment"
    return answer
