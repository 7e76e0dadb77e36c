"""From files to an event log that is built: what every command that reads exports begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from headway.basics.errors import UserError
from headway.basics.periods import AsOf

if TYPE_CHECKING:
    from headway.connectors.question import Ask
    from headway.connectors.source import Progress, SourceReport
    from headway.deals.event_log import EventLog


SMALL_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """Which files are to be read and how, against which process files, as of when, within how much memory (MiB)."""

    files: tuple[Path, ...]
    processes: tuple[Path, ...] = ()
    mapping: Path | None = None
    columns: tuple[str, ...] = ()
    layout: str | None = None
    day_order: Literal["dmy", "mdy"] | None = None
    decimal_mark: Literal["point", "comma"] | None = None
    zone: str | None = None
    as_of: date | None = None
    currency: str | None = None
    rates: tuple[str, ...] = ()
    memory_mib: int = 1536


@contextmanager
def read_log(
    request: Request, *, ask: Ask | None, progress: Progress | None = None
) -> Iterator[tuple[EventLog, SourceReport]]:
    """The log built as of the day asked for, and what was read into it; it is gone after the block.

    Raises UserError for anything a user can mend; files without any deal among it.
    """
    from headway.connectors.mapping_file import load_mapping
    from headway.connectors.source import read_sources
    from headway.deals.event_log import EventLog

    with EventLog(memory_mib=request.memory_mib, in_memory=is_small(request.files)) as log:
        report = read_sources(
            request.files,
            log,
            mapping=load_mapping(request.mapping) if request.mapping else None,
            columns=column_roles(request.columns),
            layout=request.layout,
            day_order=request.day_order,
            decimal_mark=request.decimal_mark,
            zone=request.zone,
            ask=ask,
            progress=progress,
        )
        state_rates_asked(request, log)
        log.build(as_of_moment(request.as_of, report, log))
        if not log.value("SELECT count(*) FROM deals"):
            raise UserError(no_deals(request, report))
        yield log, report


@contextmanager
def at_terminal() -> Iterator[tuple[Ask | None, Progress | None]]:
    """A bar on standard error when that is a terminal; questions there when standard input is one too."""
    import typer
    from rich.console import Console

    from headway.cli.asking import terminal_ask
    from headway.cli.reading_bar import reading_bar

    console = Console(stderr=True)
    ask = terminal_ask(console) if console.is_terminal and typer.get_text_stream("stdin").isatty() else None
    with reading_bar(console) as progress:
        yield ask, progress


def is_small(files: Sequence[Path]) -> bool:
    """Whether the files are small enough, packed or not, for their log to fit well into the engine's memory."""
    return sum(file.stat().st_size for file in files if file.is_file()) <= SMALL_BYTES


def column_roles(pairs: Sequence[str]) -> dict[str, str]:
    """`id=Opportunity ID` pairs as a dictionary; UserError for one that is none."""
    roles = {}
    for pair in pairs:
        role, sign, column = pair.partition("=")
        if not (role.strip() and sign and column.strip()):
            raise UserError(f"--column {pair!r} is not of the form ROLE=COLUMN; write for example --column id=DealNo.")
        roles[role.strip()] = column.strip()
    return roles


def state_rates_asked(request: Request, log: EventLog) -> None:
    """Sum the log's amounts in `--currency`, those in others at what `--rate` says; UserError for what is no rate."""
    from headway.deals.amounts import Rate, check_rate, state_rates

    if not request.currency:
        if request.rates:
            raise UserError(
                "--rate says what a currency is worth in another one: name that with --currency, as in EUR."
            )
        return
    check_rate(request.currency, 1.0)
    rates = []
    for pair in request.rates:
        currency, _, value = pair.partition("=")
        try:
            rate = Rate(currency.strip().upper(), float(value))
        except ValueError:
            raise UserError(
                f"--rate {pair!r} is not of the form USD=0.92: a code, and what one of it is worth."
            ) from None
        check_rate(rate.currency, rate.value)
        if rate.currency == request.currency.upper():
            raise UserError(f"--rate {pair!r} is of the very currency that amounts are summed in; leave it out.")
        rates.append(rate)
    state_rates(log, request.currency, rates)


def as_of_moment(day: date | None, report: SourceReport, log: EventLog) -> AsOf:
    """The end of the day asked for, else the moment from which the export's values are known, else the last event."""
    from headway.deals.event_log import last_event_at

    if day is not None:
        return AsOf.end_of(day)
    if report.known_at is not None:
        return AsOf.moment(report.known_at)
    last = last_event_at(log)
    return AsOf.moment(last.replace(tzinfo=UTC) if last else datetime.combine(date(1970, 1, 1), time(), UTC))


def no_deals(request: Request, report: SourceReport) -> str:
    """Why there is nothing to diagnose."""
    names = ", ".join(path.name for path in request.files)
    if request.as_of is not None:
        return f"{names} holds nothing that was known on {request.as_of}; pass a later day with --as-of."
    dropped = sum(repair.count for repair in report.repairs if repair.kind == "dropped")
    if dropped:
        reasons = "; ".join(f"{r.what} ({r.count:,})" for r in report.repairs if r.kind == "dropped")
        return f"{names} holds no deal that can be used, all rows were dropped: {reasons}."
    return f"{names} holds no deals; export it again with at least one row."
