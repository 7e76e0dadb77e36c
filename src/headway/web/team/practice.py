"""The page of the process in use: how often it is kept, whether that fades, differs by owner, or bends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from headway.charts.marks import difference_mark
from headway.charts.scale import day_text
from headway.charts.weeks import Change, WeekShare, weekly_share
from headway.report.words import count_text, counted, interval_text, percent_text, points_text, sentence
from headway.web.team.shown import (
    UNKNOWN,
    Head,
    Line,
    Link,
    Table,
    Told,
    kept_lines,
    percent_line,
)

PARTS = ("all", "item", "version", "team", "week", "month", "quarter")
"""What the names of figures of this page begin with."""

SIDES = (
    (
        ("stages", "By stage", "Entered, or proven, before going beyond"),
        ("steps", "By step", "Done in time"),
    ),
    (
        ("claims", "By claim", "Claimed only once the buyer had done what the stage takes"),
        ("versions", "By process version", "Everything it asks"),
        ("teams", "By team", "Everything the process asks"),
    ),
)


def practice_sections(told: Told, link: Link) -> dict[str, Any]:
    """Context of the practice's page. `told`: a `Practice`, plain."""
    share, overall = "Kept", told["overall"]
    head = Head("Adherence", UNKNOWN, "nothing that the process asks has fallen due yet")
    if overall:
        known = overall["share"]
        grounds = (
            f"of what fell due was kept ({interval_text(known['low'], known['high'])}, n {count_text(overall['due'])})"
        )
        head = Head("Adherence", percent_text(known["value"]), grounds, link(overall["behind"]))
    return {
        "heads": [head, _fade_head(told, link), _owners_head(told["owners"], link)],
        "fade": _fade_sentence(told), "weeks": _weeks(told), "week_rows": _week_rows(told, link),
        "groups": [
            [
                (words, Table(caption, words[3:].capitalize(), share, share, kept_lines(told[name], link)))
                for name, words, caption in side
                if told[name]
            ]
            for side in SIDES
        ],
        "small_teams": told["small_teams"],
        "owners": _owners_table([one for one in told["owners"]["steps"] if one["differs"]], link),
        "others": _owners_table([one for one in told["owners"]["steps"] if not one["differs"]], link),
        "owners_sentence": _owners_sentence(told["owners"]),
        "pressure": [_pressure(one, link) for one in told["pressure"]],
    }  # fmt: skip


def _fade_head(told: Told, link: Link) -> Head:
    fade = told["fade"]
    if fade["slope_points_per_quarter"] is None:
        return Head(
            "Fade",
            UNKNOWN,
            f"about {counted(told['fade_more'], 'more week')} needed",
        )
    low, high = (_points(fade[end]) for end in ("slope_low", "slope_high"))
    return Head(
        "Fade",
        f"{_points(fade['slope_points_per_quarter'])} points",
        f"a quarter ({low} to {high}, {counted(fade['weeks'], 'week')})",
        link("all"),
    )


def _fade_sentence(told: Told) -> str:
    fade = told["fade"]
    if fade["change_on"] and fade["before"] and fade["after"]:
        days = [day_text(date.fromisoformat(fade[day])) for day in ("change_on", "change_low", "change_high")]
        before, after = (_share_words(fade[side]) for side in ("before", "after"))
        return f"It changed about {days[0]} (between {days[1]} and {days[2]}): from {before} to {after}."
    if fade["slope_points_per_quarter"] is None:
        return f"Whether it fades is unknown: {fade['reason']}." if fade["reason"] else ""
    if fade["slope_low"] <= 0 <= fade["slope_high"]:
        return "No change that chance could not explain."
    return "It moved steadily, without one day on which it changed."


def _share_words(share: Told) -> str:
    return f"{percent_text(share['value'])} ({interval_text(share['low'], share['high'])}, n {count_text(share['n'])})"


def _points(value: float) -> str:
    """`+3.1`, `−0.4`, `0`."""
    return "0" if abs(value) < 0.05 else f"{'+' if value > 0 else '−'}{abs(value):.1f}"


