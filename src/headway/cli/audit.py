"""`headway audit verify`: has anybody rewritten who did and who saw what?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Compute every link of every audit chain anew, and name the first entry that is not as it was written.

    Exit status: 0 all whole, 1 something was rewritten, 2 something you can mend.
    """
    from headway.cli.installation import open_installation

    open_installation(home)
    from headway.store.queries.audit import verify_chains

    verdicts = verify_chains()
    for found in verdicts:
        what = found.wrong or f"{found.entries:,} entries, whole."
        typer.echo(f"{found.name or 'a workspace that is gone'} ({found.workspace}): {what}")
    broken = sum(bool(found.wrong) for found in verdicts)
    chains = "1 chain" if len(verdicts) == 1 else f"{len(verdicts)} chains"
    typer.echo(f"{chains} checked, {broken} rewritten." if broken else f"{chains} checked, all whole.")
    if broken:
        raise typer.Exit(1)
