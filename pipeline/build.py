"""The pipeline, on one page: feeds → entries → articles → events → the lake.

It knows no runner, path or flag: a `Plan` holds what its runs need, and every stage is a transform that
reads captured input, gives its records, and hands on what it could not use as `Failure`s. A batch is
one run, a stream one run after the other, each in a window of its own; the stages know no difference.
"""

from __future__ import annotations

from typing import Any

import apache_beam as beam

from pipeline.plan import Plan, feed_rows
from pipeline.settings import MB
from transforms.commit import CommitRun
from transforms.deduplicate import DeduplicateArticles
from transforms.extract import ExtractEvents
from transforms.fetch import FetchPages
from transforms.normalize import NormalizeArticles
from transforms.parse import ParseFeeds
from transforms.poll import PollFeeds
from transforms.progress import Count
from transforms.write import WriteLake


def build(root: Any, plan: Plan) -> Any:
    """Lay the whole data flow under `root`.

    Returns:
        PCollection[dict]: the manifests of the committed runs.
    """
    parse = plan.settings.parse
    coder = plan.settings.coder

    ticks = root | "Runs" >> plan.ticks
    polled = ticks | "PollFeeds" >> PollFeeds(
        plan.sources, plan.runs, plan.states, plan.raw, plan.web, plan.due, ask=plan.ask
    )
    feeds = polled.captures | "ParseFeeds" >> ParseFeeds(
        plan.sources,
        plan.runs,
        plan.states,
        paced=plan.paced,
        max_entries=parse.max_entries,
        deadline_s=parse.deadline_s,
        memory_bytes=parse.memory_mb * MB,
    )
    polls = feeds.polls | "Polled" >> Count("feeds", plan.progress)
    entries = feeds.entries | "Parsed" >> Count("entries", plan.progress)

    fetched = (entries, polls, ticks) | "FetchPages" >> FetchPages(
        plan.sources, plan.runs, plan.states, plan.raw, plan.web
    )
    normalized = fetched.pages | "NormalizeArticles" >> NormalizeArticles(
        plan.sources,
        plan.runs,
        deadline_s=parse.deadline_s,
        memory_bytes=parse.memory_mb * MB,
        several_workers=plan.several_workers,
    )
    unique = normalized.copies | "DeduplicateArticles" >> DeduplicateArticles(
        plan.runs, plan.history
    )
    articles = unique.articles | "Kept" >> Count("articles", plan.progress)

    coded = articles | "ExtractEvents" >> ExtractEvents(
        plan.coder,
        deadline_s=coder.deadline_s,
        memory_bytes=coder.memory_mb * MB,
        several_workers=plan.several_workers,
    )
    events = coded.events | "Coded" >> Count("events", plan.progress)

    failures = (
        feeds.failures,
        fetched.failures,
        normalized.failures,
        coded.failures,
    ) | "Failures" >> beam.Flatten()
    configured = ticks | "ConfiguredFeeds" >> beam.FlatMap(feed_rows, plan.sources)

    staged = (
        articles,
        events,
        unique.duplicates,
        unique.signatures,
        configured,
        polls,
        failures,
    ) | "WriteLake" >> WriteLake(plan.lake, plan.runs, shards=plan.settings.write.shards)
    tallies = (
        *(polled.tallies, feeds.tallies, fetched.tallies, normalized.tallies),
        *(unique.tallies, coded.tallies, staged.tallies),
    ) | "Tallies" >> beam.Flatten()
    return (staged.files, ticks, tallies) | "CommitRun" >> CommitRun(
        plan.lake, plan.runs, plan.session
    )
