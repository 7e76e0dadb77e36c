"""django-allauth's forms without placeholders: they repeat the label, and vanish when one begins to type."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY as PROCESS
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.http import HttpRequest

from headway.web.tries import try_link

NOBODY = "0"  # asked for by whoever types a code, as somebody's number would be


class Plain:
    """Takes the placeholders away."""

    fields: dict[str, Any]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Plain, account.LoginForm):  # type: ignore[misc]
    """Address and password."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    """The present password and the new one."""


class ResetPasswordForm(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    """The address to which a code goes. What is done is the same for every address, but that mail leaves for some."""

    def save(self, request: HttpRequest, **named: Any) -> str:
        """The address; the process stands in the session."""
        email: str = super().save(request, **named)
        if not self.users:
            adapter = get_adapter(request)
            context = {"request": request, "code": adapter.generate_password_reset_code()}
            adapter.send_nobody("account/email/password_reset_code", email, context)
            request.session[PROCESS]["user_id"] = NOBODY
        return email


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password."""


class ReauthenticateForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class ConfirmPasswordResetCodeForm(Plain, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The mailed code. A wrong one counts as a wrong link does."""

    def clean_code(self) -> str:
        """TooManyLinksError where too many were wrong, whatever this one is."""
        tried = try_link(context.request, self.cleaned_data["code"])
        code: str = super().clean_code()
        tried.was_right()
        return code


class AuthenticateForm(Plain, mfa.AuthenticateForm):  # type: ignore[misc]
    """The code of an app, or a recovery code."""


class ReauthenticateByCodeForm(Plain, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code once more."""


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app. It was typed in this session: nothing asks for another one at once."""

    def clean(self) -> dict[str, Any]:
        """The session has passed its second factor."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("code"):
            record_authentication(context.request, self.user, "mfa", type="totp", activated=True)
        return given
