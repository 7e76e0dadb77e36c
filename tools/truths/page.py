"""docs/methods/truth.md, written from the firms that were judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import Any

from tools.truths.bars import SIZES, Bar, apart, bars_of, theatre_bars
from tools.truths.cells import BLOCKS, CELLS, SECOND
from tools.truths.tally import LABELS, Z_90, Seen, rate, seen_of

HEAD = """# How often the judge is right

**Question.** Of a real team nobody knows which steps matter; of a simulated firm we do. How often does the judge say
what is true, how often does it accuse wrongly, and how often would a dashboard?

**How.** `make truth` simulates firms with one known cause each (docs/methods/simulated-firm.md), writes them into an
event log, and judges them as `headway diagnose` would: landmarks (docs/methods/signal.md), estimate and table
(docs/methods/verdict.md). A firm is *one year of deals, followed until all are decided*; its four steps fall due in the
first two stages, where about nine in ten deals are still open, and change the chance of passing the fourth phase. What
leaving one out truly costs is worked out deal by deal, among those open when it fell due: the same buyer met with the
step and without it. Sellers leave steps out more when the buyer is ready and when the deal is small, some sellers more
than others. Of readiness the log holds only dated buyer acts (about eleven replies in the first two weeks, more from
readier buyers: a measurement with a standard error of about half a standard deviation), or nothing where it is hidden.
"""
SECOND_ABOUT = """`simulate` in the shared prototypes was written by others than the judge: eight steps, four of them
costly, confounded by owner, size and readiness, which is recorded with noise. It makes arrays, so log and landmarks are
passed over, and no review is recorded in it, so what costs is *costly*. In the last cell buyer acts are recorded that
tell next to nothing of readiness, which is worse than none.
"""
ABSENT = "The second generator (`../shared/prototypes/verdict.py`) was not there when this page was written.\n"
WHY = """## What can be cleared at all

A step is called harmless where its cost is surely below ten points. A rule that is wrong about a cost of exactly ten in
5 % of firms clears a step that costs nothing in Φ(10 / error − 1.64) of them, whatever the method; the errors are those
of the intervals above. Being wrong at the margin less often, as the bar on it asks, clears fewer. More decided deals, a
wider margin of the workspace, or a trial are the only ways on.

| decided deals | standard error, twelve cells | clears at best | standard error, second generator | clears at best |
|---|---|---|---|---|"""
LIMITS = """## How to read it

*Cannot be met* and *harmless* are the two grounds of the word *process*. *Wrong word*: any word but the true one;
*unknown* is none. *Wrong about the cost*: said to cost where it does not, not to where it does, or to help. The naive
table is Fisher's exact test on finished deals, ever done against never done, read as dashboards are: p below 0.05 says
that it matters, anything else that it does not. Bounds are Wilson's at 95 %, drawn apart where several steps of one
firm are counted together. An *at most* is held by the upper bound (*not shown*: by the share alone), an
*at least* and a coverage by the share itself.

