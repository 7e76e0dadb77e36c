"""The processes, one of them readably, its versions side by side, and what is expected at one stage."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render

from headway.process.definition import Process
from headway.process.expectation import expectation
from headway.process.form_check import check_form
from headway.store.queries.access import NotFoundError, get_process
from headway.store.queries.analyses import find_verdicts
from headway.store.queries.processes import (
    Draft,
    ProcessRow,
    VersionRow,
    get_draft,
    get_version,
    list_processes,
    list_versions,
    open_deals_by_version,
)
from headway.store.queries.versions import process_of
from headway.web.processes.marks import seller_lines
from headway.web.processes.shown import changes, shown_stages, whom
from headway.web.requests import Inside, inside


@inside()
def processes(request: Inside) -> HttpResponse:
    """The list."""
    access = request.access
    return render(request, "processes/list.html", {"listed": list_processes(access), "may_edit": access.may("process")})


@inside()
def process(request: Inside, key: str) -> HttpResponse:
    """One process: the newest version, or the one asked for with `?version=`, or a draft never published."""
    row = get_process(request.access, key)
    published = list_versions(row)
    version = _asked(request, row, published)
    draft = get_draft(row)
    value = process_of(version) if version else _drafted(draft)
    counts = open_deals_by_version(row)
    context = {
        "row": row,
        "version": version,
        "newest": published[0] if published else None,
        "versions": len(published),
        "value": value,
        "stages": shown_stages(value) if value else (),
        "whom": whom(value) if value else "",
        "sellers": seller_lines(m.buyer for _, m in value.milestones) if value else 0,
        "milestones": len(value.milestones) if value else 0,
        "open_deals": counts.get(version.pk, 0) if version else 0,
        "elsewhere": sum(n for pk, n in counts.items() if not version or pk != version.pk),
        "draft": draft if draft.row else None,
        "draft_changes": _draft_changes(draft),
        "may_edit": request.access.may("process"),
        "verdicts": find_verdicts(request.access.workspace),
    }
    return render(request, "processes/process.html", context)


@inside()
def versions(request: Inside, key: str) -> HttpResponse:
    """Any two versions side by side: `?old=1&new=2`, else the newest two."""
    row = get_process(request.access, key)
    published = list_versions(row)
    newest = published[0] if published else None
    new = _numbered(request.GET.get("new"), row) or newest
    before = next((v for v in published if new and v.number and new.number and v.number < new.number), None)
    old = _numbered(request.GET.get("old"), row) or before
    found = changes(process_of(old), process_of(new)) if old and new and old.pk != new.pk else ()
    context = {"row": row, "versions": published, "old": old, "new": new, "changes": found}
    return render(request, "processes/versions.html", context)


@inside()
def file(request: Inside, key: str) -> HttpResponse:
    """The process file of a version, to keep or to hand to `headway diagnose`."""
    row = get_process(request.access, key)
    version = _asked(request, row, list_versions(row))
    if version is None:
        raise NotFoundError(key)
    name = re.sub(r"[^a-z0-9]+", "-", row.name.lower()).strip("-") or "process"
    response = HttpResponse(version.text, content_type="text/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{version.number}.yaml"'
    return response


@inside()
def expected(request: Inside, key: str, rank: int) -> HttpResponse:
    """One page about one stage: what the buyer must have done, the proof, the time, how to ask for an exception."""
    row = get_process(request.access, key)
    version = _asked(request, row, list_versions(row))
    value = process_of(version) if version else _drafted(get_draft(row))
    if value is None or not 1 <= rank <= len(value.stages):
        raise NotFoundError(rank)
    page = expectation(value, rank)
    verdicts = find_verdicts(request.access.workspace)
    context = {"row": row, "version": version, "page": page, "process": value, "verdicts": verdicts}
    return render(request, "processes/expectation.html", context)


def _asked(request: Inside, row: ProcessRow, published: list[VersionRow]) -> VersionRow | None:
    """The version in `?version=`, else the newest."""
    return _numbered(request.GET.get("version"), row) or (published[0] if published else None)


def _numbered(text: str | None, row: ProcessRow) -> VersionRow | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    return get_version(row, int(text))


def _drafted(draft: Draft) -> Process | None:
    return check_form(draft.form, draft.process)[0]


def _draft_changes(draft: Draft) -> int | None:
    """How many differences the draft has, None where it is not sound yet or there is nothing to compare."""
    value = _drafted(draft) if draft.row else None
    return len(changes(draft.process, value)) if value and draft.process else None
