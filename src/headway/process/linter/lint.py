"""The linter: lines in, judgements and rewrites out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from headway.process.linter.checks import checks_of
from headway.process.linter.judge import judge
from headway.process.linter.report import LintedLine, LintReport, SourceLine, Who
from headway.process.linter.rewrite import rewrite_of

_SAFE = "The {buyer} has replied in writing with their next step, who takes it and by when".replace("{buyer}", "buyer")


@lru_cache(maxsize=4096)
def _linted(text: str) -> LintedLine:
    judgement = judge(text)
    checks = checks_of(judgement.clause, judgement.who)
    rewrite = rewrite_of(judgement.clause, judgement.who, checks, text)
    if rewrite is not None and not is_milestone(rewrite):
        rewrite = _SAFE
    reason = f"{judgement.reason} {checks.lack}".strip()
    return LintedLine(0, text, judgement.who, rewrite, checks.observable, checks.binary, checks.provable, reason)


def is_milestone(text: str) -> bool:
    """True when a line has the buyer as its subject and is observable, binary and provable."""
    judgement = judge(text)
    checks = checks_of(judgement.clause, judgement.who)
    return judgement.who is Who.BUYER and checks.observable and checks.binary and checks.provable


def lint_lines(lines: Sequence[SourceLine]) -> LintReport:
    """Judge each line of a documented process; any text is allowed, and what cannot be told is unclear."""
    found = []
    for line in lines:
        judged = _linted(line.text)
        found.append(
            LintedLine(
                line.line,
                line.text,
                judged.who,
                judged.rewrite,
                judged.observable,
                judged.binary,
                judged.provable,
                judged.reason,
            )
        )
    return LintReport(tuple(found))
