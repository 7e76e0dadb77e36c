"""What can go wrong because of what a person gave us, said so that they can mend it."""

from __future__ import annotations

from dataclasses import dataclass


class UserError(Exception):
    """Something a user caused and can mend. The message is one sentence: what, where, what to do.

    The command line prints it and exits with status 2; nothing is left half-written.
    """


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file that a person wrote, with the line it stands on (1-based)."""

    line: int
    message: str


class InvalidFileError(UserError):
    """A file that a person wrote has one or more problems; all of them are listed, each with its line."""

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        lines = "\n".join(f"  {path}:{problem.line}: {problem.message}" for problem in problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{path} has {count}; mend each and run the command again:\n{lines}")
