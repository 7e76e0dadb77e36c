"""The OpenID provider of a company, as HEADWAY_OIDC_... name it; refused at the start where they cannot be meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from headway.settings.installation import environment, is_safe_address


@dataclass(frozen=True, slots=True)
class CompanyLogin:
    """The OpenID provider that people may log in with. `origins`: where a log-in form may lead; `acr`: what says that
    a second factor was asked for."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    acr: tuple[str, ...]
    origins: tuple[str, ...]


def company_login() -> CompanyLogin | None:
    """The provider named by the environment; None where none is."""
    needed = ("HEADWAY_OIDC_ISSUER", "HEADWAY_OIDC_CLIENT_ID", "HEADWAY_OIDC_CLIENT_SECRET")
    further = ("HEADWAY_OIDC_LABEL", "HEADWAY_OIDC_ACR", "HEADWAY_OIDC_ORIGINS")
    given = {name: environment.str(name, default="").strip() for name in (*needed, *further)}
    if not any(given.values()):
        return None
    if missing := [name for name in needed if not given[name]]:
        raise ImproperlyConfigured(f"{' and '.join(missing)} must be set too, or no HEADWAY_OIDC_ variable at all.")
    issuer, label = given[needed[0]], given[further[0]] or "your company"
    if not is_safe_address(issuer) or urlsplit(issuer).query or "/.well-known/" in issuer:
        raise ImproperlyConfigured(
            f"HEADWAY_OIDC_ISSUER {issuer!r} is no issuer: write its address as the provider states it,"
            " beginning with https:// and without /.well-known/."
        )
    origins = tuple(f"{one.scheme}://{one.netloc}" for one in map(urlsplit, [issuer, *given[further[2]].split()]))
    if wrong := next((one for one in origins if not is_safe_address(one)), None):
        raise ImproperlyConfigured(f"HEADWAY_OIDC_ORIGINS: {wrong!r} is no origin; write https://login.example.com.")
    if len(label) > 40:
        raise ImproperlyConfigured("HEADWAY_OIDC_LABEL is longer than 40 characters: it stands on a button.")
    return CompanyLogin(
        issuer, given[needed[1]], given[needed[2]], label,
        acr=tuple(given[further[1]].split()), origins=tuple(dict.fromkeys(origins)),
    )  # fmt: skip
