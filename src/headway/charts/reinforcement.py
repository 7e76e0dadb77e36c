"""What is left of a review, week by week: adherence after reviews that were held, and after those that were missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.scale import spread
from headway.charts.svg import chart, dot, fraction, line, number, path, percent, stretched, words


@dataclass(frozen=True, slots=True)
class AfterReview:
    """Adherence so many weeks after a review, with its interval and how many expectations it rests on."""

    weeks: int
    value: float
    low: float
    high: float
    n: int


def after_reviews(
    held: Sequence[AfterReview], missed: Sequence[AfterReview], *, title: str, desc: str = "", height: float = 230
) -> str:
    """Both lines in their bands, held ones solid and missed ones dashed, each named at its right end."""
    plot = height - 46
    children = [line("0%", 12 + plot * (1 - share), "100%", 12 + plot * (1 - share), "grid") for share in (0, 0.5, 1)]
    for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100 %")):
        children.append(words(text, x=0, y=16 + plot * (1 - share), css="tick", anchor="end", dx=-6))
    last = max((week.weeks for week in (*held, *missed)), default=0)
    ends = []
    for name, weeks in (("held", held), ("missed", missed)):
        if weeks:
            children.append(stretched(_band_and_line(weeks, last, name), y=12, height=plot))
            children += [_point(week, last, plot, name) for week in weeks]
            ends.append((name, weeks[-1]))
    children += _ends(ends, last, plot)
    for week in range(last + 1):
        place = fraction(week, last)
        anchor = "start" if place == 0 else "end" if place == 1 else "middle"
        text = f"{week} weeks" if week == last else str(week)
        if week == last or (week % 4 == 0 if last > 12 else week < last - 1 or last < 8):
            css = "tick roomy" if last > 6 and week % 4 else "tick"
            children.append(words(text, x=percent(place), y=height - 14, css=css, anchor=anchor))
    return chart(children, height=height, title=title, desc=desc, css="curves reinforcement")


def _band_and_line(weeks: Sequence[AfterReview], last: int, name: str) -> list[str]:
    def corner(week: AfterReview, share: float) -> str:
        return f"{number(100 * fraction(week.weeks, last))} {number(100 * (1 - min(max(share, 0), 1)))}"

    band = [corner(week, week.high) for week in weeks] + [corner(week, week.low) for week in reversed(weeks)]
    middle = [corner(week, week.value) for week in weeks]
    return [path("M" + " L".join(band) + " Z", f"band {name}"), path("M" + " L".join(middle), f"line {name}")]


def _point(week: AfterReview, last: int, plot: float, name: str) -> str:
    said = f"{week.weeks} weeks after a review that was {name}: {100 * week.value:.0f} %, n {week.n}"
    y = 12 + plot * (1 - min(max(week.value, 0), 1))
    return dot(percent(fraction(week.weeks, last)), y, 2.5, f"point {name}", said)


def _ends(ends: Sequence[tuple[str, AfterReview]], last: int, plot: float) -> list[str]:
    """The name and last share of each line beside its end; lines that end in the same week have theirs spread."""
    heights = [12 + plot * (1 - min(max(week.value, 0), 1)) for _, week in ends]
    if len({week.weeks for _, week in ends}) == 1:
        heights = spread(heights, 16, 16, 12 + plot)
    return [
        words(
            f"{name} {100 * week.value:.0f} %",
            x=percent(fraction(week.weeks, last)),
            y=y + 4,
            dx=9,
            css=f"name halo {name}",
        )
        for (name, week), y in zip(ends, heights, strict=True)
    ]
