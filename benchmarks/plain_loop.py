"""The pipeline's pure functions in a plain loop: what a run costs without Beam."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.options import coder_options, web_settings
from pipeline.settings import read_settings
from transforms.articles.assemble import article
from transforms.duplicates.decide import decide
from transforms.duplicates.fingerprint import copy_id, fingerprints
from transforms.events.options import load_coder
from transforms.feeds import parse_feed
from transforms.feeds.novelty import new_entries
from transforms.feeds.polls import poll_row
from transforms.lake.commit import commit
from transforms.lake.raw import RawStore
from transforms.lake.runs import begin
from transforms.lake.staging import row_of, stage
from transforms.records import FeedState, Request
from transforms.schema import TABLE_OF, Signature
from transforms.web.fetcher import Fetcher


def run(config: Path) -> None:
    """Do what `wirelake run` does to one feed, without Beam, child processes or batching by it."""
    settings = read_settings(config)
    now = dt.datetime.now(dt.UTC)
    this = begin("lake", None, (None, None), now, settings.digest())
    code = load_coder(coder_options(settings.coder, config.parent))
    [source] = settings.sources(config)
    raw = RawStore("lake", this)
    request = Request(kind="feed", feed_id=source.feed_id, url=source.url)
    with Fetcher(web_settings(settings.fetch), raw=raw) as fetcher:
        [capture] = fetcher.captures([request])
    parsed = parse_feed(capture, max_entries=settings.parse.max_entries, language=None)
    entries, _ = new_entries(parsed, frozenset())
    copies = {copy_id(copy): copy for copy in (article(e, None, source, this) for e in entries)}
    prints = fingerprints(list(copies.values()))
    decisions = decide(prints)
    kept = [copies[item.copy_id].article for item in decisions if item.reason is None]
    events = [event for coded in code(kept) for event in coded]
    marks = [
        Signature(
            article_id=item.article_id,
            kept=True,
            guid_key=mark.guid_key,
            url_key=mark.url_key,
            content_key=mark.content_key,
            minhash=mark.minhash,
            bands=mark.bands,
            shingles=mark.shingle_count,
            numbers=mark.numbers,
            run_id=this.run_id,
        )
        for item, mark in zip(decisions, prints, strict=True)
    ]
    polls = [poll_row(capture, parsed, FeedState(), this, new=len(entries))]
    rows = [row_of(item, this.run_id) for item in (*kept, *events, *marks, *polls)]
    tables = {TABLE_OF[type(row)].name for row in rows}
    staged = [
        stage("lake", this, name, 0, [row for row in rows if TABLE_OF[type(row)].name == name])
        for name in sorted(tables)
    ]
    commit("lake", this, staged, now)
