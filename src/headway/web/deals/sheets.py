"""Forms that open as a sheet over the deal's page, and are pages of their own without JavaScript."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.queries.access import get_deal
from headway.store.queries.deal_page import DealRow
from headway.web.requests import Inside


def sheet(
    request: Inside, template: str, deal: DealRow, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The template on its own where a sheet asks for it (`X-Sheet`), else inside the frame of a page."""
    alone = request.headers.get("X-Sheet") == "yes"
    base = "deals/bare.html" if alone else "deals/sheet_page.html"
    return render(
        request, template, {"frame": base, "deal": deal, "h": "h2" if alone else "h1", **(context or {})}, status=status
    )


def to_deal(request: Inside, deal: DealRow, part: str = "") -> HttpResponse:
    """Back to the deal's page, where `part` of it names."""
    response = redirect("deal", w=request.access.workspace.key, key=deal.key)
    if part:
        response["Location"] += f"#{part}"
    return response


def open_deal(request: Inside, key: str) -> DealRow:
    """The deal, for somebody who may record on it."""
    deal = get_deal(request.access, key)
    request.access.need("record")
    return deal


def frozen(deal: DealRow) -> None:
    """UserError where the deal is decided: what comes later would change nothing that counts."""
    if deal.outcome:
        raise UserError("This deal is decided and stands as it was that day: reopen it first.")
