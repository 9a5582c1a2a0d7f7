"""The pipeline, on one page: feeds → entries → articles → events → the lake.

It knows no runner, path or flag: a `Plan` holds what one run needs, and every stage is a transform
that reads captured input, gives its records, and hands on what it could not use as `Failure`s.
"""

from __future__ import annotations

import functools
from typing import Any

import apache_beam as beam

from pipeline.plan import Plan
from pipeline.settings import MB
from transforms.commit import CommitRun
from transforms.deduplicate import DeduplicateArticles
from transforms.extract import ExtractEvents
from transforms.fetch import FetchPages
from transforms.lake.history import signatures
from transforms.normalize import NormalizeArticles
from transforms.parse import ParseFeeds
from transforms.poll import PollFeeds
from transforms.progress import Count
from transforms.write import WriteLake


def build(root: Any, plan: Plan) -> Any:
    """Lay the whole data flow under `root`.

    Returns:
        PCollection[dict]: the manifest of the committed run.
    """
    parse = plan.settings.parse
    coder = plan.settings.coder
    history = functools.partial(signatures, plan.lake, plan.run, plan.settings.dedup.days)

    captures = root | "PollFeeds" >> PollFeeds(
        plan.sources, plan.states, plan.run, plan.raw, plan.web
    )
    feeds = captures | "ParseFeeds" >> ParseFeeds(
        plan.sources,
        plan.states,
        plan.run,
        max_entries=parse.max_entries,
        deadline_s=parse.deadline_s,
        memory_bytes=parse.memory_mb * MB,
    )
    polls = feeds.polls | "Polled" >> Count("feeds", plan.progress)
    entries = feeds.entries | "Parsed" >> Count("entries", plan.progress)

    fetched = (entries, polls) | "FetchPages" >> FetchPages(
        plan.sources, plan.run, plan.raw, plan.web, plan.states
    )
    normalized = fetched.pages | "NormalizeArticles" >> NormalizeArticles(
        plan.sources,
        plan.run,
        deadline_s=parse.deadline_s,
        memory_bytes=parse.memory_mb * MB,
        several_workers=plan.several_workers,
    )
    unique = normalized.copies | "DeduplicateArticles" >> DeduplicateArticles(history)
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
    configured = root | "ConfiguredFeeds" >> beam.Create(plan.feed_rows)

    staged = (
        articles,
        events,
        unique.duplicates,
        unique.signatures,
        configured,
        polls,
        failures,
    ) | "WriteLake" >> WriteLake(plan.lake, plan.run, shards=plan.settings.write.shards)
    return staged | "CommitRun" >> CommitRun(plan.lake, plan.run)
