"""Watches a browser's context: nothing may be complained about, refused, broken or asked of a foreign host."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (e) =>
  window.headwayViolation(`${e.violatedDirective} refused ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`));
"""
STATUS = "Failed to load resource: the server responded with a status of"  # judged by `_response`, which knows of what
EXPECTED = {401, 403, 404, 405, 409, 422}  # answers that pages and forms may give
PAGES = {"document", "fetch", "xhr"}


class Watch:
    """`complaints`: everything seen so far that no page of Headway may do."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.complaints: list[str] = []
        self.host = urlsplit(home).netloc
        context.expose_binding("headwayViolation", lambda _, text: self.complaints.append(f"CSP: {text}"))
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob", "about") and place.netloc != self.host:
            self.complaints.append(f"foreign request: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left on the way, by going to another page
            self.complaints.append(f"failed request: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        fine = response.status < 400 or (response.status in EXPECTED and response.request.resource_type in PAGES)
        if not fine:
            self.complaints.append(f"{response.status} for {response.request.method} {response.url}")
