"""What a company's OpenID Connect provider says of somebody, and whether it may be believed: pure functions."""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from headway.settings.company_provider import CompanyLogin

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED = ("iss", "sub", "aud", "exp", "iat")
LEEWAY_S = 60  # by how much two clocks may differ


class DoubtfulError(OAuth2Error):  # type: ignore[misc]
    """What the provider said does not hold. Its words are for the log: they quote nothing that was said."""


def verified_claims(token: object, keys: dict[str, Any], company: CompanyLogin) -> dict[str, Any]:
    """What an id token says, once its signature, issuer, audience and times are right. DoubtfulError.

    OpenID Connect Core 1.0, 3.1.3.7.
    """
    if not isinstance(token, str):
        raise DoubtfulError("there is no id token")
    try:
        header = jwt.get_unverified_header(token)
        key = signing_key(jwt.PyJWKSet.from_dict(keys).keys, header.get("kid"))
        found: dict[str, Any] = jwt.decode(
            token, key, algorithms=SIGNED_BY, audience=company.client_id, leeway=LEEWAY_S,
            issuer=[company.issuer, company.issuer.rstrip("/"), company.issuer.rstrip("/") + "/"],
            options={"require": list(REQUIRED)},
        )  # fmt: skip
    except jwt.PyJWTError as problem:
        raise DoubtfulError(f"the id token does not hold ({type(problem).__name__})") from None
    if isinstance(found["aud"], list) and len(found["aud"]) > 1 and found.get("azp") != company.client_id:
        raise DoubtfulError("the id token is for somebody else")
    return found


def signing_key(keys: list[jwt.PyJWK], named: object) -> jwt.PyJWK:
    """The key that a token names; the only one where it names none."""
    fit = [key for key in keys if key.key_id == named] if named is not None else keys
    if len(fit) != 1:
        raise DoubtfulError("the id token names no key of the provider")
    return fit[0]


def is_same(one: object, other: object) -> bool:
    """Whether both are the same text, and there is any."""
    return isinstance(one, str) and isinstance(other, str) and bool(one) and secrets.compare_digest(one, other)


def verified_address(said: dict[str, Any]) -> str | None:
    """The mail address, where the provider has verified it.

    Some write "true" for true. Microsoft Entra has no `email_verified`; its `xms_edov` says that the address lies in a
    domain whose owner was verified.
    """
    email = said.get("email")
    by = "email_verified" if "email_verified" in said else "xms_edov"
    if not isinstance(email, str) or "@" not in email or str(said.get(by)).lower() not in ("true", "1"):
        return None
    return email.strip().lower()


def asked_for_more(said: dict[str, Any], acr: tuple[str, ...]) -> bool:
    """Whether the provider says that it asked for a second factor: `mfa` in `amr` (RFC 8176), or one of these `acr`."""
    methods = said.get("amr")
    return (isinstance(methods, list) and "mfa" in methods) or said.get("acr") in acr
