"""Addresses of an account: logging in and out, passwords, second factor.

A chosen part of django-allauth's: what it offers beyond (sign-up, changing the address by a link with a secret in it)
is not served at all.
"""

from __future__ import annotations

from allauth.account import views
from django.conf import settings
from django.urls import include, path

from headway.web.people import company

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/none/", company.no_password, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/confirm/", views.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("password/reset/complete/", views.complete_password_reset, name="account_complete_password_reset"),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_password_reset_completed"),
    path("2fa/", include("allauth.mfa.urls")),
]

if settings.COMPANY_LOGIN:
    urlpatterns += [
        path("company/", company.company_login, name="company_login"),
        path("company/back/", company.company_login_back, name="company_login_back"),
    ]
