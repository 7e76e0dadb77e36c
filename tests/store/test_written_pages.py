"""A page in an export is taken as it stands only where it holds nothing but what Headway itself writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headway.basics.errors import UserError
from headway.report.page import render_sections, render_short
from headway.store.models import Analysis, AnalysisText, Workspace
from headway.store.written_pages import foreign_in
from tests.cast import NOW, make_cast
from tests.report.samples import SAMPLES, diagnosis, html
from tests.store.test_export import exported, loaded, moved, rewritten

HARMFUL = [
    '<div hx-post="/w/x/people/invite/" hx-trigger="load">', "<div hx-get=/w/x/>", "<DIV HX-GET='/w/x/'>",
    '<form action="/w/x/">', '<input name="a">', '<button formaction="/w/x/">', "<script>alert(1)</script>",
    '<svg onload="x()">', '<p data-hx-get="/w/x/">', '<iframe src="/w/x/">', '<img src="/w/x/">', '<base href="/w/">',
    '<a href="https://evil.example/">', '<a href="//evil.example/">', '<a href="/\\evil.example/">',
    '<a href="javascript:x()">', '<meta http-equiv="refresh" content="0; url=/w/x/">', "<!-- x --><p>",
    '<p title="a>b" hx-get="/w/x/">', '<p/hx-get="/w/x/">', '<p class="a"hx-get="/w/x/">', "<p class=a hx-get=/w/x/",
    '<p\x00hx-get="/w/x/">', "<template><p>", '<a href="&#104;ttps://evil.example/">', "<",
]  # fmt: skip


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_acts_or_leads_away_is_foreign(harm: str) -> None:
    assert foreign_in(f"<p>Four deals</p>{harm}")


@pytest.mark.parametrize(
    "written",
    ['<p class="a">1 &lt; 2 > 0</p>', '<a href="/w/k/deals/x/">', '<a href="#buyer">', "<br/>", "<details open>"],
)
def test_what_headway_writes_is_not(written: str) -> None:
    assert foreign_in(written) == ""


@pytest.mark.parametrize("name", SAMPLES)
def test_every_page_of_an_analysis_is_ours(name: str) -> None:
    """Who adds an element or attribute to the report names it in `written_pages`, or its exports load nowhere."""
    shown = diagnosis(name)
    pages = [html(name), render_sections(shown, lambda key: f"/w/k/deals/{key}/"),
             render_short(shown, lambda key: f"/w/k/deals/{key}/", "/w/k/diagnosis/")]  # fmt: skip
    assert [foreign_in(page) for page in pages] == ["", "", ""]


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["short", "sections", "page"])
def test_an_export_with_a_page_that_acts_for_its_reader_is_refused(tmp_path: Path, field: str) -> None:
    cast = make_cast()
    made = Analysis.objects.create(workspace=cast.workspace, as_of=NOW, started_at=NOW, finished_at=NOW, short="<p>x")
    AnalysisText.objects.create(workspace=cast.workspace, analysis=made, diagnosis="{}", sections="<p>x", page="<p>x")

    def hostile(_: str, row: dict[str, Any]) -> dict[str, Any]:
        return row | {field: HARMFUL[0]} if field in row else row

    file = rewritten(moved(exported(cast, tmp_path), tmp_path), tmp_path / "bad.zip", hostile)
    with pytest.raises(UserError, match=r"bad\.zip is damaged \(.*which Headway never writes"):
        loaded(file)
    assert Workspace.objects.count() == 2
