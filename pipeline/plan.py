"""What one run needs to know, as plain values: the bridge from settings to transforms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import MB, CoderSettings, FetchSettings, Settings
from transforms.events.options import CoderOptions, is_model, require_model
from transforms.lake.history import feed_states
from transforms.lake.raw import RawStore
from transforms.records import FeedSource, FeedState, Run
from transforms.schema import Feed
from transforms.web.settings import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run's inputs: values that travel to the workers inside the transforms.

    Attributes:
        sources: The feeds to poll.
        states: What the lake remembers of each feed, as it was before this run.
        progress: Path of the socket that listens to progress; None: nobody does.
        several_workers: Whether more than one worker shares the records.
    """

    run: Run
    lake: str
    sources: tuple[FeedSource, ...]
    states: dict[str, FeedState]
    raw: RawStore
    web: WebSettings
    coder: CoderOptions
    settings: Settings
    progress: str | None = None
    several_workers: bool = True

    @property
    def feed_rows(self) -> tuple[Feed, ...]:
        """The feeds as configured, as rows of `feeds`."""
        return tuple(
            Feed(
                feed_id=source.feed_id,
                url=source.url,
                title=source.title,
                outlet=source.outlet,
                country=source.country,
                kind=source.kind,
                ownership=source.ownership,
                group=source.group,
                run_id=self.run.run_id,
            )
            for source in self.sources
        )


def plan_run(
    settings: Settings,
    path: Path,
    *,
    lake: str,
    run: Run,
    sources: tuple[FeedSource, ...],
    progress: str | None = None,
    several_workers: bool = True,
) -> Plan:
    """Return the plan of one run; reads the feeds' states from the lake."""
    feed_ids = tuple(source.feed_id for source in sources)
    return Plan(
        run=run,
        lake=lake,
        sources=sources,
        states=feed_states(lake, run, feed_ids, settings.dedup.days),
        raw=RawStore(lake, run),
        web=web_settings(settings.fetch),
        coder=coder_options(settings.coder, path.parent),
        settings=settings,
        progress=progress,
        several_workers=several_workers,
    )


def coder_options(settings: CoderSettings, folder: Path) -> CoderOptions:
    """Return the coder's options; file names are relative to `folder`.

    Raises:
        ConfigError: There is no such model, or it lacks a component.
    """
    beside = (folder / settings.model).resolve()
    model = str(beside) if is_model(beside) else settings.model
    require_model(model)
    return CoderOptions(
        model=model,
        actors=tuple(str((folder / name).resolve()) for name in settings.actors),
        lexicon=tuple(str((folder / name).resolve()) for name in settings.lexicon),
    )


def web_settings(settings: FetchSettings) -> WebSettings:
    """Return how servers are asked."""
    return WebSettings(
        contact=settings.contact,
        connect_timeout_s=settings.connect_timeout_s,
        read_timeout_s=settings.read_timeout_s,
        slow_bytes=settings.slow_bytes,
        slow_after_s=settings.slow_after_s,
        total_timeout_s=settings.total_timeout_s,
        max_compressed_bytes=int(settings.max_mb * MB),
        max_bytes=int(settings.max_mb * MB),
        max_redirects=settings.max_redirects,
        tries=settings.tries,
        retry_wait_s=settings.retry_wait_s,
        connections_per_domain=settings.per_domain,
        delay_s=settings.delay_s,
        page_delay_s=settings.page_delay_s,
        max_wait_s=settings.max_wait_s,
        parallel_requests=settings.parallel,
        ports=settings.ports,
        respect_robots=settings.respect_robots,
    )
