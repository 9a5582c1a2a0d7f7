"""What a run or a stream of runs needs to know, as plain values: from settings to transforms."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam

from pipeline.options import coder_options, web_settings
from pipeline.settings import Settings
from transforms.events.options import CoderOptions
from transforms.lake.history import feed_states, signatures
from transforms.poll import Due
from transforms.records import FeedSource, Run
from transforms.runs import (
    HistoryOf,
    KnownStates,
    LakeHistory,
    LakeStates,
    Landing,
    OneRun,
    RawOf,
    Runs,
    States,
    WindowRuns,
)
from transforms.schema import Feed
from transforms.ticks import Ticks
from transforms.web.intervals import due_polls
from transforms.web.schedule import all_polls, polls
from transforms.web.settings import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The inputs of a run, or of a stream of runs: values that travel to the workers.

    Attributes:
        sources: The feeds to poll.
        ticks: root → PCollection[Run]: the runs to make.
        runs: Which run an element belongs to.
        states: What the lake remembers of each feed, as it was before a run.
        history: The signatures that a run knows.
        raw: Where the responses of a run land.
        due: Which feeds a run polls.
        ask: Whether it asks them; False: it only replays what has landed.
        paced: Whether feeds are polled at intervals of their own.
        session: Of the stream; None: there is none.
        progress: Path of the socket that listens to progress; None: nobody does.
        several_workers: Whether more than one worker shares the records.
    """

    lake: str
    sources: tuple[FeedSource, ...]
    ticks: beam.PTransform[Any, Any]
    runs: Runs
    states: States
    history: HistoryOf
    raw: RawOf
    web: WebSettings
    coder: CoderOptions
    settings: Settings
    due: Due = polls
    ask: bool = True
    paced: bool = False
    session: str | None = None
    progress: str | None = None
    several_workers: bool = True


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
    lake = _from_anywhere(lake)
    feed_ids = tuple(source.feed_id for source in sources)
    return Plan(
        lake=lake,
        sources=sources,
        ticks=beam.Create([run], reshuffle=False),
        runs=OneRun(run),
        states=KnownStates(feed_states(lake, run, feed_ids, settings.dedup.days)),
        history=functools.partial(signatures, lake, days=settings.dedup.days),
        raw=Landing(lake),
        web=web_settings(settings.fetch),
        coder=coder_options(settings.coder, path.parent),
        settings=settings,
        progress=progress,
        several_workers=several_workers,
    )


def _from_anywhere(lake: str) -> str:
    """Return a lake by a name that workers understand who stand in another folder."""
    return lake if "://" in lake else str(Path(lake).absolute())


def plan_recovery(
    settings: Settings,
    path: Path,
    *,
    lake: str,
    run: Run,
    sources: tuple[FeedSource, ...],
    session: str,
) -> Plan:
    """Return the plan that finishes a run of a stream that was killed: what landed, and no new poll."""
    plan = plan_run(settings, path, lake=lake, run=run, sources=sources, several_workers=False)
    return dataclasses.replace(
        plan,
        states=_lake_states(settings, lake, sources, session),
        due=all_polls,
        ask=False,
        paced=True,
        session=session,
    )


def plan_stream(
    settings: Settings,
    path: Path,
    *,
    lake: str,
    sources: tuple[FeedSource, ...],
    session: str,
    last: int | None = None,
) -> Plan:
    """Return the plan of a stream.

    Args:
        session: The stream's.
        last: Number of the run after which it ends; None: it goes on.
    """
    lake = _from_anywhere(lake)
    stream, web = settings.stream, web_settings(settings.fetch)
    states = _lake_states(settings, lake, sources, session)
    most = max(1, int(stream.poll_budget_s / web.delay_s)) if web.delay_s else None
    return Plan(
        lake=lake,
        sources=sources,
        ticks=Ticks(
            lake,
            session,
            sources,
            states,
            settings.digest(),
            window_s=stream.window_s,
            late_s=stream.max_lag_s,
            last=last,
        ),
        runs=WindowRuns(lake),
        states=states,
        history=LakeHistory(lake, session, settings.dedup.days),
        raw=Landing(lake),
        web=web,
        coder=coder_options(settings.coder, path.parent),
        settings=settings,
        due=functools.partial(due_polls, most_per_domain=most),
        paced=True,
        session=session,
    )


def _lake_states(
    settings: Settings, lake: str, sources: tuple[FeedSource, ...], session: str
) -> LakeStates:
    feed_ids = tuple(source.feed_id for source in sources)
    return LakeStates(lake, session, feed_ids, settings.dedup.days)


def feed_rows(run: Run, sources: Iterable[FeedSource]) -> Iterator[Feed]:
    """Yield the feeds as configured for a run, as rows of `feeds`."""
    for source in sources:
        yield Feed(
            feed_id=source.feed_id,
            url=source.url,
            title=source.title,
            outlet=source.outlet,
            country=source.country,
            kind=source.kind,
            ownership=source.ownership,
            group=source.group,
            run_id=run.run_id,
        )
