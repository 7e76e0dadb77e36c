"""`headway password`: a new password for somebody who lost theirs, where no mail can be sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.basics.errors import UserError


def password(
    email: Annotated[str, typer.Argument(help="Address of the account.")],
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the installation; default HEADWAY_HOME or headway-data.")
    ] = None,
) -> None:
    """Set a new password, asked for here; every session of that person ends."""
    from headway.cli.installation import open_installation

    open_installation(home)
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from headway.store.actions.workspaces import set_password
    from headway.store.queries.people import find_person

    person = find_person(email)
    if person is None:
        raise UserError(f"Nobody has an account under {email}: check the address.")
    chosen: str = typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    try:
        validate_password(chosen, person)
    except ValidationError as problem:
        raise UserError(" ".join(problem.messages)) from None
    set_password(person=person, password=chosen)
    typer.echo(f"{person.email} logs in with the new password from now on.")
