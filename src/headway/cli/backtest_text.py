"""A back-test in the terminal: what a gate would have done, drawn within 60 to 100 columns. Nothing rests on colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from headway.basics.money import money_text
from headway.cli.terminal import headed, name_text, plain, printable
from headway.report import words
from headway.verdict.gate import Backtest, Side, StoppedDeal
from headway.verdict.value import Interval

SHOWN = 8  # deals of each kind; --all shows every one
WIDEST = 100
BAR = 14


def backtest_text(found: Backtest, *, every: bool = False, json: Path | None = None) -> RenderableType:
    """What `headway backtest` prints. `every`: list all deals it would have stopped; `json`: the file written."""
    return _Bounded(Group(*_parts(found, every, json)))


def _parts(found: Backtest, every: bool, json: Path | None) -> Iterator[RenderableType]:
    yield plain(f"{found.gate.name}, tried on your past until {words.date_text(found.as_of)}", "bold")
    yield plain(f"{found.asks} It saw only what had been recorded by then.", "dim")
    yield Text()
    yield _needs(found)
    yield Text()
    yield plain(found.sentence, "bold")
    yield from _rest_of_sentence(found)
    if found.asked.asked:
        yield Text()
        yield _sides(found)
        yield from _difference(found)
    yield from headed("What your past supports")
    yield _rungs(found)
    yield plain(found.so, "bold")
    yield from _deals(found, every)
    yield from _notes(found)
    if json is not None:
        yield plain(f"All of it as JSON: {json}", "bold")


def _needs(found: Backtest) -> Table:
    table = _table()
    table.add_column("", no_wrap=True)
    table.add_column("It needs", ratio=1)
    table.add_column("lacked by", justify="right", no_wrap=True)
    for number, need in enumerate(found.needs, 1):
        name = "" if need.id == need.kind else f"  {need.id}"
        lacked = words.count_text(need.lacked)
        table.add_row(f"{number}", Text.assemble(plain(need.text), (printable(name), "dim")), lacked)
    return table


def _rest_of_sentence(found: Backtest) -> Iterator[RenderableType]:
    earlier = found.days_earlier
    if earlier is not None:
        kind = "90 % interval" if earlier.n >= 5 else "all of them"
        between = f"{kind} {round(earlier.low)} to {round(earlier.high)}, n{words.NO_BREAK}{earlier.n:,}"
        yield plain(f"Median of {_days(earlier.value)} from the stop to the decision ({between}).")
    if found.stopped.open:
        still = "is" if found.stopped.open == 1 else "are"
        yield plain(
            f"{words.counted(found.stopped.open, 'deal')} that it would have stopped {still} still open.", "dim"
        )


def _sides(found: Backtest) -> Table:
    table = _table()
    table.add_column("At the gate", ratio=1, min_width=11, no_wrap=True)
    for heading in ("deals", "won", "lost", "none*", "open"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("won, of those decided", no_wrap=True, min_width=BAR + 14)
    for name, side in (("stopped", found.stopped), ("let through", found.let_through)):
        counts = (side.deals, side.won, side.lost, side.no_decision + side.withdrawn, side.open)
        table.add_row(name, *map(words.count_text, counts), _won(side))
    return table


def _won(side: Side) -> Text:
    if side.share is None:
        return Text("unknown: none decided", "dim")
    filled = round(BAR * side.share.value)
    between = printable(words.interval_text(side.share.low, side.share.high))
    return Text.assemble(
        ("█" * filled, "green"),
        ("░" * (BAR - filled), "dim"),
        f" {100 * side.share.value:3.0f} % ",
        (f"({between})", "dim"),
    )


def _difference(found: Backtest) -> Iterator[RenderableType]:
    difference = found.difference
    yield plain("* no decision, or withdrawn. Intervals in brackets: 90 %.", "dim")
    effect = difference.adjusted or difference.raw
    if effect is None:
        return
    yield from headed("Stopped against let through, at the same moment")
    how = "adjusted for " + ", ".join(difference.adjusted_for) if difference.adjusted else "not adjusted: too few deals"
    raw = "" if difference.raw is None or not difference.adjusted else f"; unadjusted {_points(difference.raw.value)}"
    yield plain(
        f"Won within {_days(difference.horizon_days)}: {_points(effect.value)} points "
        f"({_points(effect.low)} to {_points(effect.high)}, n {effect.n:,}), {how}{raw}."
    )
    yield _Line(effect, found.margin)
    if difference.not_followed:
        yield plain(
            f"{words.counted(difference.not_followed, 'deal')} met the gate too recently to be followed that long.",
            "dim",
        )


def _rungs(found: Backtest) -> Table:
    table = Table.grid(padding=(0, 1))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for rung in found.rungs:
        sign, style = ("●", "green") if rung.supported else ("○", "dim")
        table.add_row(Text(sign, style), Text(rung.name, "bold" if rung.name == found.rung else style), plain(rung.why))
    return table


def _deals(found: Backtest, every: bool) -> Iterator[RenderableType]:
    kinds = (
        ("Stopped, and won in the end", [d for d in found.deals if d.outcome == "won"]),
        ("Stopped, and not won", [d for d in found.deals if d.outcome not in (None, "won")]),
        ("Stopped, and still open", [d for d in found.deals if d.outcome is None]),
    )
    numbers = {need.id: f"{number}" for number, need in enumerate(found.needs, 1)}
    for heading, deals in kinds:
        if deals:
            yield from headed(f"{heading} ({words.count_text(len(deals))})")
            yield _deal_table(deals if every else deals[:SHOWN], numbers)
            if not every and len(deals) > SHOWN:
                yield plain(f"and {words.count_text(len(deals) - SHOWN)} more: add --all", "dim")


def _deal_table(deals: Sequence[StoppedDeal], numbers: Mapping[str, str]) -> Table:
    table = _table()
    table.add_column("deal", ratio=1, min_width=16)
    table.add_column("amount", justify="right", no_wrap=True)
    table.add_column("lacked", no_wrap=True)
    table.add_column("stopped on", justify="right", no_wrap=True)
    ended = [deal for deal in deals if deal.outcome is not None]
    if ended:
        table.add_column("ended", no_wrap=True)
        table.add_column("after", justify="right", no_wrap=True)
    for deal in deals:
        end = ((deal.outcome or "").replace("_", " "), _days(deal.days_earlier or 0.0)) if ended else ()
        lacked = ", ".join(numbers[name] for name in deal.lacked)
        amount = printable(money_text(deal.amount, deal.currency))
        table.add_row(name_text(deal.name), amount, lacked, words.date_text(deal.stopped_at), *end)
    return table


def _notes(found: Backtest) -> Iterator[RenderableType]:
    """What to keep in mind: paperwork, deals never seen, times that are assumed, deals it could not be tried on."""
    yield Text()
    stopped, asked = found.stopped.deals, found.asked
    if found.written_late:
        yield plain(
            f"{words.count_text(found.written_late)} of {words.counted(stopped, 'stop')} would have been paperwork: "
            "what was lacking had happened, and was written down within a week.",
            "dim",
        )
    if found.unseen:
        yield plain(
            f"{found.unseen} of {words.counted(stopped, 'stop')} had no buyer act recorded at all by then.", "dim"
        )
    if found.assumed >= 0.005:
        yield plain(
            f"For {words.percent_text(found.assumed)} of the events the time of recording is assumed to be when they "
            "happened: where people write things down late, the gate would have stopped more.",
            "dim",
        )
    left_out = (
        (asked.not_reached, "never reached it"),
        (asked.decided_before, "decided by then"),
        (asked.out_of_scope, "out of its scope"),
        (asked.amount_unknown, "amount not known by then"),
        (asked.other_process, "of another process, or none"),
    )
    parts = [f"{words.count_text(count)} {what}" for count, what in left_out if count]
    rest = f"; not asked: {', '.join(parts)}" if parts else ""
    yield plain(f"Asked of {words.counted(asked.asked, 'deal')}{rest}.", "dim")
    yield plain("It replays what was recorded. Had the gate stood, some would have asked the buyer and gone on.", "dim")


class _Line:
    """The interval on one line: zero and the margin are marked, numbers stand below."""

    def __init__(self, effect: Interval, margin: float) -> None:
        self._effect, self._margin = effect, margin

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(30, min(options.max_width, 78))
        effect, margin = self._effect, self._margin
        low = min(effect.low, -margin) - 0.06
        high = max(effect.high, 0.0) + 0.06

        def at(value: float) -> int:
            return round((value - low) / (high - low) * (width - 1))

        line = ["─"] * width
        line[at(effect.low) : at(effect.high) + 1] = "━" * (at(effect.high) + 1 - at(effect.low))
        line[at(-margin)], line[at(0.0)] = "┊", "│"
        line[at(effect.low)], line[at(effect.high)] = "├", "┤"
        line[at(effect.value)] = "●"
        yield Text("".join(line))
        below = [" "] * width
        # Zero and the margin first; ends of the interval only where there is still room.
        for value, text in ((0.0, "0"), (-margin, _points(-margin)), (effect.low, None), (effect.high, None)):
            label = text or _points(value)
            start = min(max(0, at(value) - len(label) // 2), width - len(label))
            if all(sign == " " for sign in below[max(0, start - 1) : start + len(label) + 1]):
                below[start : start + len(label)] = label
        yield Text("".join(below).rstrip(), "dim")
        yield Text("points of share won, stopped minus let through; ┊ the margin", "dim")


class _Bounded:
    """At most 100 columns: longer lines are hard to read."""

    def __init__(self, inside: RenderableType) -> None:
        self._inside = inside

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self._inside, options.update(width=min(options.max_width, WIDEST)))


def _table() -> Table:
    return Table(box=None, expand=True, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim", show_edge=False)


def _days(days: float) -> str:
    return words.counted(round(days), "day")


def _points(share: float) -> str:
    return words.points_text(share)
