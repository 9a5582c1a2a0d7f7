"""One request, from URL to `Fetched`: redirects, validators, deadlines, caps. No landing, no Beam.

Trouble with a server is never an exception here: every outcome is a capture, with one word in
`error` and a sentence in `detail`. The words:

- the request itself: bad-url, scheme, credentials, port, private-address, bad-header
- manners: robots, queue, held, unreachable
- the way: dns, connection, tls, reset, timeout
- redirects: redirect-loop, redirects, downgrade, bad-redirect
- the answer: bad-response, headers-too-large, truncated, bad-encoding, too-large, http-404 and such
- file: URLs: no-such-file, unreadable-file

The deadline counts the time of exchanges and pauses between tries, not the time a request waits for
its turn at the gate.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import functools
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import aiohttp
import tenacity
import tenacity.stop
from multidict import CIMultiDict
from yarl import URL

from transforms.failures import InputFault
from transforms.records import Capture, Headers, Request
from transforms.web import faults
from transforms.web.body import Answer, read_body
from transforms.web.fetched import Fetched, refusal
from transforms.web.files import read_file
from transforms.web.guard import (
    GuardedResolver,
    Resolve,
    checked_url,
    guarded_socket,
    system_resolve,
)
from transforms.web.journey import REDIRECTS, Budget, Journey, good, hop_headers, judged, step
from transforms.web.polite import Gate
from transforms.web.schedule import asked_to_wait
from transforms.web.settings import WebSettings

PASSING = (500, 502, 503, 504)  # may be over at the next try, unless the server names a time
MAX_HEADERS = 128  # aiohttp's own default; pages of large sites send 30 to 60
MAX_HEADER_BYTES = 16 * 1024  # content security policies reach 10 KB
DNS_CACHE_S = 60
LOOKUPS = 64  # names looked up at once; the system's resolver blocks a thread for each
Permit = Callable[[str, bool], Awaitable[None]]
Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the time, aware and in UTC."""
    return dt.datetime.now(dt.UTC)


