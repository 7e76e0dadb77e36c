"""Lints a documented process: whose act is each line, can it be shown, and how would it read with the buyer as subject?

It needs no data. Whose act a line is follows from its grammatical subject and from who could show the proof
(docs/methods/linter.md); words outside the tables are judged by structure alone.
"""

from __future__ import annotations

from headway.process.linter.lint import is_milestone, lint_lines
from headway.process.linter.reading import lines_of_string, read_lines
from headway.process.linter.report import LintedLine, LintReport, SourceLine, Who


def lint_text(text: str) -> LintReport:
    """Lint a process given as Markdown, plain text, HTML or a process file.

    Raises UserError for broken YAML and for more text than a process has.
    """
    return lint_lines(lines_of_string(text))


__all__ = ["LintReport", "LintedLine", "SourceLine", "Who", "is_milestone", "lint_lines", "lint_text", "read_lines"]
