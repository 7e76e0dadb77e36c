"""How long people's words on decided deals are kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.actions.retention import months_before, old_deals, set_keeping
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside("keep")
def keeping(request: Inside) -> HttpResponse:
    """GET months: how many deals that is. POST months (empty: for ever)."""
    workspace = request.access.workspace
    asked = request.POST if request.method == "POST" else request.GET
    typed = asked.get("months", str(workspace.keep_months or "")).strip()
    problem, months = "", None
    try:
        months = _months(typed)
        if request.method == "POST":
            was = set_keeping(workspace=workspace, months=months, by=request.access.person, at=request.now)
            if was != months:
                words = f"Words are kept {months} months after a decision." if months else "Words are kept for ever."
                done(request, words, way="retention", about={"months": was})
            return redirect("data", w=workspace.key)
    except UserError as error:
        problem = str(error)
    before = months_before(request.now, months) if months and 0 < months <= 2400 else None
    context = {
        "typed": typed, "problem": problem, "months": months, "before": before,
        "deals": old_deals(workspace, before).count() if before and not problem else None,
    }  # fmt: skip
    return render(request, "keeping/keeping.html", context, status=422 if problem else 200)


def _months(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 4:
        raise UserError(f"“{typed[:20]}” is no number of months: write 24, or leave it empty.")
    return int(typed)


@way_back("retention")
def kept_as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of another length."""
    request.access.need("keep")
    set_keeping(workspace=request.access.workspace, months=about["months"], by=request.access.person, at=request.now)
    return "Words are kept as long as before."
