"""Many requests at once, each landed the moment it is there, handed out one by one.

An event loop in a thread of its own makes the requests, so that deadlines and sockets are served
while the rest of the pipeline computes. Little waits in memory: bodies that nobody has taken yet
stay on disk, and long ones are handed out by their place in `raw`.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as dt
import queue
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, Self

from transforms.failures import InputFault, LakeError
from transforms.records import Capture, Request
from transforms.web.client import Client, Clock, utc_now
from transforms.web.fetched import Fetched
from transforms.web.guard import Resolve, system_resolve
from transforms.web.polite import Gate, domain_of
from transforms.web.robots import MAX_BYTES, Robots
from transforms.web.schedule import asked_to_wait
from transforms.web.settings import WebSettings
from transforms.web.warc import from_warc, to_warc

THREADS = 16  # for local files and landing
READY = 32  # captures that wait in memory to be taken
# Feeds are asked each for itself. But a feed may link to hundreds of pages of a server that is down,
# and each would take its deadline; after so many in a row the rest is refused.
SILENT_PAGES = 5
SILENCE = frozenset({"dns", "connection", "tls", "reset", "timeout"})
LONG_BYTES = 1024 * 1024  # longer ones wait in `raw` only


class Raw(Protocol):
    """Where responses land, by WARC-Record-ID."""

    def get(self, record_id: str) -> bytes | None:
        """Return what landed; None: nothing."""

    def put(self, record_id: str, data: bytes) -> None:
        """Land a response."""


@dataclass(slots=True)
class _Round:
    """One round of requests: where it lands, what is done, and room for what waits to be taken."""

    raw: Raw | None
    latest: float | None = None  # the event loop's time at which the last page may have its turn
    done: queue.SimpleQueue[Capture | Request | None] = field(default_factory=queue.SimpleQueue)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READY))
    silent: Counter[str] = field(
        default_factory=Counter
    )  # pages in a row without answer, by domain
    long: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))


class Fetcher:
    """Fetches for one worker. Close it, or use it as a context manager.

    Args:
        settings: How requests are made.
        raw: Where to land, and what to replay from; None: neither.
        resolve: Names to addresses.
        clock: The time of fetching.
    """

    def __init__(
        self,
        settings: WebSettings,
        raw: Raw | None = None,
        *,
        resolve: Resolve = system_resolve,
        clock: Clock = utc_now,
    ) -> None:
        self._settings = settings
        self._raw = raw
        self._resolve = resolve
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._threads = concurrent.futures.ThreadPoolExecutor(THREADS, "wirelake-fetch")
        self._loop.set_default_executor(self._threads)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._begin = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        self._begin.result()

    async def _open(self) -> None:
        self._gate = Gate(self._settings)
        self._client = Client(self._settings, self._gate, resolve=self._resolve, clock=self._clock)
        self._robots = Robots(self._ask_robots)
        await self._client.__aenter__()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the thread and all connections."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _shut(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.__aexit__()

    def hold(self, url: str, until: dt.datetime) -> None:
        """Ask a URL's whole domain nothing before a time it named elsewhere."""
        self._loop.call_soon_threadsafe(self._gate.hold, url, until)

    def captures(self, requests: Iterable[Request], raw: Raw | None = None) -> Iterator[Capture]:
        """Yield one capture per request, in the order they come in.

        What landed before is replayed, the rest is fetched and landed. Requests for pages ask
        robots.txt first, if the settings say so. Several threads may each have a round of theirs.

        Args:
            raw: Where this round lands; None: where the fetcher does.

        Raises:
            LakeError: A response cannot be landed or read again.
        """
        raw = self._raw if raw is None else raw
        wanted: list[Request] = []
        for request in requests:
            landed = _landed(raw, request)
            if landed is None:
                wanted.append(request)
                continue
            wait = asked_to_wait(landed)
            if wait is not None and wait > self._clock():
                self.hold(landed.final_url, wait)
            yield landed
        if wanted:
            yield from self._fetched(wanted, raw)

    def _fetched(self, requests: list[Request], raw: Raw | None) -> Iterator[Capture]:
        this = _Round(raw)
        future = asyncio.run_coroutine_threadsafe(self._fetch_all(requests, this), self._loop)
        future.add_done_callback(lambda _: this.done.put(None))
        try:
            while (item := this.done.get()) is not None:
                self._loop.call_soon_threadsafe(this.room.release)
                if isinstance(item, Capture):
                    yield item
                    continue
                landed = _landed(raw, item)
                if landed is None:
                    raise LakeError(f"{item.url} was landed and cannot be found again")
                yield landed
            future.result()
        except BaseExceptionGroup as group:  # one cause, however many requests met it
            raise group.exceptions[0] from group
        finally:
            future.cancel()

    async def _fetch_all(self, requests: list[Request], this: _Round) -> None:
        """Fetch in parallel: per domain one queue, served by as many as the domain bears."""
        self._gate.release(self._clock())
        this.latest = self._loop.time() + self._settings.max_wait_s
        queues: dict[str, deque[Request]] = {}
        for request in requests:
            queues.setdefault(domain_of(request.url), deque()).append(request)
        async with asyncio.TaskGroup() as group:
            for waiting in queues.values():
                for _ in range(min(len(waiting), self._settings.connections_per_domain)):
                    group.create_task(self._serve(waiting, this))

    async def _serve(self, waiting: deque[Request], this: _Round) -> None:
        while waiting:
            request = waiting.popleft()
            if request.kind != "page":
                fetched = await self._client.fetch(request)
            elif (silent := this.silent[domain_of(request.url)]) >= SILENT_PAGES:
                why = InputFault("unreachable", f"the {silent} pages before it got no answer")
                fetched = self._client.refused(request, why)
            else:
                permit = self._permit if self._settings.respect_robots else None
                fetched = await self._client.fetch(request, permit=permit, latest=this.latest)
                if fetched.facts.status is not None:
                    this.silent[domain_of(request.url)] = 0
                elif fetched.facts.error in SILENCE:
                    this.silent[domain_of(request.url)] += 1
            await self._hand_out(request, fetched, this)

    async def _hand_out(self, request: Request, fetched: Fetched, this: _Round) -> None:
        """Land what came and put it where it is taken from, when there is room for it."""
        await this.room.acquire()
        if fetched.size <= LONG_BYTES:
            this.done.put(await _landing(this.raw, request, fetched))
            return
        async with this.long:
            capture = await _landing(this.raw, request, fetched)
            this.done.put(capture if this.raw is None else request)

    async def _permit(self, url: str, private: bool) -> None:
        rules = await self._robots.rules_for(url, private=private)
        if self._gate.held_until(url) is not None:
            return  # the turn at the gate says so, with the time
        fault = rules.fault(url)
        if fault is not None:
            raise fault
        if rules.delay_s:
            self._gate.slow_down(url, rules.delay_s)

    async def _ask_robots(self, request: Request) -> Capture:
        return (await self._client.fetch(request, cut_bytes=MAX_BYTES)).capture()


def _landed(raw: Raw | None, request: Request) -> Capture | None:
    data = raw.get(request.record_id) if raw is not None else None
    return from_warc(data) if data is not None else None


async def _landing(raw: Raw | None, request: Request, fetched: Fetched) -> Capture:
    capture = fetched.capture()
    if raw is not None:
        await asyncio.to_thread(_land, raw, request, capture)
    return capture


def _land(raw: Raw, request: Request, capture: Capture) -> None:
    raw.put(request.record_id, to_warc(request, capture))
