"""Hold a review right now, without a rhythm."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.jobs.rhythm import prepare
from headway.reviews.kinds import KIND_NAMES, ReviewKind
from headway.store.actions.rhythms import begin_review_now
from headway.web.requests import Inside, inside
from headway.web.rhythm.forms import HoldNow
from headway.web.rhythm.shown import review_url


@inside("review")
def now(request: Inside) -> HttpResponse:
    """POST kind, minutes, team: it is due now, with its agenda; its own page opens it."""
    access = request.access
    form = HoldNow(access, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            review = begin_review_now(
                workspace=access.workspace, kind=given["kind"], name=KIND_NAMES[ReviewKind(given["kind"])],
                team=given["team"], leader=access.person, minutes=given["minutes"], by=access.person, at=request.now,
            )  # fmt: skip
        except UserError as problem:
            form.add_error(None, str(problem))
        else:
            if review.prepared_at is None:
                prepare(review, request.now)
            return redirect(review_url(access.workspace.key, review))
    return render(request, "rhythm/now.html", {"form": form}, status=422 if form.errors else 200)
