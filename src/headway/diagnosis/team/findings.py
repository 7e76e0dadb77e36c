"""Open findings by age: how many departures on open deals have stood for how long; of all deals, and by owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from headway.basics.periods import naive_utc
from headway.deals.event_log import sql_text
from headway.diagnosis.study import Study
from headway.diagnosis.team.value import MOST_BEHIND, AgeBand, Ages, Behind, Part, RuleAge

EDGES = (0, 7, 14, 30, 90)
SPANS: tuple[tuple[int, int | None], ...] = (*pairwise(EDGES), (EDGES[-1], None))
WORDS = ("a week", "one to two weeks", "two weeks to a month", "one to three months", "more than three months")


@dataclass(frozen=True, slots=True)
class Standing:
    """One open finding."""

    rule: str
    deal: str
    owner: str | None
    days: float


def standing_findings(study: Study) -> list[Standing]:
    """All of them, the oldest first."""
    table = study.log.table(sql_text(__package__, "findings"), {"at": naive_utc(study.log.as_of.at)})
    return [Standing(**row) for row in table.to_pylist()]


def ages_of(study: Study, found: Sequence[Standing], behind: dict[str, Behind]) -> Ages:
    """By age and by rule; the deals go into `behind`, those with the oldest findings first."""
    titles = {asked.rule.name: asked.rule.title for asked in study.asked}
    rules: dict[str, list[Standing]] = defaultdict(list)
    for one in found:
        rules[one.rule].append(one)
    for index, words in enumerate(WORDS):
        mine = [one for one in found if _band(one.days) == index]
        if mine:
            said = "for less than a week" if index == 0 else f"for {words}"
            behind[f"age:{index}"] = _behind(f"Open findings that have stood {said}", mine)
    if found:
        behind["findings"] = _behind("Open findings, the oldest first", found)
    for rule, mine in rules.items():
        behind[f"rule:{rule}"] = _behind(f"Open findings: {titles[rule]}", mine)
    rows = [
        RuleAge(
            titles[name], len(mine), len({one.deal for one in mine}), median(one.days for one in mine), f"rule:{name}"
        )
        for name, mine in rules.items()
    ]
    return Ages(
        len(found), len({one.deal for one in found}), _bands(found),
        tuple(sorted(rows, key=lambda row: (-row.findings, row.title))),
    )  # fmt: skip


def _bands(found: Sequence[Standing]) -> tuple[AgeBand, ...]:
    bands: list[list[Standing]] = [[] for _ in SPANS]
    for one in found:
        bands[_band(one.days)].append(one)
    return tuple(
        AgeBand(*span, len(mine), len({one.deal for one in mine}), f"age:{index}" if mine else "")
        for index, (span, mine) in enumerate(zip(SPANS, bands, strict=True))
    )


def _band(days: float) -> int:
    return max(index for index, edge in enumerate(EDGES) if days >= edge or index == 0)


def _behind(title: str, found: Sequence[Standing]) -> Behind:
    deals = tuple(dict.fromkeys(one.deal for one in found))
    return Behind(title, (Part("Open deals", len(deals), deals[:MOST_BEHIND], "longest"),))
