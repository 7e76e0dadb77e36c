"""The command line: `headway diagnose`, `headway forecast`, `headway process …`, `headway serve`, `headway demo`.

Besides `web` and `jobs` the only room that reads the clock.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from headway.basics.errors import UserError
from headway.cli.audit import verify
from headway.cli.backtest import backtest
from headway.cli.backup import backup
from headway.cli.demo import demo
from headway.cli.diagnose import diagnose
from headway.cli.export import export, load
from headway.cli.forecast import forecast, forecast_backtest
from headway.cli.move import move
from headway.cli.password import password
from headway.cli.process_check import check
from headway.cli.process_lint import lint
from headway.cli.process_new import new
from headway.cli.restore import restore
from headway.cli.second_factor import second_factor
from headway.cli.serve import serve
from headway.cli.worker import worker


class Commands(TyperGroup):
    """Commands of one word, and of two: `forecast backtest` beside `forecast FILES`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # typer names its types in private modules only
        two = " ".join(args[:2])
        if two in self.commands:
            return two, self.commands[two], args[2:]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="headway",
    cls=Commands,
    help="Where is the buyer, really? Reads a CRM export and says how deals move against their process.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
process_app = typer.Typer(no_args_is_help=True, help="Check, write and lint process files.")
app.add_typer(process_app, name="process")
audit_app = typer.Typer(no_args_is_help=True, help="Check who did and who saw what.")
app.add_typer(audit_app, name="audit")
app.command("diagnose")(diagnose)
app.command("backtest")(backtest)
app.command("forecast")(forecast)
app.command("forecast backtest")(forecast_backtest)
app.command("serve")(serve)
app.command("worker")(worker)
app.command("password")(password)
app.command("second-factor")(second_factor)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("move")(move)
app.command("export")(export)
app.command("load")(load)
audit_app.command("verify")(verify)
app.command("demo")(demo)
process_app.command("check")(check)
process_app.command("new")(new)
process_app.command("lint")(lint)


def main() -> None:
    """Run the command line. Exit status: 0 done, 2 something a user can mend (one sentence on standard error)."""
    try:
        app()
    except UserError as problem:
        print(f"headway: {problem}", file=sys.stderr)  # noqa: T201 (rich would wrap and colour the sentence)
        sys.exit(2)
    except MemoryError:
        told = "headway: there is not enough memory for this; pass --memory with fewer MiB."
        print(told, file=sys.stderr)  # noqa: T201 (as above)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; nothing is lost and there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
