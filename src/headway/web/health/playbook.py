"""The playbook on a page, and as a file to hand over."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from headway.basics.language.markup import told_markup, told_page
from headway.reviews.playbook import body_html, playbook_html
from headway.store.queries.playbook import playbook_of
from headway.web.requests import Inside, inside


@inside()
def playbook(request: Inside) -> HttpResponse:
    """How this company sells, as everybody may read it."""
    found = playbook_of(request.access, request.now)
    may = request.access.may("rhythm")
    body = mark_safe(told_markup(body_html(found, "h2")))  # noqa: S308 (a template escaped every value)
    return render(request, "health/playbook.html", {"here": "playbook", "may": may, "body": body})


@inside()
def playbook_file(request: Inside) -> HttpResponse:
    """The same as one HTML file that holds all it needs."""
    found = playbook_of(request.access, request.now)
    response = HttpResponse(told_page(playbook_html(found)), content_type="text/html; charset=utf-8")
    name = slugify(found.company) or "playbook"
    response["Content-Disposition"] = f'attachment; filename="playbook-{name}-{found.on:%Y-%m-%d}.html"'
    return response
