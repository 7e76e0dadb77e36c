"""One deal in the weeks to come, and the weeks of past periods after which the number held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from headway.charts.over_time import band_and_line, months, scale_lines, traced
from headway.charts.scale import day_text, place_in_time, spread
from headway.charts.svg import Attribute, box, chart, element, hint, line, percent, stretched, words
from headway.forecast.value import Week

TOP, FOOT = 10.0, 24.0
LEAST = 14.0


def weeks_ahead(
    weeks: Sequence[Week], as_of: date, *, ends_on: date | None = None, title: str, desc: str = "", height: float = 170
) -> str:
    """Chances week by week: won from below with its band, lost from above, no decision under it; between them open.

    `ends_on`: the end of the period, as a broken line where it lies within the weeks.
    """
    plot = height - TOP - FOOT
    children = scale_lines([(TOP + plot * (1 - share), name) for share, name in ((0, "0"), (0.5, "50"), (1, "100 %"))])
    if not weeks:
        return chart(children, height=height, title=title, desc=desc, css="weeks-ahead")
    last = weeks[-1].ends_on
    children.append(stretched(_layers(weeks, as_of), y=TOP, height=plot))
    if ends_on is not None and as_of < ends_on <= last:
        at = percent(place_in_time(ends_on, as_of, last))
        children.append(line(at, TOP, at, TOP + plot + 4, "period-end"))
    children += months(as_of, last, height - 4)
    children += [_said(week, as_of, last, len(weeks), plot) for week in weeks]
    children += _names(weeks[-1], plot)
    return chart(children, height=height, title=title, desc=desc, css="weeks-ahead")


def _layers(weeks: Sequence[Week], as_of: date) -> list[str]:
    last = weeks[-1].ends_on
    across = [0.0, *(place_in_time(week.ends_on, as_of, last) for week in weeks)]
    won = [0.0, *(week.won.value for week in weeks)]
    lost = [0.0, *(min(week.lost, 1 - week.won.value) for week in weeks)]
    none = [
        0.0,
        *(min(week.no_decision, 1 - week.won.value - gone) for week, gone in zip(weeks, lost[1:], strict=True)),
    ]

    def area(lower: Sequence[float], upper: Sequence[float], css: str) -> str:
        edge = [(x, 1 - share) for x, share in zip(across, upper, strict=True)]
        back = [(x, 1 - share) for x, share in zip(across, lower, strict=True)]
        return traced([*edge, *reversed(back)], f"area {css}", closed=True)

    under_lost = [1 - share for share in lost]
    under_none = [edge - share for edge, share in zip(under_lost, none, strict=True)]
    spans = [(0.0, 0.0, 0.0), *((week.won.low, week.won.value, week.won.high) for week in weeks)]
    band = band_and_line([as_of, *(week.ends_on for week in weeks)], spans, lambda share: 1 - share)
    return [
        area([0.0] * len(won), won, "won"),
        area(under_lost, [1.0] * len(won), "lost"),
        area(under_none, under_lost, "ended"),
        *band,
    ]


def _said(week: Week, as_of: date, last: date, count: int, plot: float) -> str:
    """An unseen strip over the week that says its chances when pointed at."""
    right = place_in_time(week.ends_on, as_of, last)
    place: dict[str, Attribute] = {"class": "day", "x": percent(max(right - 1 / count, 0.0)), "y": TOP}
    place |= {"width": percent(1 / count), "height": plot}
    won = f"won {100 * week.won.value:.0f} % ({100 * week.won.low:.0f} to {100 * week.won.high:.0f})"
    others = f"lost {100 * week.lost:.0f} %, no decision {100 * week.no_decision:.0f} %"
    return element("rect", place, (hint(f"by {day_text(week.ends_on)}: {won}, {others}"),))


def _names(last: Week, plot: float) -> list[str]:
    """The chances in the end, beside their areas."""
    won, lost, none = last.won.value, last.lost, last.no_decision
    middles = (1 - won / 2, lost / 2, lost + none / 2)
    places = spread([TOP + plot * middle for middle in middles], LEAST, TOP + 4, TOP + plot)
    named = ((f"won {100 * won:.0f} %", "count"), (f"lost {100 * lost:.0f} %", ""), (f"none {100 * none:.0f} %", ""))
    return [words(name, x="100%", y=y + 4, dx=8, css=css) for (name, css), y in zip(named, places, strict=True)]


def settling_mark(week: int | None, weeks: int, *, title: str | None = None) -> str:
    """The weeks of a period as cells: filled from the one on from which the number held; all hollow where none was."""
    gap = 0.012
    children = []
    for place in range(weeks):
        css = "settled" if week is not None and place + 1 >= week else "unsettled"
        children.append(box(percent(place / weeks), 3, percent(max(1 / weeks - gap, 0.002)), 10, css, round_by=1))
    return chart(children, height=16, title=title)
