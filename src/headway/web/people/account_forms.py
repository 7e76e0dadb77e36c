"""django-allauth's forms without placeholders: they repeat the label, and vanish when one begins to type."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp


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
    """The address to which a code goes."""


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password."""


class ReauthenticateForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class ConfirmPasswordResetCodeForm(Plain, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The mailed code."""


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
