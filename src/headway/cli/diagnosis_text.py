"""A diagnosis in the terminal: the report's order and words, much shorter. Nothing depends on colour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from headway.cli.terminal import Bar, Bounded, more, name_text, plain, printable, table
from headway.cli.verdict_text import verdict_lines
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
    return Bounded(Group(*_parts(diagnosis, lines), *_where(diagnosis, html, json)))


def _parts(diagnosis: Diagnosis, lines: bool) -> Iterator[RenderableType]:
    yield plain(f"{diagnosis.title}, as of {words.date_text(diagnosis.as_of)}", "bold")
    yield plain(say.read_takeaway(diagnosis), "dim")
    yield Text()
    yield _sentences(diagnosis)
    if diagnosis.judged is not None:
        yield Text()
        yield plain("Verdicts", "bold cyan")
        yield from verdict_lines(diagnosis.judged)
    for heading, part in (
        ("Movement", _movement(diagnosis)),
        ("Claimed and evidenced", _gap(diagnosis)),
        ("Findings", _findings(diagnosis)),
        ("Adherence", _adherence(diagnosis)),
        ("Consistency", [plain(say.consistency_takeaway(diagnosis))]),
        ("Pressure", _pressure(diagnosis)),
        ("What was read", _log(diagnosis, lines)),
    ):
        yield Text()
        yield plain(heading, "bold cyan")
        yield from part
    yield Text()


def _sentences(diagnosis: Diagnosis) -> Table:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(justify="right", style="dim", no_wrap=True)
    rows.add_column(ratio=1)
    for place, sentence in enumerate(diagnosis.sentences, 1):
        rows.add_row(f"{place}", plain(sentence.text, "bold" if place == 1 else ""))
    return rows


def _movement(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    movement = diagnosis.movement
    yield plain(say.movement_takeaway(movement.overall, movement.reason, movement.upper_bound))
    if not movement.stages:
        return
    rows = table()
    rows.add_column("Stage", ratio=3, min_width=10)
    rows.add_column("Decided in time", ratio=2, min_width=15, no_wrap=True)
    rows.add_column("Share", justify="right", no_wrap=True)
    rows.add_column("Interval", justify="right", no_wrap=True)
    rows.add_column("n", justify="right", no_wrap=True)
    rows.add_column("Days", justify="right", no_wrap=True)
    for stage in movement.stages[:STAGES]:
        row = (_bar(stage.decided), _share(stage.decided), _interval(stage.decided), words.count_text(stage.n))
        rows.add_row(name_text(stage.stage), *row, words.days_figure(stage.usual_days))
    yield rows
    yield from more(len(movement.stages) - STAGES, "stage")
    reasons = {stage.reason for stage in movement.stages if stage.decided is None and stage.reason}
    yield from (plain(f"Unknown: {words.sentence(reason)}", "dim") for reason in sorted(reasons))


def _gap(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    gap, currency = diagnosis.gap, diagnosis.log.currency
    yield plain(say.gap_takeaway(diagnosis))
    if gap.open_deals and not gap.observed_deals:
        yield plain(
            "Take ten minutes: for your ten largest open deals, write down what a named person at the buyer last did, "
            "and on which day, in a CSV file with the columns deal, kind, name, happened_at and contact (kind is "
            "buyer_acted). Then run this again with that file beside the export."
        )
        return
    if gap.stages:
        top = max(max(stage.claimed_amount, stage.evidenced_amount) for stage in gap.stages)
        rows = table()
        rows.add_column("At this stage or beyond", ratio=3, min_width=10)
        rows.add_column("Evidenced █ claimed ░", ratio=2, min_width=10)
        rows.add_column("Claimed", justify="right", no_wrap=True)
        rows.add_column("Evidenced", justify="right", no_wrap=True)
        for stage in gap.stages[:STAGES]:
            bar = Bar(stage.evidenced_amount / top if top else 0, stage.claimed_amount / top if top else 0)
            money = (words.worth(stage.claimed_amount, currency), words.worth(stage.evidenced_amount, currency))
            rows.add_row(name_text(stage.stage), bar, *money)
        yield rows
        yield from more(len(gap.stages) - STAGES, "stage")
    standings = [f"{name} {deals} ({words.worth(amount, currency)})" for name, deals, amount in gap.standings if deals]
    if standings:
        yield plain(f"Open deals: {', '.join(standings)}.")


def _findings(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    yield plain(say.findings_takeaway(diagnosis))
    found = sorted((rule for rule in diagnosis.findings if rule.findings), key=lambda rule: -rule.open_amount)
    if found:
        rows = table()
        rows.add_column("Finding", ratio=1, min_width=14)
        for heading in ("Deals", "Amount", "Open", "Open amount"):
            rows.add_column(heading, justify="right", no_wrap=True)
        for rule in found[:RULES]:
            whole = (words.count_text(rule.deals), _sum(rule.amount, rule.deals, diagnosis))
            still = (words.count_text(rule.open_deals), _sum(rule.open_amount, rule.open_deals, diagnosis))
            rows.add_row(name_text(rule.title), *whole, *still)
        yield rows
    for rule in diagnosis.findings:
        if rule.reason is not None:
            yield plain(f"Not asked, {rule.title}: {words.sentence(rule.reason)}", "dim")


def _adherence(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    yield plain(say.adherence_takeaway(diagnosis))
    if diagnosis.adherence.overall is not None:
        yield plain(say.fade_takeaway(diagnosis))


def _pressure(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    if not diagnosis.pressure:
        yield plain("Whether pressure changes how deals are worked is unknown: there are too few moves.")
    for row in diagnosis.pressure:
        yield plain(say.pressure_takeaway(row))


def _log(diagnosis: Diagnosis, lines: bool) -> Iterator[RenderableType]:
    log = diagnosis.log
    for source in log.sources:
        sure = f"{words.percent_text(source.certainty)} sure"
        yield plain(f"{source.name}: {source.layout.replace('_', ' ')}, {sure}, {words.counted(source.rows, 'row')}")
    if log.deals:
        yield plain(
            f"{words.count_text(log.won)} won, {words.count_text(log.lost)} lost, "
            f"{words.count_text(log.no_decision)} no decision, {words.count_text(log.withdrawn)} withdrawn, "
            f"{words.count_text(log.open)} open, "
            f"{words.total_worth(log.open_amount, log.open, log.currency)}."
        )
    for sentence in say.currency_sentences(log):
        yield plain(sentence)
    for repair in log.repairs[:REPAIRS]:
        numbers = f", line {', '.join(map(str, repair.lines))}" if lines and repair.lines else ""
        where = f" ({repair.file}{numbers})" if repair.file else ""
        yield plain(f"{repair.kind} {words.count_text(repair.count)} × {repair.what}{where}", "dim")
    yield from more(len(log.repairs) - REPAIRS, "kind of repair", "kinds of repairs")
    if not lines and any(repair.lines for repair in log.repairs):
        yield plain("Add --lines to see on which lines.", "dim")
    if not log.repairs:
        yield plain("Nothing was missing, repaired or dropped.", "dim")
    if log.unknown_claims:
        claims = (
            f"{printable(stage)} ({words.counted(deals, 'deal')})" for stage, deals in log.unknown_claims[:REPAIRS]
        )
        yield plain(f"Claimed stages that no process has: {words.listed(claims)}.", "dim")


def _where(diagnosis: Diagnosis, html: Path | None, json: Path | None) -> Iterator[RenderableType]:
    if html is None:
        yield plain("For the charts and the events behind each figure add --html FILE.", "dim")
    else:
        traced = f"Charts, and {words.counted(len(diagnosis.traces), 'deal')} traced to their events"
        yield plain(f"{traced if diagnosis.traces else 'Report'}: {html}", "bold")
    if json is not None:
        yield plain(f"All of it as JSON: {json}", "bold")


def _bar(share: Share | None) -> RenderableType:
    return Text("unknown", "dim") if share is None else Bar(share.value)


def _share(share: Share | None) -> str:
    return words.UNKNOWN if share is None else words.percent_text(share.value)


def _interval(share: Share | None) -> str:
    return "" if share is None else printable(words.interval_text(share.low, share.high))


def _sum(amount: float, deals: int, diagnosis: Diagnosis) -> str:
    return words.UNKNOWN if deals and not amount else words.worth(amount, diagnosis.log.currency)
