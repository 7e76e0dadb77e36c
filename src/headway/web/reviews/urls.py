"""Addresses of reviews: the list, an agenda and what is settled before, the meeting itself, its minutes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from headway.web.reviews import agenda, before, listing, minutes, printing

REVIEW = "reviews/<str:key>/"
ITEM = f"{REVIEW}items/<str:item>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reviews/", listing.reviews, name="reviews"),
    path(REVIEW, agenda.agenda, name="review_agenda"),
    path(f"{REVIEW}print/", printing.printed, name="review_print"),
    path(f"{REVIEW}minutes/", minutes.minutes, name="review_minutes"),
    path(f"{REVIEW}prepare/", before.prepare, name="agenda_prepare"),
    path(f"{ITEM}before/answer/", before.answer, name="agenda_answer"),
    path(f"{ITEM}before/dispute/", before.dispute, name="agenda_dispute"),
    path(f"{ITEM}before/settle/", before.settle, name="agenda_settle"),
    path(f"{ITEM}before/talk/", before.talk, name="agenda_talk"),
    path(f"{ITEM}before/call/", before.call, name="agenda_call"),
]
