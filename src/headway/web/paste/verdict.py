"""What the page says about a linted process: a sentence on top, and few words for each line."""

from __future__ import annotations

from dataclasses import dataclass

from headway.process.linter import LintedLine, LintReport, Who
from headway.process.linter.subject import subject_span

SAID = {
    Who.SELLER: ("You", ""),
    Who.BUYER: ("Buyer", "Can stand as it is."),
    Who.UNCLEAR: ("Who?", "It does not say who acts."),
    Who.OUTCOME: ("Outcome", "How it ended, not what anybody did."),
}


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line as shown: its text around the words that name the doer, who that is, a few words, and the rewrite."""

    before: str
    subject: str
    after: str
    who: str
    label: str
    said: str
    rewrite: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole: `headline` and `rest` are the sentences on top, `rewritten` what the button copies."""

    headline: str
    rest: str
    lines: tuple[MarkedLine, ...]
    rewritten: str


def verdict_of(report: LintReport) -> Verdict:
    """What to show of a report."""
    lines = tuple(_marked(line) for line in report.lines)
    rewritten = "\n".join(line.rewrite or line.text for line in report.lines)
    headline, rest = sentences(report)
    return Verdict(headline, rest, lines, rewritten)


def sentences(report: LintReport) -> tuple[str, str]:
    """ "5 of your 7 lines describe what you do." and "None says what the buyer has done." """
    counts, ready = report.counts, report.ready
    total = len(report.lines) - counts[Who.OUTCOME]
    seller = counts[Who.SELLER]
    if total <= 0:
        return "No stage was found in this text.", "Write one stage per line."
    if total == 1:
        return _SINGLE[report_who(report)], "" if ready else "The rewrite says what the buyer has done."
    if seller == total:
        first = f"{'Both' if total == 2 else f'All {total}'} of your lines describe what you do."
    elif seller:
        first = f"{seller} of your {total} lines {'describes' if seller == 1 else 'describe'} what you do."
    else:
        first = f"None of your {total} lines describes what you do."
    if ready == total:
        return first, "Every one says what the buyer has done, and how it would show."
    if not counts[Who.BUYER]:
        return first, "None says what the buyer has done."
    second = f"{counts[Who.BUYER]} {'says' if counts[Who.BUYER] == 1 else 'say'} what the buyer has done"
    shown = "" if ready == counts[Who.BUYER] else f", {ready or 'none'} of them so that it would show"
    return first, f"{second}{shown}."


_SINGLE = {
    Who.SELLER: "Your line describes what you do.",
    Who.BUYER: "Your line says what the buyer has done.",
    Who.UNCLEAR: "Your line does not say who acts.",
}


def report_who(report: LintReport) -> Who:
    """Who the only line that is no outcome describes."""
    return next(line.who for line in report.lines if line.who is not Who.OUTCOME)


def _marked(line: LintedLine) -> MarkedLine:
    label, said = SAID[line.who]
    if line.who is Who.BUYER and line.rewrite:
        said = _lack(line)
    start, end = subject_span(line.text) or (0, 0)
    ready = line.who is Who.BUYER and line.rewrite is None
    before, subject, after = line.text[:start], line.text[start:end], line.text[end:]
    return MarkedLine(before, subject, after, line.who.value, label, said, line.rewrite or "", ready)


def _lack(line: LintedLine) -> str:
    if not line.observable:
        return "Theirs, but nobody can see it."
    if not line.binary:
        return "Theirs, but neither yes nor no."
    return "Theirs, but nothing would show it."
