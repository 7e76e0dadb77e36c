"""The two addresses of a login with the company's provider, which exist only where one is configured; and a page for
who came that way and has no password."""

from __future__ import annotations

from typing import cast

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.ratelimit import consume_or_429
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from headway.store.queries.people import PersonRow
from headway.web.company_claims import DoubtfulError
from headway.web.company_login import CompanyExchange, SilentError, begin, log, refused


@require_POST  # nobody is sent there by a link of somebody else's
def company_login(request: HttpRequest) -> HttpResponse:
    """On to the provider. Counted as a login."""
    too_many: HttpResponse | None = consume_or_429(request, app="allauth.account", action="login")
    if too_many:
        return too_many
    try:
        return begin(request, get_next_redirect_url(request))
    except (SilentError, DoubtfulError) as problem:
        return no_answer(request, problem)


@require_GET
def company_login_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, or a page that says why not."""
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(CompanyExchange(request))(request)
    except (SilentError, DoubtfulError) as problem:
        return no_answer(request, problem)
    answer["Referrer-Policy"] = "no-referrer"  # this address held a code
    return answer


@login_required
def no_password(request: HttpRequest) -> HttpResponse:
    """In place of changing a password: what to do for one. Whoever has one goes on to change it."""
    if cast(PersonRow, request.user).has_usable_password():
        return redirect("account_change_password")
    return render(request, "account/no_password.html")


def no_answer(request: HttpRequest, problem: Exception) -> HttpResponse:
    """The provider does not answer as it should: the log says how."""
    log.warning("the company's provider does not answer as it should: %s", problem)
    return refused(request, "silent")
