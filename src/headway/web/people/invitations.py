"""Invitations: made, sent again, revoked. The link is shown once, and mailed where mail is set up."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.store.actions.invitations import invite as make_invitation
from headway.store.actions.invitations import resend_invitation, restore_invitation, revoke_invitation
from headway.store.queries.people import InvitationRow, get_invitation, list_invitations
from headway.web.people.forms import ROLE_WORDS, Invite
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside("people")
def invitations(request: Inside) -> HttpResponse:
    """Who was invited and has not come yet."""
    return render(request, "people/invitations.html", {"invitations": list_invitations(request.access)})


@inside("people")
def invite(request: Inside) -> HttpResponse:
    """Invite somebody by their address, as what they will be."""
    form = Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, token = make_invitation(
                workspace=request.access.workspace, by=request.access.person, at=request.now, **given
            )
        except UserError as problem:
            form.add_error("email", str(problem))
        else:
            return show_link(request, made, token)
    context = {"form": form, "role_words": ROLE_WORDS}
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


@require_POST
@inside("people")
def resend(request: Inside, key: str) -> HttpResponse:
    """A new link for the same invitation; the one before stops working."""
    found = get_invitation(request.access, key)
    made, token = resend_invitation(invitation=found, by=request.access.person, at=request.now)
    return show_link(request, made, token)


@require_POST
@inside("people")
def revoke(request: Inside, key: str) -> HttpResponse:
    """The link stops working."""
    found = get_invitation(request.access, key)
    revoke_invitation(invitation=found, by=request.access.person, at=request.now)
    done(request, f"The invitation of {found.email} is revoked.", way="invitation", about={"invitation": key})
    return redirect("members", w=request.access.workspace.key)


def show_link(request: Inside, made: InvitationRow, token: str) -> HttpResponse:
    """The one page that shows the link. It answers the POST itself: a redirect would have to keep the token somewhere.

    Loading it again asks whether to send the form again, and would make a new link in place of this one.
    """
    link = f"{request.build_absolute_uri(reverse('join'))}#{token}"
    mailed, problem = False, ""
    if settings.MAIL_WORKS:
        try:
            mailed = bool(mail_link(request, made, link))
        except (SMTPException, OSError):
            problem = "The mail could not be sent. Copy the link and send it yourself."
    context = {"invitation": made, "link": link, "mailed": mailed, "problem": problem}
    return render(request, "people/invited.html", context)


def mail_link(request: Inside, made: InvitationRow, link: str) -> int:
    """Send the link; how many mails left."""
    context: dict[str, Any] = {"invitation": made, "link": link, "by": request.access.person}
    by = " ".join(str(request.access.person).split())
    subject = f"{by} invites you to {' '.join(request.access.workspace.name.split())}"
    return send_mail(subject, render_to_string("people/invitation_mail.txt", context), None, [made.email])


@way_back("invitation")
def invited_again(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a revoking."""
    request.access.need("people")
    found = get_invitation(request.access, about["invitation"])
    restore_invitation(invitation=found, by=request.access.person, at=request.now)
    return f"The link of {found.email} works again."