def _weeks(told: Told) -> SafeString:
    weeks = [
        WeekShare(
            date.fromisoformat(w["starts_on"]), w["share"]["value"], w["share"]["low"], w["share"]["high"], w["due"]
        )
        for w in told["weeks"]
    ]
    if len(weeks) < 2:
        return SafeString("")
    return SafeString(weekly_share(weeks, _change(told["fade"], weeks[0].starts_on), title="Adherence by week"))


def _change(fade: Mapping[str, Any], first: date) -> Change | None:
    """The day of the change, where it lies among the weeks that are drawn."""
    if not fade["change_on"] or date.fromisoformat(fade["change_on"]) <= first:
        return None
    on, low, high = (
        date.fromisoformat(fade[day] or fade["change_on"]) for day in ("change_on", "change_low", "change_high")
    )
    levels = [fade[side]["value"] if fade[side] else None for side in ("before", "after")]
    return Change(on, max(low, first), high, *levels)


def _week_rows(told: Told, link: Link) -> list[dict[str, str]]:
    """The table twin, the newest week first."""
    return [
        {
            "week": day_text(date.fromisoformat(one["starts_on"])), "url": link(one["behind"]),
            "share": percent_text(one["share"]["value"]),
            "grounds": f"{interval_text(one['share']['low'], one['share']['high'])}, {one['kept']} of {one['due']}",
        }
        for one in reversed(told["weeks"])
    ]  # fmt: skip


def _owners_head(owners: Told, link: Link) -> Head:
    if owners["variance_share"] is None:
        more = (
            f"about {count_text(owners['more'])} more with 5 deals each needed"
            if owners["more"]
            else owners["reason"] or ""
        )
        return Head("Between owners", UNKNOWN, more)
    interval = interval_text(owners["low"], owners["high"])
    grounds = f"of the differences lie between owners ({interval}, {count_text(owners['owners'])} owners)"
    return Head("Between owners", percent_text(owners["variance_share"]), grounds, link("all"))


def _owners_table(rows: list[Told], link: Link) -> Table:
    lines = tuple(_apart_line(one, link) for one in rows)
    return Table("Where owners differ", "What is asked", "", "Differ", lines, "Share between owners")


def _owners_sentence(owners: Told) -> str:
    if owners["variance_share"] is None:
        return sentence(owners["reason"] or "there are too few owners")
    return (
        f"The rest lies between the deals of one owner ({counted(owners['deals'], 'deal')}). A large share means that "
        "the way a deal goes depends on whose it is: the process is not clear enough. No owner is named or ranked."
    )


def _apart_line(one: Told, link: Link) -> Line:
    words = UNKNOWN if one["differs"] is None else "Yes" if one["differs"] else "No"
    grounds = f"n {count_text(one['n'])} is too few"
    if one["variance_share"] is not None:
        interval = interval_text(one["low"], one["high"])
        grounds = f"{percent_text(one['variance_share'])} ({interval}, n {count_text(one['n'])})"
    return Line(one["label"], words, grounds, url=link(one["behind"]))


def _pressure(one: Told, link: Link) -> dict[str, Any]:
    """Departures in the last days of a period and on other days, and the difference with its interval."""
    row = one["row"]
    if row["inside"] is None:
        more = f"about {count_text(one['more'])} more deals needed at the end of a {row['period']}"
        return {"title": f"End of a {row['period']}", "figure": UNKNOWN, "grounds": more, "table": None}
    clear = row["low"] > 0 or row["high"] < 0
    between = f"{points_text(row['low'])} to {points_text(row['high'])} points"
    lines = tuple(
        percent_line(label, row[side], url=link(one[side]))
        for label, side in ((f"Last 10 days of a {row['period']}", "inside"), ("Other days", "outside"))
    )
    reach = max(abs(row["low"]), abs(row["high"]), 0.1)
    return {
        "title": f"End of a {row['period']}", "url": link(one["inside"]),
        "figure": f"{points_text(row['difference'])} points",
        "grounds": f"{between}{'' if clear else '; chance alone could do that'}",
        "mark": SafeString(difference_mark(row["difference"], reach, low=row["low"], high=row["high"])),
        "table": Table(f"Left out at the end of a {row['period']}", "When", "Left out", "Left out", lines),
    }  # fmt: skip
