"""Figures in sentences, alike wherever they are said."""

from __future__ import annotations

from collections.abc import Iterable


def count_text(count: float) -> str:
    """`14,203`."""
    return f"{count:,.0f}"


def counted(count: int, one: str) -> str:
    """`1 deal`, `1,204 deals`."""
    return f"{count_text(count)} {one}{'' if count == 1 else 's'}"


def points_text(difference: float) -> str:
    """A difference of shares in points: `+12`, `−3`; `0` has no sign."""
    rounded = round(100 * difference)
    return "0" if rounded == 0 else f"{'+' if rounded > 0 else '−'}{abs(rounded)}"


def points_said(difference: float) -> str:
    """The same with its word: `+2 points`, `−1 point`."""
    return f"{points_text(difference)} {'point' if abs(round(100 * difference)) == 1 else 'points'}"


def percent_figure(share: float) -> str:
    """`47`; tells apart none from hardly any, and all from nearly all."""
    if 0 < share < 0.005:
        return "under 1"
    if 0.995 <= share < 1:
        return "over 99"
    return f"{100 * share:.0f}"


def listed(names: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    all_names = list(names)
    if len(all_names) < 2:
        return "".join(all_names)
    return f"{', '.join(all_names[:-1])} {last} {all_names[-1]}"
