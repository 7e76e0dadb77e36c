"""Accounts begin with a set-up link or an invitation, never with a sign-up form."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from headway.store.sealing import sealer


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


def mail_works(request: HttpRequest) -> dict[str, bool]:
    """For templates: whether this installation can send mail."""
    return {"mail_works": settings.MAIL_WORKS}
