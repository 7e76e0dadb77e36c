"""Logging in with the company's OpenID Connect provider: what is asked of it, what is checked, and who gets in.

django-allauth carries the exchange: state, PKCE, code, token. What it leaves open is checked here and in
`company_claims`: the id token, its nonce, and that the provider has verified the mail address. Nobody is let in who was
not invited, and nothing that the provider says is kept: allauth's tables stay empty, a person is known by the address
each time. docs/how-to/sign-in.md.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from headway.settings.company_provider import CompanyLogin
from headway.settings.installation import is_safe_address
from headway.store.actions.invitations import join_anew
from headway.store.queries.people import PersonRow, find_invitation_to, find_person
from headway.web.company_claims import DoubtfulError, asked_for_more, is_same, verified_address, verified_claims
from headway.web.requests import OPENED, Request
from headway.web.second_factor import BY_COMPANY

CONFIGURATION_KEPT_S = 600
KEPT = ("nonce", "email", "email_verified", "xms_edov", "name", "amr", "acr")
log = logging.getLogger("headway.web.company")

# what went wrong -> (title, sentence, status)
REFUSED = {
    "unknown": (
        "You are not invited yet",
        "Headway knows nobody under {email}. Ask somebody on your team to invite that address, then log in again.",
        403,
    ),
    "unverified": (
        "Your address is not verified",
        "{label} does not say that your mail address is verified. Ask whoever runs that login to verify it.",
        403,
    ),
    "doubtful": (
        "Not logged in",
        "What {label} answered could not be verified. Log in again; if that does not help, tell whoever runs Headway.",
        403,
    ),
    "begun elsewhere": (
        "Not logged in",
        "This login was begun in another browser, or more than ten minutes ago. Begin it again.",
        403,
    ),
    "stopped": ("Not logged in", "You were not logged in at {label}. Log in again, or use your password.", 403),
    "silent": (
        "No answer from the login",
        "{label} does not answer as it should. Try again in a minute, or use your password.",
        502,
    ),
}


class SilentError(Exception):
    """The provider does not answer, or not as a provider answers."""


def chosen() -> CompanyLogin:
    """The provider of this installation; only asked for where there is one."""
    return cast(CompanyLogin, settings.COMPANY_LOGIN)


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider, from the settings. Of what it says only `KEPT` goes on."""

    def __init__(self, request: HttpRequest) -> None:
        company = chosen()
        app = SocialApp(
            provider=self.id, provider_id="company", name=company.label,
            client_id=company.client_id, secret=company.client_secret,
            settings={"server_url": company.issuer.rstrip("/"), "oauth_pkce_enabled": True},
        )  # fmt: skip
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> CompanyExchange:
        """Who talks to the provider."""
        return CompanyExchange(request)

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is needed to decide."""
        return {name: data[name] for name in KEPT if name in data}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """None: a person's fields are the person's."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: see `verified_address`."""
        return []


class CompanyExchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Talks to the provider; every address it is told must be safe."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, "company")

    def get_provider(self) -> CompanyProvider:
        """From the settings, never from the database."""
        return CompanyProvider(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """The redirect address that the provider must know; whatever host the browser named."""
        return f"{settings.ADDRESS}{reverse('company_login_back')}"

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself, kept for ten minutes. SilentError, DoubtfulError."""
        key = f"openid-{hashlib.sha256(chosen().issuer.encode()).hexdigest()[:32]}"
        found: dict[str, Any] | None = caches["process"].get(key)
        if found is None:
            found = fetched(self.get_provider().server_url)
            check_configuration(found, chosen().issuer)
            caches["process"].set(key, found, CONFIGURATION_KEPT_S)
        return found

    @property
    def basic_auth(self) -> bool:
        """Whether the secret goes as a header: what OpenID providers take unless they say otherwise."""
        return "client_secret_post" not in self.openid_config.get("token_endpoint_auth_methods_supported", [])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **given: Any) -> Any:
        """From the id token; from the provider's page of the person where the token leaves the address out."""
        config = self.openid_config
        claims = verified_claims(given["response"].get("id_token"), fetched(config["jwks_uri"]), chosen())
        if "email" not in claims and config.get("userinfo_endpoint"):
            more = fetched(config["userinfo_endpoint"], {"Authorization": f"Bearer {token.token}"})
            if more.get("sub") != claims["sub"]:
                raise DoubtfulError("the page of the person is about somebody else")
            claims = {**more, **claims}
        return self.get_provider().sociallogin_from_response(request, claims)


class KnownOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who gets in, once the provider has said who it is."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> CompanyProvider:
        """The one there is."""
        return CompanyProvider(request)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Not by the library's way, which would take away the password of whoever logs in so."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Nothing is taken over."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The last checks, and the person. ImmediateHttpResponse with a page where there is none."""
        said, state = sociallogin.account.extra_data, sociallogin.state
        if state.get("process") != AuthProcess.LOGIN or not is_same(said.get("nonce"), state.get("nonce")):
            raise DoubtfulError("the nonce is not the one of this login")
        sociallogin.token = None
        email = verified_address(said)
        if email is None:
            raise ImmediateHttpResponse(refused(request, "unverified"))
        person = find_person(email)
        if person is None or person.never_let_in:
            person = invited(cast(Request, request), email, said)
            state["next"] = reverse("start")
        if person is None:
            raise ImmediateHttpResponse(refused(request, "unknown", email=email))
        sociallogin.user = person

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: str | None = None, exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """One plain page for each; what was wrong goes to the log, without a word of what was sent."""
        if error == AuthError.CANCELLED or "error" in request.GET:
            raise ImmediateHttpResponse(refused(request, "stopped"))
        if exception is None:
            raise ImmediateHttpResponse(refused(request, "begun elsewhere"))
        told = str(exception) if isinstance(exception, DoubtfulError) else type(exception).__name__
        log.warning("a login with the company's provider was refused: %s", told)
        raise ImmediateHttpResponse(refused(request, "silent" if isinstance(exception, OSError) else "doubtful"))


def begin(request: HttpRequest, next_url: str | None) -> HttpResponse:
    """On to the provider, with a state, a PKCE challenge and a nonce of this browser's own."""
    nonce = secrets.token_urlsafe(24)
    asked = {"nonce": nonce} | ({"acr_values": " ".join(chosen().acr)} if chosen().acr else {})
    answer: HttpResponse = CompanyProvider(request).redirect(
        request, AuthProcess.LOGIN, next_url=next_url, auth_params=asked, nonce=nonce
    )
    return answer


def invited(request: Request, email: str, said: dict[str, Any]) -> PersonRow | None:
    """A new account for an invitation to this very address; the one whose link was opened goes before."""
    invitation = find_invitation_to(email, request.now, key=request.session.pop(OPENED, ""))
    if invitation is None:
        return None
    name = str(said.get("name") or email.partition("@")[0]).strip()[:120]
    return join_anew(invitation=invitation, name=name, password=None, at=request.now)


def fetched(address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """JSON from the provider. SilentError where it does not come, DoubtfulError for an address that is not safe."""
    if not is_safe_address(address):
        raise DoubtfulError("the provider names an address that is not encrypted")
    try:
        with KnownOnly().get_requests_session() as session:
            answer = session.get(address, headers=headers, allow_redirects=False)
            if answer.status_code != 200:
                raise SilentError(f"status {answer.status_code}")
            found = answer.json()
    except (OSError, ValueError) as problem:
        raise SilentError(type(problem).__name__) from None
    if not isinstance(found, dict):
        raise SilentError("no JSON object")
    return found


def check_configuration(config: dict[str, Any], issuer: str) -> None:
    """OpenID Connect Discovery 1.0, 4.3: it must be of this issuer; and where it sends us must be safe."""
    if str(config.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise DoubtfulError("the provider calls itself otherwise than HEADWAY_OIDC_ISSUER does")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe_address(str(config.get(name, ""))):
            raise DoubtfulError(f"the provider's {name} is missing or not encrypted")
    asked = urlsplit(str(config["authorization_endpoint"]))
    if f"{asked.scheme}://{asked.netloc}" not in chosen().origins:
        log.warning("browsers will not go on to %s: name that origin in HEADWAY_OIDC_ORIGINS", asked.netloc)


def note_second_factor(request: HttpRequest, sociallogin: Any) -> None:
    """Of a session that has just begun: whether the company asked for a second factor."""
    request.session.pop(BY_COMPANY, None)
    if sociallogin is not None and asked_for_more(sociallogin.account.extra_data, chosen().acr):
        request.session[BY_COMPANY] = True


def refused(request: HttpRequest, why: str, *, email: str = "") -> HttpResponse:
    """The one page that says why, and what to do."""
    title, sentence, status = REFUSED[why]
    context = {"title": title, "sentence": sentence.format(label=sentence_start(sentence), email=email)}
    return render(request, "account/company_refused.html", context, status=status)


def sentence_start(sentence: str) -> str:
    """The provider's name, with a capital where the sentence begins with it."""
    label = chosen().label
    return label[:1].upper() + label[1:] if sentence.startswith("{label}") else label
