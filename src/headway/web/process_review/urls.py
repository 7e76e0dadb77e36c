"""Addresses of the family: the room of process reviews, and one's own calls on deals scored."""

from __future__ import annotations

from django.urls import path

from headway.web.process_review import calls, deciding, room

urlpatterns = [
    path("process-reviews/<str:key>/", room.process_review, name="process_review"),
    path("process-reviews/<str:key>/open/", room.open_room, name="process_review_open"),
    path("process-reviews/<str:key>/close/", room.close_room, name="process_review_close"),
    path("process-reviews/<str:key>/changes/", room.changes, name="process_review_changes"),
    path("process-reviews/<str:key>/topics/<str:item>/turn/", room.turn, name="topic_turn"),
    path("process-reviews/<str:key>/topics/<str:item>/pass/", room.pass_topic, name="topic_pass"),
    path("process-reviews/<str:key>/topics/<str:item>/decide/", deciding.decide, name="topic_decide"),
    path("process-reviews/<str:key>/topics/<str:item>/take-back/", deciding.take_back, name="topic_take_back"),
    path("my-deal-calls/", calls.my_deal_calls, name="my_deal_calls"),
]
