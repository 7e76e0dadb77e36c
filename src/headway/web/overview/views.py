"""The workspace's first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.web.requests import Inside, inside


@inside()
def home(request: Inside) -> HttpResponse:
    """The workspace's first page."""
    return render(request, "overview/home.html")
