"""A diagnosis in the terminal: the report's order and words, much shorter. Nothing depends on colour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from headway.diagnosis.value import Diagnosis, Share
from headway.report import takeaways as say
from headway.report import words

STAGES, RULES, REPAIRS = 12, 12, 8  # rows shown; the report has all


def print_diagnosis(
    diagnosis: Diagnosis, console: Console, *, html: Path | None, json: Path | None, lines: bool
) -> None:
    """Print to `console`; `html` and `json` are the files written, `lines` asks for the line numbers of repairs."""
    console.print(diagnosis_text(diagnosis, html=html, json=json, lines=lines))


def diagnosis_text(
    diagnosis: Diagnosis, *, html: Path | None = None, json: Path | None = None, lines: bool = False
) -> RenderableType:
    """What `headway diagnose` prints: tables fit 60 columns and use the room there is, up to 120."""
    return _Bounded(Group(*_parts(diagnosis, lines), *_where(diagnosis, html, json)))


def _parts(diagnosis: Diagnosis, lines: bool) -> Iterator[RenderableType]:
    yield _plain(f"{diagnosis.title}, as of {words.date_text(diagnosis.as_of)}", "bold")
    yield _plain(say.read_takeaway(diagnosis), "dim")
    yield Text()
    yield _sentences(diagnosis)
    for heading, part in (
        ("Movement", _movement(diagnosis)),
        ("Claimed and evidenced", _gap(diagnosis)),
        ("Findings", _findings(diagnosis)),
        ("Adherence", _adherence(diagnosis)),
        ("Consistency", [_plain(say.consistency_takeaway(diagnosis))]),
        ("Pressure", _pressure(diagnosis)),
        ("What was read", _log(diagnosis, lines)),
    ):
        yield Text()
        yield _plain(heading, "bold cyan")
        yield from part
    yield Text()


def _sentences(diagnosis: Diagnosis) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(ratio=1)
    for place, sentence in enumerate(diagnosis.sentences, 1):
        table.add_row(f"{place}", _plain(sentence.text, "bold" if place == 1 else ""))
    return table


def _movement(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    movement = diagnosis.movement
    yield _plain(say.movement_takeaway(movement.overall, movement.reason, movement.upper_bound))
    if not movement.stages:
        return
    table = _table()
    table.add_column("Stage", ratio=3, min_width=10)
    table.add_column("Decided in time", ratio=2, min_width=15, no_wrap=True)
    table.add_column("Share", justify="right", no_wrap=True)
    table.add_column("Interval", justify="right", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    table.add_column("Days", justify="right", no_wrap=True)
    for stage in movement.stages[:STAGES]:
        row = (_bar(stage.decided), _share(stage.decided), _interval(stage.decided), words.count_text(stage.n))
        table.add_row(_name(stage.stage), *row, words.days_figure(stage.usual_days))
    yield table
    yield from _more(len(movement.stages) - STAGES, "stage")
    reasons = {stage.reason for stage in movement.stages if stage.decided is None and stage.reason}
    yield from (_plain(f"Unknown: {words.sentence(reason)}", "dim") for reason in sorted(reasons))


def _gap(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    gap, currency = diagnosis.gap, diagnosis.log.currency
    yield _plain(say.gap_takeaway(diagnosis))
    if gap.open_deals and not gap.observed_deals:
        yield _plain(
            "Take ten minutes: for your ten largest open deals, write down what a named person at the buyer last did, "
            "and on which day, in a CSV file with the columns deal, kind, name, happened_at and contact (kind is "
            "buyer_acted). Then run this again with that file beside the export."
        )
        return
    if gap.stages:
        top = max(max(stage.claimed_amount, stage.evidenced_amount) for stage in gap.stages)
        table = _table()
        table.add_column("At this stage or beyond", ratio=3, min_width=10)
        table.add_column("Evidenced █ claimed ░", ratio=2, min_width=10)
        table.add_column("Claimed", justify="right", no_wrap=True)
        table.add_column("Evidenced", justify="right", no_wrap=True)
        for stage in gap.stages[:STAGES]:
            bar = _Bar(stage.evidenced_amount / top if top else 0, stage.claimed_amount / top if top else 0)
            money = (words.worth(stage.claimed_amount, currency), words.worth(stage.evidenced_amount, currency))
            table.add_row(_name(stage.stage), bar, *money)
        yield table
        yield from _more(len(gap.stages) - STAGES, "stage")
    standings = [f"{name} {deals} ({words.worth(amount, currency)})" for name, deals, amount in gap.standings if deals]
    if standings:
        yield _plain(f"Open deals: {', '.join(standings)}.")


def _findings(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    yield _plain(say.findings_takeaway(diagnosis))
    found = sorted((rule for rule in diagnosis.findings if rule.findings), key=lambda rule: -rule.open_amount)
    if found:
        table = _table()
        table.add_column("Finding", ratio=1, min_width=14)
        for heading in ("Deals", "Amount", "Open", "Open amount"):
            table.add_column(heading, justify="right", no_wrap=True)
        for rule in found[:RULES]:
            whole = (words.count_text(rule.deals), _sum(rule.amount, rule.deals, diagnosis))
            still = (words.count_text(rule.open_deals), _sum(rule.open_amount, rule.open_deals, diagnosis))
            table.add_row(_name(rule.title), *whole, *still)
        yield table
    for rule in diagnosis.findings:
        if rule.reason is not None:
            yield _plain(f"Not asked, {rule.title}: {words.sentence(rule.reason)}", "dim")


def _adherence(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    yield _plain(say.adherence_takeaway(diagnosis))
    if diagnosis.adherence.overall is not None:
        yield _plain(say.fade_takeaway(diagnosis))


def _pressure(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    if not diagnosis.pressure:
        yield _plain("Whether pressure changes how deals are worked is unknown: there are too few moves.")
    for row in diagnosis.pressure:
        yield _plain(say.pressure_takeaway(row))


def _log(diagnosis: Diagnosis, lines: bool) -> Iterator[RenderableType]:
    log = diagnosis.log
    for source in log.sources:
        sure = f"{words.percent_text(source.certainty)} sure"
        yield _plain(f"{source.name}: {source.layout.replace('_', ' ')}, {sure}, {words.counted(source.rows, 'row')}")
    if log.deals:
        yield _plain(
            f"{words.count_text(log.won)} won, {words.count_text(log.lost)} lost, "
            f"{words.count_text(log.no_decision)} no decision, {words.count_text(log.withdrawn)} withdrawn, "
            f"{words.count_text(log.open)} open, "
            f"{words.total_worth(log.open_amount, log.open, log.currency)}."
        )
    for repair in log.repairs[:REPAIRS]:
        numbers = f", line {', '.join(map(str, repair.lines))}" if lines and repair.lines else ""
        where = f" ({repair.file}{numbers})" if repair.file else ""
        yield _plain(f"{repair.kind} {words.count_text(repair.count)} × {repair.what}{where}", "dim")
    yield from _more(len(log.repairs) - REPAIRS, "kind of repair", "kinds of repairs")
    if not lines and any(repair.lines for repair in log.repairs):
        yield _plain("Add --lines to see on which lines.", "dim")
    if not log.repairs:
        yield _plain("Nothing was missing, repaired or dropped.", "dim")
    if log.unknown_claims:
        claims = (
            f"{_printable(stage)} ({words.counted(deals, 'deal')})" for stage, deals in log.unknown_claims[:REPAIRS]
        )
        yield _plain(f"Claimed stages that no process has: {words.listed(claims)}.", "dim")


def _where(diagnosis: Diagnosis, html: Path | None, json: Path | None) -> Iterator[RenderableType]:
    if html is None:
        yield _plain("For the charts and the events behind each figure add --html FILE.", "dim")
    else:
        traced = f"Charts, and {words.counted(len(diagnosis.traces), 'deal')} traced to their events"
        yield _plain(f"{traced if diagnosis.traces else 'Report'}: {html}", "bold")
    if json is not None:
        yield _plain(f"All of it as JSON: {json}", "bold")


class _Bounded:
    """At most 120 columns: longer lines are hard to read."""

    def __init__(self, inside: RenderableType) -> None:
        self.inside = inside

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self.inside, options.update(max_width=min(options.max_width, 120)))


class _Bar:
    """A bar as wide as its cell: full up to `full`, light up to `light`, dots for the rest."""

    def __init__(self, full: float, light: float = 0.0) -> None:
        self.full, self.light = min(max(full, 0.0), 1.0), min(max(light, 0.0), 1.0)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = min(options.max_width, 40)
        full = round(self.full * wide)
        light = max(round(self.light * wide) - full, 0)
        marks = ("#", "-", ".") if options.ascii_only else ("█", "░", "·")
        yield Segment(marks[0] * full, console.get_style("cyan"))
        yield Segment(marks[1] * light)
        yield Segment(marks[2] * (wide - full - light), console.get_style("dim"))


def _bar(share: Share | None) -> RenderableType:
    return Text("unknown", "dim") if share is None else _Bar(share.value)


def _share(share: Share | None) -> str:
    return words.UNKNOWN if share is None else words.percent_text(share.value)


def _interval(share: Share | None) -> str:
    return "" if share is None else _printable(words.interval_text(share.low, share.high))


def _sum(amount: float, deals: int, diagnosis: Diagnosis) -> str:
    return words.UNKNOWN if deals and not amount else words.worth(amount, diagnosis.log.currency)


def _table() -> Table:
    return Table(box=None, expand=True, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", show_edge=False)


def _more(count: int, one: str, many: str | None = None) -> Iterator[RenderableType]:
    if count > 0:
        yield Padding(_plain(f"and {words.counted(count, one, many)} more in the report", "dim"), (0, 0, 0, 0))


def _name(name: str) -> Text:
    return Text(_printable(name), overflow="ellipsis", no_wrap=True)


def _plain(text: str, style: str = "") -> Text:
    return Text(_printable(text), style)


def _printable(text: str) -> str:
    """Names from files must not steer the terminal: control and direction signs are shown as `?`."""
    shown = text.replace("\u2060", "")
    kept = words.NO_BREAK + "\u200c\u200d"  # joiners belong to scripts and to emoji
    return "".join(sign if sign.isprintable() or sign in kept else "?" for sign in shown)
