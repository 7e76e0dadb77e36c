"""Whether what is said comes true: of deals given a chance, how many were won."""

from __future__ import annotations

from collections.abc import Sequence

from headway.charts.svg import dot, fixed_chart, line, number, words
from headway.forecast.value import CalibrationBin

SIDE = 264.0
LEFT, TOP, RIGHT, FOOT = 40.0, 12.0, 12.0, 40.0
SHARES = ((0.0, "0"), (0.25, "25"), (0.5, "50"), (0.75, "75"), (1.0, "100 %"))


def said_and_won(bins: Sequence[CalibrationBin], *, title: str, desc: str = "") -> str:
    """Each bin at what was said (across) and what was won (up), with its interval; on the line both agree."""
    children = []
    for share, name in SHARES:
        x, y = _across(share), _up(share)
        children += [line(_across(0), y, _across(1), y, "grid"), line(x, _up(0), x, _up(1), "grid")]
        children.append(words(name, x=_across(0) - 6, y=y + 4, css="tick", anchor="end"))
        children.append(words(name, x=x, y=_up(0) + 16, css="tick", anchor="end" if share == 1 else "middle"))
    children.append(line(_across(0), _up(0), _across(1), _up(1), "usual"))
    children.append(words("won more often than said", x=_across(0.04), y=_up(0.94), css="region-name halo"))
    children.append(words("less often", x=_across(0.97), y=_up(0.05), css="region-name halo", anchor="end"))
    for one in bins:
        x, low, high = _across(one.said), _up(one.won.low), _up(one.won.high)
        children += [line(x, low, x, high, "whisker"), line(x - 3, low, x + 3, low, "whisker")]
        children.append(line(x - 3, high, x + 3, high, "whisker"))
    for one in bins:
        said = f"said {number(round(100 * one.said))} of 100, won {number(round(100 * one.won.value))}, n {one.won.n:,}"
        children.append(dot(_across(one.said), _up(one.won.value), 4.5, "said-won", said))
    children.append(words("chance said", x=_across(0.5), y=_up(0) + 34, css="axis-name", anchor="middle"))
    size = LEFT + SIDE + RIGHT, TOP + SIDE + FOOT
    return fixed_chart(children, width=size[0], height=size[1], title=title, desc=desc, css="calibration")


def _across(share: float) -> float:
    return LEFT + SIDE * min(max(share, 0.0), 1.0)


def _up(share: float) -> float:
    return TOP + SIDE * (1 - min(max(share, 0.0), 1.0))
