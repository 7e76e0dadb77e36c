"""Addresses of: the data of a workspace, its exports, who it is handed to, erasures, how long words are kept."""

from __future__ import annotations

from django.urls import path

from headway.web.keeping import erasing, exporting, handing, retaining, views

urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/exports/new/", exporting.export_workspace, name="export_workspace"),
    path("data/exports/<str:key>/", exporting.download, name="download_export"),
    path("data/exports/<str:key>/delete/", exporting.delete, name="delete_export"),
    path("data/hand-over/", handing.hand_over, name="hand_over"),
    path("data/offers/<str:key>/", handing.offer, name="offer"),
    path("data/offers/<str:key>/accept/", handing.accept, name="accept_offer"),
    path("data/offers/<str:key>/end/", handing.end, name="end_offer"),
    path("data/offers/<str:key>/back/", handing.give_back, name="give_back"),
    path("data/erase/", erasing.search, name="erase"),
    path("data/people/<str:key>/look/", erasing.look_for_member, name="look_for_member"),
    path("data/contacts/<str:key>/look/", erasing.look_for_contact, name="look_for_contact"),
    path("data/looks/<str:key>/", erasing.look, name="look"),
    path("data/keeping/", retaining.keeping, name="keeping"),
]
