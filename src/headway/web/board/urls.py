"""Addresses of the board: the whole of it, more cards of one column, one card with its claim and missing proof."""

from __future__ import annotations

from django.urls import path

from headway.web.board import claiming, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/cards/", views.more_cards, name="board_cards"),
    path("board/deals/<str:key>/", claiming.claim, name="claim_on_board"),
]
