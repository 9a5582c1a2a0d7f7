"""robots.txt: whether a page may be fetched, and how slowly (RFC 9309).

Feeds are not asked about: they are offered for polling. 4xx means that there are no rules; what
cannot be reached, and 5xx, that everything is forbidden for now.
"""

from __future__ import annotations

import asyncio
import codecs
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from protego import Protego
from yarl import URL

from transforms.failures import InputFault
from transforms.records import Capture, Request
from transforms.web.settings import PRODUCT

TOKEN = PRODUCT.partition("/")[0]  # RFC 9309, 2.2.1: the product token, without version
MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least that much must be read
MAX_ORIGINS = 1000  # remembered per worker
MAX_AGE_S = 86400.0  # RFC 9309, 2.4: not longer than a day
REFUSAL_AGE_S = 600.0  # a server in trouble is asked again, soon enough for a stream
Ask = Callable[[Request], Awaitable[Capture]]


class Rules:
    """What one robots.txt says to us."""

    def __init__(self, parsed: Protego | None, refusal: str | None = None) -> None:
        self._parsed = parsed
        self._refusal = refusal

    @property
    def age_s(self) -> float:
        """How long the rules hold, in seconds."""
        return MAX_AGE_S if self._refusal is None else REFUSAL_AGE_S

    @property
    def delay_s(self) -> float:
        """The Crawl-delay in seconds; 0: none."""
        return float(self._parsed.crawl_delay(TOKEN) or 0.0) if self._parsed else 0.0

    def fault(self, url: str) -> InputFault | None:
        """Return why a URL may not be fetched; None: it may."""
        if self._refusal is not None:
            return InputFault("robots", self._refusal)
        if self._parsed is not None and not self._parsed.can_fetch(url, TOKEN):
            return InputFault("robots", f"robots.txt forbids {url}")
        return None


def rules(capture: Capture) -> Rules:
    """Return the rules that an attempt to read a robots.txt leaves us with."""
    if capture.error in (None, "truncated"):
        return Rules(Protego.parse(_text(capture.body)))
    if capture.status is not None and 400 <= capture.status < 500:  # noqa: PLR2004 - unavailable
        return Rules(None)
    if capture.error in ("redirects", "redirect-loop"):  # RFC 9309, 2.3.1.2: unavailable
        return Rules(None)
    return Rules(
        None,
        f"{capture.url} cannot be read ({capture.error}: {capture.detail}), so nothing may be "
        "fetched for now",
    )


def _text(body: bytes) -> str:
    return body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore").replace("\x00", "")


def _age_s(task: asyncio.Task[Rules]) -> float:
    return task.result().age_s if task.done() and not task.cancelled() else MAX_AGE_S


class Robots:
    """The robots.txt files of many hosts, each read once. Belongs to one event loop."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: OrderedDict[tuple[str, bool], tuple[float, asyncio.Task[Rules]]] = (
            OrderedDict()
        )

    async def rules_for(self, url: str, *, private: bool) -> Rules:
        """Return the rules of a URL's host, port and scheme (RFC 9309, 2.3).

        Args:
            url: One that passed the guard.
            private: The rules for addresses are lifted for it.
        """
        origin = str(URL(url).origin())
        key = (origin, private)
        now = asyncio.get_running_loop().time()
        read_at, task = self._known.get(key, (0.0, None))
        if task is None or now - read_at > _age_s(task):
            task = asyncio.create_task(self._read(origin, private=private))
            self._known[key] = (now, task)
            while len(self._known) > MAX_ORIGINS:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return await asyncio.shield(task)  # one waiter's end is not the others'

    async def _read(self, origin: str, *, private: bool) -> Rules:
        request = Request(
            kind="robots", feed_id="", url=f"{origin}/robots.txt", allow_private=private
        )
        return rules(await self._ask(request))
