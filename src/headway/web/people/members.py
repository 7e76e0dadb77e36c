"""Members of a workspace: what they are, who they are in the CRM, and the end of a membership."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.store.actions.members import change_role, end_membership, link_owner, restore_membership
from headway.store.queries.owners import list_owner_names
from headway.store.queries.people import MembershipRow, get_member, list_invitations, list_members
from headway.web.people.forms import ROLE_WORDS, MemberOwner, MemberRole
from headway.web.requests import Inside, inside, saw
from headway.web.undo import done, way_back


@inside()
def members(request: Inside) -> HttpResponse:
    """Who is in this workspace; who may invite also sees who was invited."""
    may = request.access.may("people")
    waiting = list_invitations(request.access) if may else []
    context = {"members": list_members(request.access), "invitations": waiting, "may": may}
    return render(request, "people/members.html", context)


@inside("people")
def member(request: Inside, key: str) -> HttpResponse:
    """One member, and what can be changed about them."""
    found = get_member(request.access, key)
    saw(request, f"person {found.person.key}")
    return page(request, found)


@require_POST
@inside("people")
def member_role(request: Inside, key: str) -> HttpResponse:
    """Change the role."""
    found, was = get_member(request.access, key), ""
    form = MemberRole(request.POST)
    if form.is_valid():
        was = found.role
        try:
            changed = change_role(membership=found, by=request.access.person, at=request.now, **form.cleaned_data)
        except UserError as problem:
            form.add_error("role", str(problem))
        else:
            if changed.role != was:
                sentence = f"{found.person} is {changed.get_role_display().lower()} from now on."
                done(request, sentence, way="member role", about={"person": key, "role": was})
            return back(request, key)
    return page(request, found, role_form=form)


@require_POST
@inside("people")
def member_owner(request: Inside, key: str) -> HttpResponse:
    """Say who they are in the CRM."""
    found = get_member(request.access, key)
    was = found.owner.name if found.owner else ""
    form = MemberOwner(request.POST)
    if form.is_valid():
        try:
            link_owner(membership=found, by=request.access.person, at=request.now, **form.cleaned_data)
        except UserError as problem:
            form.add_error("owner", str(problem))
        else:
            name = " ".join(form.cleaned_data["owner"].split())
            words = f"Deals of {name} are {found.person}’s." if name else f"{found.person} has no deals of their own."
            done(request, words, way="member owner", about={"person": key, "owner": was})
            return back(request, key)
    return page(request, found, owner_form=form)


@require_POST
@inside("people")
def member_end(request: Inside, key: str) -> HttpResponse:
    """End the membership, at once."""
    found = get_member(request.access, key)
    try:
        end_membership(membership=found, by=request.access.person, at=request.now)
    except UserError as problem:
        return page(request, found, end_problem=str(problem))
    if found.person_id == request.access.person.pk:
        return redirect("workspaces")
    done(request, f"{found.person} has no access any more.", way="membership", about={"person": key})
    return redirect("members", w=request.access.workspace.key)


def page(request: Inside, found: MembershipRow, **forms: Form | str) -> HttpResponse:
    """The page of one member; what was typed and what is wrong with it stay beside the field."""
    context: dict[str, Any] = {
        "member": found,
        "role_form": MemberRole(initial={"role": found.role}),
        "owner_form": MemberOwner(initial={"owner": found.owner.name if found.owner else ""}),
        "owners": list_owner_names(request.access),
        "role_words": ROLE_WORDS,
        **forms,
    }
    return render(request, "people/member.html", context, status=422 if forms else 200)


def back(request: Inside, key: str) -> HttpResponse:
    """To the member's page."""
    return redirect("member", w=request.access.workspace.key, key=key)


@way_back("member role")
def role_as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a change of role."""
    request.access.need("people")
    found = get_member(request.access, about["person"])
    change_role(membership=found, role=about["role"], by=request.access.person, at=request.now)
    return f"{found.person} is {about['role']} again."


@way_back("member owner")
def owner_as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a link to an owner."""
    request.access.need("people")
    found = get_member(request.access, about["person"])
    link_owner(membership=found, owner=about["owner"], by=request.access.person, at=request.now)
    return "Linked as before."


@way_back("membership")
def member_again(request: Inside, about: dict[str, Any]) -> str:
    """Undo of an end."""
    request.access.need("people")
    found = get_member(request.access, about["person"], ended=True)
    restore_membership(membership=found, by=request.access.person, at=request.now)
    return f"{found.person} is a member again."