**Limits.** Steps are judged alone, without the rules beside them, from which the sceptical prior would learn as well.
Firms differ in size, people and luck, not in kind: one process, one effect per step, alike for every seller. A real
buyer's readiness is never measured this evenly.
"""


def page_of(records: Sequence[dict[str, Any]], *, block: str, second_is_there: bool) -> str:
    """The whole page. `records`: of one block, of both generators."""
    deals = {cell.name: cell.firm.decided for cell in CELLS} | {cell.name: cell.n for cell in SECOND}
    names = {cell.name for cell in CELLS}
    first = seen_of((r for r in records if r["cell"] in names), deals.__getitem__)
    second = seen_of((r for r in records if r["cell"] not in names), deals.__getitem__)
    firms = Counter(record["cell"] for record in records)
    lines = [HEAD, f"Block of seeds: *{block}* (from {BLOCKS[block]:,}); nothing was tuned on *publish*.\n"]
    if block != "publish":
        lines.append("**Provisional:** the block that is tuned on, with too few firms for most bars.\n")
    lines += ["## The bars\n", *bar_lines(first_bars(first, records)), ""]
    lines += ["## The twelve cells\n", *cell_lines(first, firms), ""]
    lines += ["## The second generator\n"]
    if second:
        lines += [SECOND_ABOUT, *bar_lines(second_bars(second)), "", *cell_lines(second, firms), ""]
    else:
        lines += [ABSENT] if not second_is_there else ["Not judged in this run.\n"]
    return "\n".join([*lines, WHY, *error_lines(first, second), "", LIMITS])


def error_lines(first: Sequence[Seen], second: Sequence[Seen]) -> Iterator[str]:
    """By size: the mean standard error of harmless steps, and how many of them could be cleared."""
    for size in SIZES:
        cells = []
        for seen in (first, second):
            here = [one.error for one in seen if one.deals == size and one.true == "harmless" and one.error is not None]
            error = sum(here) / len(here) if here else None
            cells += ["–", "–"] if error is None else [f"{100 * error:.1f} points", f"{100 * cleared(error):.0f} %"]
        yield f"| {size} | {' | '.join(cells)} |"


def cleared(error: float) -> float:
    """Chance that a step without any cost is shown to cost less than ten points, wrong in 5 % at ten points."""
    return NormalDist().cdf(0.10 / error - Z_90)


def first_bars(seen: Sequence[Seen], records: Sequence[dict[str, Any]]) -> list[Bar]:
    """The bars for the twelve cells."""
    hidden = [cell.name for cell in CELLS if cell.firm.readiness == "hidden"]
    unheld = [cell.name for cell in CELLS if cell.firm.cause == "no rhythm"]
    recorded = [one for one in seen if one.cell not in hidden]
    bars = [*bars_of(recorded, lambda one: one.true == "practice"), *apart(seen, unheld, hidden)]
    return [*bars, *theatre_bars(records, "theatre")]


def second_bars(seen: Sequence[Seen]) -> list[Bar]:
    """The bars for the second generator."""
    hidden = [cell.name for cell in SECOND if cell.hidden]
    recorded = [one for one in seen if one.cell not in hidden]
    return [*bars_of(recorded, lambda _: False), *(bar for name in hidden for bar in apart(seen, [], [name]))]


def bar_lines(bars: Sequence[Bar]) -> Iterator[str]:
    """A table of bars."""
    yield "| what | where | steps in firms | share, 95 % | bar | |"
    yield "|---|---|---|---|---|---|"
    for bar in bars:
        found = bar.rate
        if not found.n:
            continue
        least, most = (None if bound is None else f"{100 * bound:.0f} %" for bound in (bar.least, bar.most))
        told = f"{least} to {most}" if least and most else f"at least {least}" if least else f"at most {most}"
        share = f"{100 * found.share:.1f} % ({100 * found.low:.1f} to {100 * found.high:.1f})"
        counts = f"{found.done} of {found.n} in {found.firms}"
        yield f"| {bar.what} | {bar.where} | {counts} | {share} | {told} | {bar.word} |"


def cell_lines(seen: Sequence[Seen], firms: Counter[str]) -> Iterator[str]:
    """The confusion matrix: by cell and true word, what was said how often, and the naive table beside it."""
    said = " | ".join(LABELS)
    yield f"| cell (firms) | truth | steps | {said} | wrong accusations | wrong about the cost | covers | naive wrong |"
    yield "|---" * (len(LABELS) + 7) + "|"
    groups: dict[tuple[str, int, str], list[Seen]] = {}
    for one in seen:
        groups.setdefault((one.cell, one.points, one.true), []).append(one)
    order = [*(cell.name for cell in CELLS), *(cell.name for cell in SECOND)]
    for cell, points, true in sorted(groups, key=lambda group: (order.index(group[0]), *group[1:])):
        rows = groups[cell, points, true]
        counts = Counter(one.said for one in rows)
        cells = " | ".join(str(counts[label]) if counts[label] else "·" for label in LABELS)
        accused, wrong = rate(rows, lambda s: s.accused), rate(rows, lambda s: s.wrong_about_cost)
        covers, naive = rate(rows, lambda s: s.covered), rate(rows, lambda s: s.naive_wrong)
        yield (
            f"| {cell} ({firms[cell]}) | {true}, {points} points | {len(rows)} | {cells} | "
            f"{_upper(accused) if points == 0 else ''} | {_upper(wrong)} | {_share(covers)} | {_share(naive)} |"
        )


def _upper(found: Any) -> str:
    return f"{found.done} (≤ {100 * found.high:.1f} %)"


def _share(found: Any) -> str:
    return f"{100 * found.share:.0f} %" if found.n else "–"