class _TryAgainError(Exception):
    """What may be over at the next try: a fault, or an answer that stands if it is the last."""

    def __init__(self, outcome: InputFault | Answer) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class Client:
    """Makes requests for one event loop. Use as an async context manager."""

    def __init__(
        self,
        settings: WebSettings,
        gate: Gate,
        *,
        resolve: Resolve = system_resolve,
        clock: Clock = utc_now,
    ) -> None:
        self._settings = settings
        self._gate = gate
        self._resolve = resolve
        self._clock = clock
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        # Names that nobody answers for hold a thread for many seconds; landing must not wait.
        self._lookups = ThreadPoolExecutor(LOOKUPS, "wirelake-names")

    async def __aenter__(self) -> Self:
        # Connections to private addresses have a pool of their own, which no other request uses.
        self._sessions = {private: self._session(private=private) for private in (False, True)}
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in self._sessions.values():
            await session.close()
        self._lookups.shutdown(wait=False, cancel_futures=True)

    def _session(self, *, private: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._lookups, private=private, resolve=self._resolve),
            socket_factory=functools.partial(guarded_socket, private=private),
            limit=0,  # the gate limits
            ttl_dns_cache=DNS_CACHE_S,
        )
        return aiohttp.ClientSession(
            connector=connector,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=None,  # the budget ends it
                connect=self._settings.connect_timeout_s,  # the name's lookup included
                sock_connect=self._settings.connect_timeout_s,
                sock_read=self._settings.read_timeout_s,
            ),
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
            max_headers=MAX_HEADERS,
        )

    async def fetch(
        self,
        request: Request,
        *,
        permit: Permit | None = None,
        latest: float | None = None,
        cut_bytes: int | None = None,
    ) -> Fetched:
        """Return what a request brings.

        Args:
            request: What to ask. A file: URL is read where kind is "feed": only a configuration
                can hold one.
            permit: Asked before each hop with the URL and whether private addresses are lifted;
                raises InputFault to refuse it (robots.txt).
            latest: The event loop's time after which a turn at the gate is refused.
            cut_bytes: Keep this much of a longer body and stop there, which is no fault then.
        """
        if request.kind == "feed" and request.url.startswith("file:"):
            return Fetched(await asyncio.to_thread(self._read_file, request))
        loop = asyncio.get_running_loop()
        budget = Budget(self._settings.total_timeout_s)
        journey = Journey(request, request.url, budget, latest, cut_bytes)
        answer: Answer | None = None
        fault: InputFault | None = None
        fetched_at = self._clock()
        try:
            answer = await self._follow(journey, permit)
            fault = answer.fault
        except InputFault as raised:
            fault = raised
        latency_s = 0.0
        if journey.started_s is not None:
            latency_s = loop.time() - journey.started_s
            fetched_at = self._clock() - dt.timedelta(seconds=latency_s)
        facts = dataclasses.replace(
            refusal(request, fault, fetched_at),
            latency_s=round(latency_s, 6),
            status=answer.status if answer else None,
            final_url=journey.url,
            redirects=tuple(journey.redirects),
            headers=answer.headers if answer else self._wish(journey.url, fault),
        )
        wait = asked_to_wait(facts)
        if wait is not None:
            self._gate.hold(journey.url, wait)
        if answer is None or answer.body is None:
            return Fetched(facts)
        return Fetched(facts, answer.body, answer.size)

    def refused(self, request: Request, fault: InputFault) -> Fetched:
        """Return what a request brings that is not made at all."""
        return Fetched(refusal(request, fault, self._clock()))

    def _read_file(self, request: Request) -> Capture:
        return read_file(request, max_bytes=self._settings.max_bytes, at=self._clock())

    def _wish(self, url: str, fault: InputFault | None) -> Headers:
        """Return the wish the domain made at another URL, on a capture held because of it."""
        until = self._gate.held_until(url)
        if fault is None or fault.error != "held" or until is None:
            return ()
        return (("retry-after", faults.http_date(until)),)

    async def _follow(self, journey: Journey, permit: Permit | None) -> Answer:
        while True:
            url = checked_url(journey.url, ports=self._settings.ports, private=journey.private)
            if permit is not None:
                await permit(journey.url, journey.private)
            answer = await self._try(journey, url)
            if answer.status not in REDIRECTS:
                return judged(journey.request, answer)
            step(journey, url, answer, self._settings.max_redirects)

    async def _try(self, journey: Journey, url: URL) -> Answer:
        """Make one hop, again after faults that may pass, as long as tries and time are left."""
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(_TryAgainError),
            wait=tenacity.wait_random_exponential(multiplier=self._settings.retry_wait_s, max=10),
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self._settings.tries),
                _StopBefore(journey.budget),
            ),
            before_sleep=functools.partial(_spend_sleep, journey.budget),
            reraise=True,
        )
        try:
            return await retrying(self._take_turn, journey, url)
        except _TryAgainError as last:
            if isinstance(last.outcome, Answer):
                return last.outcome
            raise last.outcome from last

    async def _take_turn(self, journey: Journey, url: URL) -> Answer:
        loop = asyncio.get_running_loop()
        page = journey.request.kind == "page"
        turn = self._gate.turn(
            journey.url,
            delay_s=self._settings.page_delay_s if page else self._settings.delay_s,
            latest=journey.latest,
            hop=bool(journey.redirects),
        )
        async with turn:
            begun = loop.time()
            if journey.started_s is None:
                journey.started_s = begun
            try:
                async with asyncio.timeout(max(journey.budget.left_s, 0.001)):
                    return await self._exchange(journey, url)
            except InputFault:
                raise
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                fault, passing = faults.fault_of(error, self._settings)
                if passing:
                    raise _TryAgainError(fault) from error
                raise fault from error
            finally:
                journey.budget.left_s -= loop.time() - begun

    async def _answer(
        self, session: aiohttp.ClientSession, url: URL, headers: CIMultiDict[str]
    ) -> aiohttp.ClientResponse:
        """Return an answer whose headers are there; interim ones (1xx) may go on forever."""
        limit_s = self._settings.connect_timeout_s + self._settings.read_timeout_s
        try:
            async with asyncio.timeout(limit_s):
                return await session.get(url, headers=headers, allow_redirects=False)
        except aiohttp.ClientError:
            raise
        except TimeoutError as error:
            raise InputFault("timeout", f"no answer began within {limit_s:g} s") from error

    async def _exchange(self, journey: Journey, url: URL) -> Answer:
        session = self._sessions[journey.private]
        headers = hop_headers(journey, self._settings.user_agent)
        async with await self._answer(session, url, headers) as response:
            received = tuple((_text(key), _text(value)) for key, value in response.raw_headers)
            answer = Answer(response.status, received)
            if response.status in PASSING and not answer.header("retry-after"):
                raise _TryAgainError(answer)
            if good(response.status):
                await read_body(response, answer, self._settings, journey.cut_bytes)
            return answer


class _StopBefore(tenacity.stop.stop_base):
    """Stop trying when the next pause would take all the time that is left."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return retry_state.upcoming_sleep >= self._budget.left_s


def _spend_sleep(budget: Budget, state: tenacity.RetryCallState) -> None:
    budget.left_s -= state.upcoming_sleep


def _text(data: bytes) -> str:
    """Decode a header: UTF-8 where it is, else Latin-1, which always works (RFC 9110, 5.5)."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
