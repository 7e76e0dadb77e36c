"""The report: one HTML file that holds all it needs. It has no script, asks for nothing, and says so by its policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from headway.diagnosis.value import Diagnosis, OpenDeal, RuleResult
from headway.forecast.value import Forecast
from headway.report import (
    comparison_words,
    forecast_pictures,
    forecast_words,
    judged_pictures,
    pictures,
    takeaways,
    verdict_words,
    words,
)
from headway.report.comparison_words import widest
from headway.report.deal_links import anchor, deal_names, sentence_markup
from headway.report.meanings import MEANINGS

SECTIONS = (
    ("short", "In short"),
    ("verdicts", "Verdicts"),
    ("constraint", "Primary constraint"),
    ("signals", "Signals"),
    ("order", "Order of buyers"),
    ("reinforcement", "Reinforcement"),
    ("theatre", "Theatre"),
    ("ways", "My way"),
    ("movement", "Movement"),
    ("buyer", "Claimed and evidenced"),
    ("forecast", "Forecast"),
    ("findings", "Findings"),
    ("adherence", "Adherence"),
    ("flow", "Flow"),
    ("dwell", "Time in stage"),
    ("consistency", "Consistency"),
    ("pressure", "Pressure"),
    ("log", "What was read"),
    ("deals", "Deals"),
    ("reading", "How to read this"),
)
OPEN_DEALS, OPEN_DEALS_FIRST, CURVES, TRACES = 50, 10, 12, 300
GROUPS_FIRST, GROUPS_MOST, PIECES, STALLED, PERIODS = 8, 60, 60, 10, 8
STYLES = ("report.css", "sections.css", "verdicts.css", "forecast.css")
VERDICTS_FIRST, SIGNALS_FIRST = 20, 20
FILE_ONLY = ("short", "forecast", "deals")  # not on a page of the application, which has its own


def sections_of(diagnosis: Diagnosis) -> tuple[tuple[str, str], ...]:
    """(id, name) of each section that this diagnosis has something to say in, in their order."""
    judged = diagnosis.judged
    absent = {"verdicts", "constraint", "signals", "order", "reinforcement", "theatre", "ways"} if not judged else set()
    if judged and not judged.orders:
        absent.add("order")
    if judged and not judged.own_ways:
        absent.add("ways")
    if diagnosis.forecast is None:
        absent.add("forecast")
    return tuple(section for section in SECTIONS if section[0] not in absent)


def render(diagnosis: Diagnosis) -> str:
    """The whole report as HTML text (UTF-8 when written)."""
    traced = frozenset(trace.deal for trace in diagnosis.traces[:TRACES])
    values = shown_values(diagnosis, traced, lambda deal: f"#{anchor(deal)}") | _style_values()
    if diagnosis.forecast is not None:
        values |= forecast_values(diagnosis.forecast)
    return _environment().get_template("report.html.j2").render(values)


def render_forecast(forecast: Forecast, title: str) -> str:
    """A forecast alone as a report: HTML text (UTF-8 when written)."""
    values = _style_values() | forecast_values(forecast)
    values |= {"title": title, "traced": frozenset(), "href": None, "many": False}
    return _environment().get_template("forecast_report.html.j2").render(values)


def forecast_values(forecast: Forecast) -> dict[str, Any]:
    """What the templates of the forecast name."""
    return {
        "f": forecast,
        "groups_first": GROUPS_FIRST,
        "groups_most": GROUPS_MOST,
        "deals_first": OPEN_DEALS_FIRST,
        "deals_most": OPEN_DEALS,
        "pieces_most": PIECES,
        "stalled_most": STALLED,
        "settled_most": PERIODS,
    }


def _style_values() -> dict[str, Any]:
    """The styles as they stand in the page, and what its policy names them by."""
    css = style_text()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    return {"css": Markup(css), "css_hash": digest}  # noqa: S704 - our own file


def render_sections(diagnosis: Diagnosis, href: Callable[[str], str]) -> str:
    """The sections alone, for a page of the application; `href` is the address of a deal, whose events stand there."""
    linked = frozenset(deal_names(diagnosis))
    return _environment().get_template("sections.html.j2").render(shown_values(diagnosis, linked, href))


def render_short(diagnosis: Diagnosis, href: Callable[[str], str], page: str) -> str:
    """The five sentences and four figures alone; `page` is the address at which the other sections stand."""
    linked = frozenset(deal_names(diagnosis))
    values = shown_values(diagnosis, linked, href) | {"page": page}
    return _environment().get_template("short.html.j2").render(values)


def shown_values(diagnosis: Diagnosis, linked: frozenset[str], href: Callable[[str], str]) -> dict[str, Any]:
    """What the templates of all sections name. `linked`: deals whose name is a link, to `href` of their id."""
    names = deal_names(diagnosis)
    return {
        "d": diagnosis,
        "j": diagnosis.judged,
        "f": None,
        "verdicts_first": VERDICTS_FIRST,
        "signals_first": SIGNALS_FIRST,
        "signals_reach": widest([one.effect for one in diagnosis.judged.signals] if diagnosis.judged else ()),
        "log": diagnosis.log,
        "currency": diagnosis.log.currency,
        "sections": sections_of(diagnosis),
        "meanings": MEANINGS,
        "traced": linked,
        "href": href,
        "page": "",
        "sentences": [sentence_markup(sentence, names, linked, href) for sentence in diagnosis.sentences],
        "named": frozenset(deal for sentence in diagnosis.sentences for deal in sentence.deals),
        "last_ranks": {process.name: len(process.stages) for process in diagnosis.processes},
        "many": len(diagnosis.processes) > 1,
        "largest": largest_open_deals(diagnosis.open_deals),
        "first_shown": OPEN_DEALS_FIRST,
        "curves_shown": CURVES,
        "rules": [rule for rule in by_open_money(diagnosis.findings) if rule.reason is None],
        "not_asked": [rule for rule in diagnosis.findings if rule.reason is not None],
        "flows": [
            flow for process in diagnosis.processes if (flow := pictures.flow_picture(process, diagnosis.flow.edges))
        ],
        "traces": diagnosis.traces[:TRACES],
    }


def largest_open_deals(deals: Sequence[OpenDeal]) -> tuple[OpenDeal, ...]:
    """The open deals with most money, those without an amount last."""
    return tuple(
        sorted(deals, key=lambda deal: -(deal.amount if deal.amount is not None else float("-inf")))[:OPEN_DEALS]
    )


def by_open_money(rules: Sequence[RuleResult]) -> tuple[RuleResult, ...]:
    """Rules with most open money first; what found nothing last."""
    return tuple(sorted(rules, key=lambda rule: (-rule.open_amount, -rule.deals)))


@cache
def style_text() -> str:
    """The charts' and the report's own styles, as they stand in the page."""
    charts = files("headway.charts").joinpath("charts.css").read_text(encoding="utf-8")
    own = (files("headway.report").joinpath(name).read_text(encoding="utf-8") for name in STYLES)
    return "\n".join(("", charts, *own))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("headway.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "say": takeaways, "draw": pictures, "anchor": anchor}
    environment.globals |= {"ahead": forecast_words, "foresee": forecast_pictures}
    environment.globals |= {"tell": verdict_words, "compare": comparison_words, "sketch": judged_pictures}
    environment.filters |= {
        "count": words.count_text,
        "percent": words.percent_text,
        "grounds": words.grounds_text,
        "days": words.days_text,
        "figure": words.days_figure,
        "day": words.date_text,
        "worth": words.worth,
        "points": words.points_text,
    }
    return environment
