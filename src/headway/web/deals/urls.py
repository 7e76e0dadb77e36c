"""Addresses of: the deals: list, one deal, evidence, claims."""

from __future__ import annotations

from django.urls import path

from headway.web.deals import allowing, bulk, buyer_side, editing, listing, page, recording

DEAL = "deals/<str:key>/"
urlpatterns = [
    path("deals/", listing.deals, name="deals"),
    path("deals/add/", editing.add, name="add_deal"),
    path("deals/claim/", bulk.claim_many, name="claim_many"),
    path(DEAL, page.deal, name="deal"),
    path(f"{DEAL}record/<str:milestone>/", recording.record_evidence, name="record_evidence"),
    path(f"{DEAL}evidence/<int:event>/<str:how>/", recording.withdraw, name="withdraw_evidence"),
    path(f"{DEAL}files/<str:file>/", recording.attachment, name="attachment"),
    path(f"{DEAL}edit/<str:field>/", editing.edit_deal, name="edit_deal"),
    path(f"{DEAL}decide/", editing.decide, name="decide_deal"),
    path(f"{DEAL}reopen/", editing.reopen, name="reopen_deal"),
    path(f"{DEAL}agree/", buyer_side.agree, name="agree_act"),
    path(f"{DEAL}happened/", buyer_side.happening, name="record_happening"),
    path(f"{DEAL}contacts/", buyer_side.contact, name="add_contact"),
    path(f"{DEAL}contacts/<str:contact>/", buyer_side.contact, name="contact"),
    path(f"{DEAL}contacts/<str:contact>/remove/", buyer_side.contact_gone, name="remove_contact"),
    path(f"{DEAL}findings/<int:finding>/allow/", allowing.allow, name="allow_exception"),
    path(f"{DEAL}my-way/", allowing.my_way, name="my_way"),
]
