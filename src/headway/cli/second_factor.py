"""`headway second-factor`: take the second factor off an account whose owner lost the phone and the recovery codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.basics.errors import UserError


def second_factor(
    email: Annotated[str, typer.Argument(help="Address of the account.")],
    lift: Annotated[bool, typer.Option("--lift", help="Take it off; without this option nothing is changed.")] = False,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Say whether an account has a second factor, or take it off: the password alone opens it again.

    Make sure that it is their owner who asks: look at them, or call them. Workspaces that ask for one let them in once
    they have set up another.
    """
    from headway.cli.installation import open_installation

    open_installation(home)
    from django.utils import timezone

    from headway.store.actions.second_factor import lift_second_factor
    from headway.store.queries.people import find_person
    from headway.store.queries.second_factor import has_second_factor

    person = find_person(email)
    if person is None:
        raise UserError(f"Nobody has an account under {email}: check the address.")
    if not lift:
        has = has_second_factor(person)
        typer.echo(f"{person.email} has {'a second factor; --lift takes it off' if has else 'no second factor'}.")
        return
    told = lift_second_factor(person=person, at=timezone.now())
    typer.echo(
        f"{person.email} logs in with the password alone from now on; the audit of {told}"
        f" workspace{'s'[: told != 1]} says so."
    )
