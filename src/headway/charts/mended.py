"""The share of something that is mended by a day, as a stepped curve in its band, with the day of half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.over_time import traced
from headway.charts.scale import round_ticks
from headway.charts.svg import chart, fraction, line, percent, stretched, words


@dataclass(frozen=True, slots=True)
class MendedBy:
    """From `days` on so large a share is mended, with its interval."""

    days: float
    value: float
    low: float
    high: float


def mended_curve(
    steps: Sequence[MendedBy], until_days: float, *, half_days: float | None, title: str, desc: str = "",
    height: float = 220,
) -> str:  # fmt: skip
    """From 0 to `until_days`; `half_days`: when half is mended, None where it is not reached."""
    plot = height - 44
    children = []
    for share, text in ((0.0, "0"), (0.5, "50"), (1.0, "100 %")):
        y = 12 + plot * (1 - share)
        children += [line("0%", y, "100%", y, "grid"), words(text, x=0, y=y + 4, css="tick", anchor="end", dx=-6)]
    across = [fraction(step.days, until_days) for step in steps]
    if steps:
        band = _stairs(across, [step.high for step in steps])
        low = _stairs(across, [step.low for step in steps])
        middle = _stairs(across, [step.value for step in steps])
        children.append(
            stretched([traced([*band, *reversed(low)], "band", closed=True), traced(middle, "line")], y=12, height=plot)
        )
    if half_days is not None and half_days <= until_days:
        x, ends = percent(fraction(half_days, until_days)), fraction(half_days, until_days) > 0.6
        children.append(line(x, 12 + plot / 2, x, 12 + plot, "usual"))
        children.append(
            words(
                f"half by day {half_days:.0f}", x=x, y=12 + plot * 0.75, css="note halo",
                anchor="end" if ends else "start", dx=-6 if ends else 6,
            )
        )  # fmt: skip
    ticks = round_ticks(until_days, 5)
    for place, tick in enumerate(ticks):
        anchor = "start" if place == 0 else "end" if fraction(tick, until_days) > 0.97 else "middle"
        text = f"{tick:.0f} days" if tick == ticks[-1] else f"{tick:.0f}"
        children.append(words(text, x=percent(fraction(tick, until_days)), y=height - 10, css="tick", anchor=anchor))
    return chart(children, height=height, title=title, desc=desc, css="mended")


def _stairs(across: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    """Corners of a step function to the right end."""
    corners: list[tuple[float, float]] = []
    before: float | None = None
    for x, value in zip(across, values, strict=True):
        if before is not None:
            corners.append((x, 1 - before))
        corners.append((x, 1 - value))
        before = value
    if before is not None:
        corners.append((1.0, 1 - before))
    return corners
