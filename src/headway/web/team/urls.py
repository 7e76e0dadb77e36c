"""Addresses of: the team's pipeline and practice, the deals behind a figure, and the people."""

from __future__ import annotations

from django.urls import path

from headway.web.team import people, views

urlpatterns = [
    path("team/", views.pipeline, name="team"),
    path("team/practice/", views.practice, name="team_practice"),
    path("team/figures/<str:figure>/", views.behind, name="team_figure"),
    path("team/people/", people.people, name="team_people"),
    path("team/people/<str:key>/", people.of_person, name="team_person"),
    path("team/owners/<int:key>/", people.of_owner, name="team_owner"),
]
