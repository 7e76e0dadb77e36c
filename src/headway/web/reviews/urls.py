"""Addresses of reviews: the list, an agenda and what is settled before, the meeting itself, its minutes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from headway.web.reviews import agenda, answering, before, changes, deciding, listing, minutes, printing, room

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
    path(f"{REVIEW}room/", room.room, name="review_room"),
    path(f"{REVIEW}open/", room.begin, name="review_open"),
    path(f"{REVIEW}close/", room.close, name="review_close"),
    path(f"{REVIEW}changes/", changes.changes, name="review_changes"),
    path(f"{REVIEW}here/", changes.here, name="room_here"),
    path(f"{ITEM}turn/", room.turn, name="room_turn"),
    path(f"{ITEM}say/", answering.say, name="room_answer"),
    path(f"{ITEM}call/", answering.call, name="room_call"),
    path(f"{ITEM}calls/", answering.show_calls, name="room_open_calls"),
    path(f"{ITEM}pass/", answering.skip, name="room_pass"),
    path(f"{ITEM}take-up/", answering.unskip, name="room_take_up"),
    path(f"{ITEM}decide/<str:what>/", deciding.decision, name="room_decide"),
    path(f"{ITEM}back/", deciding.take_back, name="room_take_back"),
]
