"""The page of the pipeline: Movement, claims against buyers, inflation, silence, and open findings by age."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from headway.charts.movement import Shares, movement_curves
from headway.report.words import count_text, counted, interval_text, percent_text, sentence
from headway.web.team.matrix import matrix_view
from headway.web.team.shown import (
    UNKNOWN,
    Head,
    Line,
    Link,
    Table,
    Told,
    age_lines,
    money_figure,
    money_lines,
    percent_line,
    rule_lines,
    silence_lines,
    silent_head,
)

CURVE_ROWS = 7


def pipeline_sections(told: Told, link: Link) -> dict[str, Any]:
    """Context of the pipeline's page. `told`: a `Pipeline`, plain."""
    currency, claims, silence, ages = told["currency"], told["claims"], told["silence"], told["ages"]
    figure, grounds = money_figure(told["money"], currency)
    money_url = link("gap:ahead") if claims["ahead"] else ""
    moved = told["moved"]
    stages = tuple(_moved_line(one, link) for one in told["stages"])
    share = "Decided"
    return {
        "heads": [
            _moved_head(told, link), claims_head(claims, link), Head("Inflation", figure, grounds, money_url),
            silent_head(silence, link), findings_head(ages, link),
        ],
        "claims": claims, "reason": sentence(told["reason"]) if told["reason"] else "",
        "matrices": [matrix_view(one, currency, link) for one in told["matrices"]],
        "money": Table("Inflation by claimed stage", "Claimed stage", "Money", "Inflation",
                       money_lines(told["stage_money"], currency, link)),
        "silence": Table("Open deals by silence of the buyer", "Silence", "Deals", "Deals",
                         silence_lines(silence, currency, link), "Won of past ones as silent"),
        "ages": Table("Open findings by age", "Age", "Findings", "Findings", age_lines(ages, link), "Deals"),
        "rules": Table("Open findings by rule", "Rule", "Findings", "Findings", rule_lines(ages, link),
                       "Deals, median age"),
        "moved": moved, "curve": _curve(moved), "curve_rows": _curve_rows(moved), "upper_bound": told["upper_bound"],
        "stages": Table("Movement by stage", "Stage", share, share, stages),
    }  # fmt: skip


def claims_head(claims: Told, link: Link) -> Head:
    """How many claims are ahead of their buyers."""
    unseen = claims["open"] - claims["observed"]
    more = f"; of {count_text(unseen)} more it cannot be told" if unseen else ""
    said = f"of {counted(claims['observed'], 'open deal')} claim more than the buyer has shown{more}"
    return Head("Claims ahead", count_text(claims["ahead"]), said, link("gap:ahead") if claims["ahead"] else "")


def findings_head(ages: Told, link: Link) -> Head:
    """How many findings are open."""
    url = link("findings") if ages["findings"] else ""
    return Head("Open findings", count_text(ages["findings"]), f"on {counted(ages['deals'], 'open deal')}", url)


def _moved_head(told: Told, link: Link) -> Head:
    moved = told["moved"]
    stage = moved["stage"] if moved else None
    if stage is None or stage["decided"] is None:
        more = min((one["more"] for one in told["stages"] if one["more"]), default=0)
        return Head(
            "Movement", UNKNOWN, f"about {count_text(more)} more decided deals needed" if more else "no deals yet"
        )
    decided = stage["decided"]
    days = f"within the usual {stage['usual_days']:.0f} days" if stage["usual_days"] else "in time"
    grounds = (
        f"reach a decision {days} ({interval_text(decided['low'], decided['high'])}, n {count_text(decided['n'])})"
    )
    big = percent_text(decided["value"])
    return Head("Movement", f"at most {big}" if told["upper_bound"] else big, grounds, link(moved["behind"]))


def _moved_line(one: Told, link: Link) -> Line:
    stage, url = one["stage"], link(one["behind"])
    if stage["decided"] is None:
        more = f"about {count_text(one['more'])} more decided deals needed" if one["more"] else (stage["reason"] or "")
        return Line(stage["stage"], UNKNOWN, more, url=url)
    days = f"usual {stage['usual_days']:.0f} days" if stage["usual_days"] else ""
    return percent_line(stage["stage"], stage["decided"], url=url, note=f"{days}, {stage['basis']}".strip(", "))


def _curve(moved: Told | None) -> SafeString:
    if moved is None or not moved["stage"]["curve"]:
        return SafeString("")
    stage = moved["stage"]
    points = [Shares(one["days"], one["won"], one["lost"], one["ended"]) for one in stage["curve"]]
    title = f"What became of {counted(stage['n'], 'deal')} that entered {stage['stage']}"
    return SafeString(movement_curves(points, stage["usual_days"], title=title, height=220))


def _curve_rows(moved: Told | None) -> list[tuple[str, ...]]:
    points = moved["stage"]["curve"] if moved else []
    if not points:
        return []
    step = max((len(points) - 1) / (CURVE_ROWS - 1), 1.0)
    chosen = [points[min(round(index * step), len(points) - 1)] for index in range(min(CURVE_ROWS, len(points)))]
    return [
        (f"{p['days']:.0f}", *(percent_text(p[part]) for part in ("won", "lost", "ended")),
         percent_text(max(1 - p["won"] - p["lost"] - p["ended"], 0.0)))
        for p in chosen
    ]  # fmt: skip
