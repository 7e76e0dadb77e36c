"""The team's pages: where its deals are, whether its process is used, and the deals behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from headway.store.queries.analyses import find_waiting
from headway.store.queries.clock import shown_at
from headway.store.queries.deal_list import has_deals
from headway.store.queries.team import PIPELINE, PRACTICE, find_figures, get_behind
from headway.store.queries.versions import list_published, process_of
from headway.web.requests import Inside, inside
from headway.web.team.pipeline import pipeline_sections
from headway.web.team.practice import PARTS, practice_sections
from headway.web.team.shown import Link, deal_line

MOST_PAGES = 1_000


@inside()
def pipeline(request: Inside) -> HttpResponse:
    """Movement, claims against buyers, inflation, silence, and open findings by age."""
    return _page(request, "team/pipeline.html", "pipeline", PIPELINE, pipeline_sections)


@inside()
def practice(request: Inside) -> HttpResponse:
    """Adherence by stage, step, version and team; its fade; consistency between owners; pressure."""
    return _page(request, "team/practice.html", "practice", PRACTICE, practice_sections)


def _page(request: Inside, template: str, here: str, name: str, made: Any) -> HttpResponse:
    found = find_figures(request.access.workspace, name)
    context: dict[str, Any] = {"here": here, "figures": found, "job": find_waiting(request.access.workspace)}
    if found is None:
        return render(request, "team/empty.html", context | {"has_deals": has_deals(request.access)})
    return render(request, template, context | made(found.told, link_of(request)))


@inside()
def behind(request: Inside, figure: str) -> HttpResponse:
    """GET part, page: fifty of the deals behind a figure, as they stand now."""
    page = asked_number(request, "page", 1)
    found = get_behind(request.access, figure, part=asked_number(request, "part", 0), page=page)
    stages = stages_of(request)
    at = shown_at(request.access.workspace, request.now)
    context = {
        "here": "practice" if figure.split(":")[0] in PARTS else "pipeline",
        "found": found, "page": page,
        "parts": list(enumerate(found.parts)), "deals": [deal_line(deal, at, stages) for deal in found.deals],
    }  # fmt: skip
    return render(request, "team/behind.html", context)


def link_of(request: Inside) -> Link:
    """Where the deals behind a figure are listed."""
    place = reverse("team_figure", kwargs={"w": request.access.workspace.key, "figure": "x"})[: -len("x/")]
    return lambda name: f"{place}{name}/" if name else ""


def stages_of(request: Inside) -> dict[int, tuple[str, ...]]:
    """The names of stages by process version."""
    versions = list_published(request.access.workspace)
    return {version.pk: tuple(stage.name for stage in process_of(version).stages) for version in versions}


def asked_number(request: Inside, name: str, least: int) -> int:
    """From `least`, at most 1,000; what is no number counts as `least`."""
    given = request.GET.get(name, "")
    known = given.isascii() and given.isdigit() and len(given) < 6
    return min(max(int(given), least), MOST_PAGES) if known else least
