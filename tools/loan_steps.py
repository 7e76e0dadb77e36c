"""Verdicts on a bank's own steps: `python tools/loan_steps.py` writes the table of docs/methods/loan-steps.md.

It reads the public loan log beside the repository, as the page says. With `--print` nothing is written; the table goes
to standard output. tests/verdict/test_loan_steps.py holds the committed table to what is made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from headway.cli.reading import as_of_moment
from headway.connectors.mapping_file import load_mapping
from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.diagnosis.study import begin_study
from headway.process.loader import load_process
from headway.verdict.judging import judge_log
from headway.verdict.value import Verdict
from headway.verdict.words import points_said

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT.parent / "shared" / "data" / "loan_applications" / "BPI_Challenge_2012.xes.gz"
PAGE = ROOT / "docs" / "methods" / "loan-steps.md"
BEGIN, END = "<!-- begin loan steps -->", "<!-- end loan steps -->"


def loan_verdicts() -> tuple[Verdict, ...]:
    """The verdicts on the steps of examples/loan_process.yaml, from the loan log."""
    with EventLog(in_memory=True) as log:
        mapping = load_mapping(ROOT / "examples" / "loan_mapping.yaml")
        report = read_sources((LOG,), log, mapping=mapping, columns={}, ask=None)
        log.build(as_of_moment(None, report, log))
        study = begin_study(log, [load_process(ROOT / "examples" / "loan_process.yaml")])
        verdicts, _ = judge_log(log, study.processes, study.items)
    return tuple(verdict for verdict in verdicts if verdict.subject == "step")


def table(verdicts: tuple[Verdict, ...]) -> str:
    """The page's table, one row per step, in Markdown."""
    rows = [
        "| step | deals, left out | naive: finished deals | raw | adjusted [90 %] | without the buyer | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for verdict in verdicts:
        found = verdict.comparison
        assert found is not None
        share = f"{found.n:,}, {100 * found.left_out / found.n:.0f} %" if found.n else "0"
        effect = verdict.effect
        adjusted = f"{_points(effect.value)} [{_points(effect.low)}, {_points(effect.high)}]" if effect else "–"
        word = f"*{verdict.word}*: {verdict.ground}" if verdict.word else f"none: {verdict.ground}"
        figures = (_points(found.naive), _points(found.raw), adjusted, _points(found.without_evidence))
        rows.append(f"| {verdict.label} | {share} | {' | '.join(figures)} | {word} |")
    return "\n".join(rows)


def _points(difference: float | None) -> str:
    return "–" if difference is None else points_said(difference).split(" ", 1)[0]


def with_table(page: str, made: str) -> str:
    """The page with the table between its marks replaced."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Write the table into the page, or print it."""
    if not LOG.exists():
        sys.exit(f"{LOG.relative_to(ROOT.parent)} is not beside the repository; see the page for where it is from.")
    made = table(loan_verdicts())
    if "--print" in sys.argv[1:]:
        print(made)
    else:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
