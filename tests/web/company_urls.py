"""The addresses of an installation with a company's login: `account_urls` has them where the settings name one."""

from __future__ import annotations

from django.urls import path

from headway.web.people import company
from headway.web.urls import urlpatterns as without

urlpatterns = [
    path("account/company/", company.company_login, name="company_login"),
    path("account/company/back/", company.company_login_back, name="company_login_back"),
    *without,
]
