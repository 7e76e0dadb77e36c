"""The forecast in the report: what it says, in which order, and what it leaves out where it knows too little."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from headway.forecast.value import Flagged, Forecast
from headway.report import forecast_words as tell
from headway.report import words
from headway.report.deal_links import anchor
from headway.report.page import render, render_forecast, render_sections
from tests.forecast.sample import empty_forecast, huge_forecast, sample_forecast, without_model
from tests.forecast.sample_backtest import sample_backtest, without_skill
from tests.report.samples import diagnosis
from tests.report.test_page import Elements


def without_skill_forecast() -> Forecast:
    found = without_skill()
    return dataclasses.replace(without_model(40), backtest=found, reason=found.reason)


SAMPLES = {
    "usual": lambda: sample_forecast(40),
    "one_deal": lambda: sample_forecast(1),
    "nothing": empty_forecast,
    "base_rate": without_model,
    "without_skill": without_skill_forecast,
    "huge": huge_forecast,
}


@cache
def html(name: str) -> str:
    return render_forecast(SAMPLES[name](), "Forecast of deals.csv")


def said(page: str) -> str:
    text = re.sub(r"<[^>]+>", " ", page.split("</style>")[1])
    return " ".join(unbroken(text).replace("&nbsp;", " ").split())


def unbroken(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture(params=SAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_is_one_whole_page_that_asks_for_nothing(name: str) -> None:
    page = html(name)
    found = Elements(page).found
    for tag, attributes in found:
        assert tag not in {"script", "link", "iframe", "object", "embed", "img", "form", "base"}
        assert "style" not in attributes and not any(key.startswith("on") for key in attributes)
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {"http://www.w3.org/2000/svg"}
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    assert len(ids) == len(set(ids)) and all(link and link[1:] in ids for link in links)
    assert not re.search(r"\b(None|nan|inf|StrictUndefined)\b", said(page))


def test_the_sentence_comes_first_then_the_number_beside_simpler_ways() -> None:
    forecast = sample_forecast(40)
    text = said(html("usual"))
    parts = [
        forecast.sentence, "Nine in ten: at least", "Stage-weighted", "By team", "By owner", "most expected first",
        "Stalled", "Why it moved", "How good it has been", "When it settles", "there are no hidden ones",
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    for amount in (forecast.total.low, forecast.total.middle, forecast.total.high):
        assert unbroken(words.worth(amount, "EUR")) in text


def test_owners_are_listed_by_name_and_never_ranked() -> None:
    forecast = sample_forecast(40)
    mixed = dataclasses.replace(forecast, groups=tuple(reversed(forecast.groups)))
    owners = [group.name for group in tell.groups_of(mixed, "owner")]
    assert owners == sorted(owners) and len(owners) == 5
    assert [group.mean for group in tell.groups_of(mixed, "owner")] != sorted(
        (group.mean for group in tell.groups_of(mixed, "owner")), reverse=True
    )
    means = [group.mean for group in tell.groups_of(mixed, "segment")]
    assert means == sorted(means, reverse=True)


def test_each_deal_says_its_chance_its_facts_and_what_has_to_come_true() -> None:
    forecast = sample_forecast(12)
    page = render_forecast(forecast, "T")
    text = said(page)
    shown = re.findall(r'class="foretold-name"><b><bdi>([^<]+)</bdi>', page)
    assert shown == [deal.name for deal in tell.by_expected(forecast)]
    for deal in forecast.deals:
        for fact in deal.facts:
            assert unbroken(tell.fact_text(fact.sentence)) in text
        for one in deal.to_come:
            assert f"{one.buyer} {one.who} , by" in text
    assert page.count('class="stalled-mark"') == sum(deal.stalled for deal in forecast.deals) == 1
    assert "Its stage, Legal review, was never seen before." in text and "The close date lies in the past." in text


def test_without_a_model_that_is_said_first_and_no_deal_gets_odds_of_its_own() -> None:
    for name in ("base_rate", "without_skill"):
        text = said(html(name))
        assert text.index("No model: one chance for every deal.") < text.index(SAMPLES[name]().sentence)
        assert 'class="foretold"' not in html(name) and "Why it moved" not in text and "hidden ones" not in text
    assert "How good it has been" in said(html("without_skill")) and "How good" not in said(html("base_rate"))
    assert said(html("without_skill")).count(without_skill().reason) == 1


def test_without_any_decided_deal_it_shows_no_number() -> None:
    text = said(html("nothing"))
    assert empty_forecast().sentence in text and empty_forecast().reason in text and "€324 k" in text
    assert "Nine in ten" not in text and "<svg" not in html("nothing")


def test_a_huge_forecast_stays_a_file_that_opens() -> None:
    page = html("huge")
    assert len(page) < 1_500_000
    assert page.count('<details class="foretold') == 50 and "1,950 more are in the JSON file." in said(page)
    assert "<script" not in page and "&lt;script&gt;" in page


def test_the_sums_are_said_with_their_signs() -> None:
    moved = sample_forecast(12).moved
    assert moved is not None
    text = unbroken(tell.moved_sentence(moved, "EUR"))
    assert text.startswith("Since 24 May the expected total went from €5")
    assert "Most: silence went on, −€" in text and text.endswith(" k on 2 deals.")
    assert tell.signed(0.0, "EUR") == "€0" and tell.signed(0.2, "EUR") == "€0" and tell.signed(1.2, "EUR") == "+€1"


def test_what_is_known_of_the_past_is_said_with_n_and_intervals() -> None:
    back = sample_backtest()
    assert "20 % less wrong than the base rate (90 %: 12 to 27 %)" in unbroken(tell.skill_sentence(back))
    assert "−6 to 8 %" in unbroken(tell.skill_sentence(without_skill()))
    assert unbroken(tell.settled_sentence(back)).startswith("In 3 of 4 past periods")
    assert "from week 6, 8 and 9 on" in tell.settled_sentence(back)
    newest_first = dataclasses.replace(back, settled=back.settled[::-1])
    assert [one.period.name for one in tell.settled_periods(newest_first, 2)] == ["Q4 2025", "Q1 2026"]
    none = dataclasses.replace(back, flagged=Flagged(141, 0, None, None))
    assert (
        unbroken(tell.flagged_sentence(none))
        == "Of 141 past deals that were not won, none had been flagged as stalled."
    )
    assert "n 133" in unbroken(tell.flagged_sentence(back))
    bare = dataclasses.replace(back, skill=None, flagged=None, settled=(), time_error_days=None, reason="", shown=False)
    assert tell.skill_sentence(bare).startswith("Whether it beats the base rate is unknown")
    assert tell.flagged_sentence(bare) == tell.time_sentence(bare) == ""


def test_another_number_is_set_beside_the_forecast() -> None:
    known = {135.0: "35 % above", 50.0: "50 % below", 100.1: "the same", 2_000.0: "20 times"}
    for other, said_so in ((None, ""), *known.items()):
        assert unbroken(tell.beside_text(other, 100.0)).startswith(said_so)
    assert tell.beside_text(5.0, 0.0) == ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("forecasts")
    for sample in SAMPLES:
        (made / f"{sample}.html").write_text(html(sample), encoding="utf-8")
    return made


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_in_a_browser_it_fits_is_accessible_and_complains_of_nothing(
    browser: Browser, folder: Path, name: str, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: complaints.extend(() if request.url.startswith("file:") else (request.url,)))
    page.goto((folder / f"{name}.html").as_uri())
    if name != "huge":
        assert Axe().run(page).response["violations"] == []
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    context.close()


def test_a_diagnosis_that_carries_a_forecast_shows_it_after_the_buyer_and_names_it_in_short() -> None:
    page = render(dataclasses.replace(diagnosis("usual"), forecast=sample_forecast(12)))
    places = [page.index(f'<section id="{one}"') for one in ("short", "buyer", "forecast", "findings")]
    assert places == sorted(places)
    assert page.count('<a href="#forecast">Forecast</a>') == 2  # among the sections and in short
    assert 'id="forecast"' not in render(diagnosis("usual")) and "#forecast" not in render(diagnosis("usual"))
    assert 'id="forecast"' not in render_sections(
        dataclasses.replace(diagnosis("usual"), forecast=sample_forecast(12)), lambda deal: f"/deals/{deal}"
    )


def test_a_deal_whose_events_are_in_the_report_leads_to_them() -> None:
    whole = diagnosis("usual")
    forecast = sample_forecast(12)
    traced = whole.traces[0].deal
    deals = tuple(dataclasses.replace(deal, id=traced) if deal.stalled else deal for deal in forecast.deals)
    page = render(dataclasses.replace(whole, forecast=dataclasses.replace(forecast, deals=deals)))
    section = page.split('<section id="forecast"')[1].split("</section>")[0]
    assert section.count(f'href="#{anchor(traced)}"') == 2  # among the deals and among the stalled ones
