"""Addresses of: people, workspaces, invitations, the audit."""

from __future__ import annotations

from django.urls import path

from headway.web.people import audit, currencies, invitations, members, second_factor, workspaces

urlpatterns = [
    path("people/", members.members, name="members"),
    path("people/<str:key>/", members.member, name="member"),
    path("people/<str:key>/role/", members.member_role, name="member_role"),
    path("people/<str:key>/owner/", members.member_owner, name="member_owner"),
    path("people/<str:key>/end/", members.member_end, name="member_end"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/new/", invitations.invite, name="invite"),
    path("invitations/<str:key>/resend/", invitations.resend, name="resend_invitation"),
    path("invitations/<str:key>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("audit/", audit.audit, name="audit"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("margin/", workspaces.margin, name="margin"),
    path("currencies/", currencies.currencies, name="currencies"),
    path("currencies/withdraw/", currencies.withdraw, name="withdraw_rate"),
    path("today/", workspaces.show_today, name="show_today"),
]
