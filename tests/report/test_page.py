"""The report as text: complete, self-contained, and safe whatever the names in it are."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from headway.report.page import sections_of
from tests.report.sample_huge import NAMES
from tests.report.samples import SAMPLES, diagnosis, html

VOID = {"meta", "link", "br", "img", "hr", "input", "base", "source", "wbr", "col"}


class Elements(HTMLParser):
    """Every start tag with its attributes; fails where tags do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(params=SAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_section_is_there_and_linked(name: str) -> None:
    found = Elements(html(name)).found
    ids = [attributes["id"] for tag, attributes in found if tag == "section"]
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    sections = [section for section, _ in sections_of(diagnosis(name))]
    assert ids == sections
    assert all(f"#{section}" in links for section in sections)


def test_every_link_stays_in_the_page_and_finds_its_place(name: str) -> None:
    found = Elements(html(name)).found
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    assert len(ids) == len(set(ids))
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)


def test_nothing_is_fetched_run_or_styled_in_place(name: str) -> None:
    for tag, attributes in Elements(html(name)).found:
        assert tag not in {"script", "link", "iframe", "object", "embed", "img", "form", "base"}
        assert "style" not in attributes and not any(key.startswith("on") for key in attributes)
        assert not {"src", "srcset", "action", "xlink:href", "poster"} & set(attributes)
    css = html(name).split("<style>")[1].split("</style>")[0]
    assert "url(" not in css and "@import" not in css and "http" not in css
    assert set(re.findall(r"https?://[^\s\"'<]+", html(name))) <= {"http://www.w3.org/2000/svg"}


def test_the_policy_names_the_very_styles_in_the_page() -> None:
    css = html("usual").split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html("usual").replace("&#39;", "'")


def test_hostile_names_are_words_and_nothing_else() -> None:
    text = "".join(Elements(html("huge")).words)
    assert all(name in text for name in NAMES)
    assert "<script" not in html("huge").lower() and "<img" not in html("huge").lower()


def test_the_sentences_link_to_the_events_of_the_deals_they_name() -> None:
    page = html("usual")
    for sentence in diagnosis("usual").sentences:
        for deal in sentence.deals:
            assert f'<a href="#deal-{deal}">' in page.split('id="movement"')[0]
            article = page.split(f'<article id="deal-{deal}"')[1].split("</article>")[0]
            assert "opportunity_history.csv" in article


def test_where_the_buyer_is_not_observed_it_says_so_and_offers_ten_minutes() -> None:
    page = html("unobserved")
    assert "Take ten minutes" in page and "buyer_acted" in page
    assert "Take ten minutes to see the buyer" not in html("usual")


def test_what_is_unknown_is_said_with_its_reason() -> None:
    text = re.sub(r"\s+", " ", "".join(Elements(html("empty")).words))
    assert "Movement is unknown: there are no deals." in text
    assert "Adherence is unknown: there are no deals." in text
    assert "None" not in text and "nan" not in text.split() and "inf" not in text.split()


@pytest.mark.parametrize("name", ["unobserved", "one_deal", "huge"])
def test_no_value_of_python_shows_through(name: str) -> None:
    text = " ".join(Elements(html(name)).words)
    assert not re.search(r"\b(None|True|False|nan|undefined|datetime)\b", text)


def test_only_the_largest_open_deals_are_shown_and_the_rest_is_counted() -> None:
    assert "50 of 4,000\u00a0open deals are shown; the JSON file has all." in html("huge")
    assert html("huge").count('class="standing ') < 200


def test_the_same_diagnosis_gives_the_same_report() -> None:
    from headway.report.page import render

    assert render(SAMPLES["usual"]()) == html("usual")
