"""One request on its way over several hops: where it is, what it says there, where it may go next."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from multidict import CIMultiDict
from yarl import URL

from transforms.failures import InputFault
from transforms.records import Request
from transforms.web.body import Answer
from transforms.web.decode import ACCEPTED
from transforms.web.faults import status_text
from transforms.web.guard import same_host

REDIRECTS = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
NO_BODY = (204, 205, 206)  # good answers that carry no document, or only a part of one
ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1",
    "page": "text/html, application/xhtml+xml, */*;q=0.1",
    "robots": "text/plain, */*;q=0.1",
}


@dataclass(slots=True)
class Budget:
    """The seconds a request has left."""

    left_s: float


@dataclass(slots=True)
class Journey:
    """One request under way.

    Attributes:
        url: Where it is; at first where it was sent.
        budget: What it has left for exchanges and pauses.
        latest: The event loop's time after which a turn at the gate is refused; None: never.
        cut_bytes: Where to stop reading a body, None: at the caps.
        redirects: (status, target) of each hop so far.
        started_s: The event loop's time of the first exchange; None: there was none.
    """

    request: Request
    url: str
    budget: Budget
    latest: float | None = None
    cut_bytes: int | None = None
    redirects: list[tuple[int, str]] = dataclasses.field(default_factory=list)
    started_s: float | None = None

    @property
    def private(self) -> bool:
        """Whether the rules for addresses and ports are lifted here.

        What is lifted for a configured host is not lifted for wherever that host points: a redirect
        to another host must stand on its own.
        """
        return self.request.allow_private and same_host(self.url, self.request.url)


def step(journey: Journey, url: URL, answer: Answer, max_redirects: int) -> None:
    """Go where a redirect points.

    Args:
        journey: Is moved, and remembers the hop.
        url: Where it was, parsed.
        answer: The redirect.
        max_redirects: How many may be followed.

    Raises:
        InputFault: "bad-redirect", "redirects", "downgrade" or "redirect-loop".
    """
    location = answer.header("location")
    if not location:
        raise InputFault("bad-redirect", f"{answer.status} without a Location")
    try:
        target = url.join(URL(location)).with_fragment(None)
    except ValueError as error:
        raise InputFault("bad-redirect", f"{location[:200]!r} is no URL: {error}") from error
    been = {journey.request.url, *(visited for _, visited in journey.redirects)}
    journey.url = str(target)
    journey.redirects.append((answer.status, journey.url))
    if len(journey.redirects) > max_redirects:
        raise InputFault("redirects", f"more than {max_redirects} redirects")
    if url.scheme == "https" and target.scheme == "http":
        raise InputFault("downgrade", f"a redirect from https to http: {target}")
    if journey.url in been:
        raise InputFault("redirect-loop", f"the redirects lead back to {target}")


def good(status: int) -> bool:
    """Whether a status comes with a whole document."""
    return 200 <= status < 300 and status not in NO_BODY  # noqa: PLR2004 - RFC 9110: successful


def judged(request: Request, answer: Answer) -> Answer:
    """Return a final answer with what is wrong with it, if anything."""
    if answer.status == NOT_MODIFIED:
        if not (request.etag or request.last_modified):
            answer.fault = InputFault("bad-response", "304 to an unconditional request")
    elif not good(answer.status):
        word = f"http-{answer.status}"
        answer.fault = InputFault(word, f"the server answered {status_text(answer.status)}")
    return answer


def hop_headers(journey: Journey, user_agent: str) -> CIMultiDict[str]:
    """Return the headers of one hop: no cookie, no referrer, and secrets only where they belong.

    Raises:
        InputFault: "bad-header", a configured one that would break the request.
    """
    request = journey.request
    headers = CIMultiDict(
        {
            "User-Agent": user_agent,
            "Accept": ACCEPT.get(request.kind, "*/*"),
            "Accept-Encoding": ACCEPTED,
        }
    )
    if sendable(request.etag):
        headers["If-None-Match"] = request.etag or ""
    if sendable(request.last_modified):
        headers["If-Modified-Since"] = request.last_modified or ""
    if URL(journey.url).origin() == URL(request.url).origin():
        for name, value in request.headers:
            if not sendable(name) or not sendable(value):
                raise InputFault("bad-header", f"the configured header {name!r} cannot be sent")
            headers[name] = value
    return headers


def sendable(value: str | None) -> bool:
    """Whether a value can stand in a header as it is: a validator changed is no validator."""
    return bool(value) and str(value).isascii() and str(value).isprintable()
