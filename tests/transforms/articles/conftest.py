"""Makers of entries and captures."""

import datetime as dt

import pytest

from transforms.records import Capture, Entry, FeedSource, Run

NOW = dt.datetime(2024, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def run():
    return Run(run_id="r1", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)


@pytest.fixture(scope="session")
def source():
    return FeedSource(
        feed_id="f", url="https://a.example/feed", outlet="The Example Times", language="en"
    )


@pytest.fixture(scope="session")
def entry():
    def make(**fields):
        known = {
            "entry_id": "e",
            "feed_id": "f",
            "position": 0,
            "guid": "g",
            "url": "https://a.example/x?utm_source=rss",
            "title": "Treaty signed in the capital",
            "fetched_at": NOW,
            "raw_record": "<urn:uuid:1>",
        }
        return Entry(**{**known, **fields})

    return make


@pytest.fixture(scope="session")
def capture():
    def make(body, url="https://a.example/x", content_type="text/html; charset=utf-8", **fields):
        return Capture(
            kind="page",
            feed_id="f",
            url=url,
            fetched_at=fields.pop("fetched_at", NOW),
            latency_s=0.1,
            raw_record="<urn:uuid:2>",
            status=200,
            final_url=url,
            headers=(("Content-Type", content_type),) if content_type else (),
            body=body if isinstance(body, bytes) else body.encode(),
            **fields,
        )

    return make
