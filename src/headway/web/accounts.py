"""Accounts begin with a set-up link or an invitation, never with a sign-up form."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse

from headway.store.queries.people import PersonRow
from headway.store.sealing import sealer
from headway.web.company_login import note_second_factor
from headway.web.letterbox import drop_in


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Address and password do not belong together: check both, or set a new password.",
        "too_many_login_attempts": "Too many attempts: wait fifteen minutes, then try again.",
        "account_inactive": "This account was ended: ask whoever runs Headway for you.",
        "enter_current_password": "That is not your present password: type it as it is now.",
        "incorrect_password": "That is not your password: type it again.",
        "incorrect_code": "That is not the code: type the six digits as they are now.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: PersonRow, **rest: Any) -> HttpResponse:
        """Somebody is in, all their codes typed: whether the company asked them for a second factor stays known."""
        note_second_factor(request, (rest["signal_kwargs"] or {}).get("sociallogin"))
        answer: HttpResponse = super().post_login(request, user, **rest)
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written now, handed over after this request was answered: how long that takes tells nobody anything."""
        drop_in(self._written(template_prefix, email, context))

    def send_nobody(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The same work for an address without an account; nothing leaves."""
        drop_in(self._written(template_prefix, email, context), leaves=False)

    def _written(self, template_prefix: str, email: str, context: dict[str, Any]) -> EmailMessage:
        written: EmailMessage = self.render_mail(template_prefix, email, {"email": email, **context})
        return written


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes stand encrypted in the database, under the secret key."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not the code: type the six digits that the app shows now.",
    }

    def encrypt(self, text: str) -> str:
        """Fernet (AES-128-CBC with HMAC-SHA256) of the text."""
        return sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; cryptography.fernet.InvalidToken where it was changed or the secret key is another."""
        return sealer().decrypt(encrypted_text.encode()).decode()


def ways_in(request: HttpRequest) -> dict[str, Any]:
    """For templates: whether this installation can send mail, and what the company's login is called (empty: none)."""
    company = settings.COMPANY_LOGIN
    return {"mail_works": settings.MAIL_WORKS, "company_login": company.label if company else ""}
