"""NormalizeArticles: every entry becomes a copy or a failure; a bad page costs itself only."""

import datetime as dt
import importlib

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline as BeamPipeline
from apache_beam.testing.util import assert_that

from transforms import normalize
from transforms.normalize import NormalizeArticles
from transforms.records import Capture, Entry, FeedSource, Run
from transforms.runs import OneRun

NOW = dt.datetime(2024, 11, 23, 12, 0, tzinfo=dt.UTC)
RUN = Run(run_id="r1", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)
FEED = FeedSource(feed_id="f", url="https://a.example/feed", outlet="The Example Times")
SENTENCE = "The two ministers signed the treaty in Geneva on Friday after nine months of talks. "


def entry(number, **fields):
    known = {
        "title": f"Treaty number {number} signed",
        "content": f"A teaser of treaty {number}.",
        "content_source": "summary",
        "url": f"https://a.example/{number}",
    }
    return Entry(
        entry_id=f"e{number}",
        feed_id="f",
        position=number,
        guid=f"g{number}",
        fetched_at=NOW,
        raw_record="",
        **{**known, **fields},
    )


def page(number, body, **fields):
    url = f"https://a.example/{number}"
    return Capture(
        kind="page",
        feed_id="f",
        url=url,
        final_url=url,
        fetched_at=NOW,
        latency_s=0.1,
        raw_record=f"<urn:uuid:{number}>",
        status=200,
        body=body,
        **fields,
    )


def html(text):
    paragraphs = "".join(f"<p>{number}. {text}</p>" for number in range(4))
    return f"<html><body><article>{paragraphs}</article></body></html>".encode()


def normalized(pairs, check, **limits):
    with BeamPipeline(runner=FnApiRunner()) as root:
        done = (
            root
            | beam.Create(pairs, reshuffle=False)
            | NormalizeArticles([FEED], OneRun(RUN), **limits)
        )
        tagged = (
            done.copies | "Copies" >> beam.Map(lambda copy: ("copy", copy)),
            done.failures | "Failures" >> beam.Map(lambda failure: ("failure", failure)),
        ) | beam.Flatten()
        assert_that(tagged, check)


def test_pages_become_text_and_faults_keep_the_feeds_own():
    pairs = [
        (entry(1), None),
        (entry(2), page(2, html(SENTENCE))),
        (entry(3), page(3, b"%PDF-1.4", headers=(("Content-Type", "application/pdf"),))),
        (entry(4, title=None, content=None), None),
        (entry(5), page(5, b"", error="timeout")),
    ]

    def check(tagged):
        copies = {item.article.entry_id: item.article for kind, item in tagged if kind == "copy"}
        failures = [item for kind, item in tagged if kind == "failure"]
        assert sorted(copies) == ["e1", "e2", "e3", "e5"]
        assert {name: row.text_source for name, row in copies.items()} == {
            "e1": "summary",
            "e2": "page",
            "e3": "summary",
            "e5": "summary",
        }
        assert copies["e2"].text.count(SENTENCE.strip()) == 4
        assert sorted((item.unit, item.error, item.entry_id) for item in failures) == [
            ("entry", "empty-entry", "e4"),
            ("page", "not-html", "e3"),
        ]
        (bad_page,) = (item for item in failures if item.unit == "page")
        assert bad_page.stage == "normalize"
        assert bad_page.article_id == copies["e3"].article_id
        assert bad_page.raw_record == "<urn:uuid:3>"

    normalized(pairs, check)


STALLING = """
import time
from transforms.records import Page

def load():
    return extract

def extract(captures):
    if any(b"hang" in capture.body for capture in captures):
        time.sleep(60)
    return [Page(text="The treaty was signed on Friday in Geneva, late at night.") for _ in captures]
"""


def test_a_page_that_hangs_the_extractor_costs_itself_only(monkeypatch, tmp_path):
    (tmp_path / "stalling_extractor.py").write_text(STALLING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        normalize, "load_page_extractor", importlib.import_module("stalling_extractor").load
    )
    pairs = [(entry(n), page(n, b"hang" if n == 2 else b"fine")) for n in range(5)]

    def check(tagged):
        copies = {item.article.entry_id: item.article for kind, item in tagged if kind == "copy"}
        assert {name for name, row in copies.items() if row.text_source == "page"} == {
            "e0",
            "e1",
            "e3",
            "e4",
        }
        (failure,) = (item for kind, item in tagged if kind == "failure")
        assert (failure.unit, failure.error, failure.entry_id) == ("page", "timeout", "e2")

    normalized(pairs, check, deadline_s=1.5)


@pytest.mark.parametrize("limits", [{"deadline_s": 0}, {"memory_bytes": -1}])
def test_limits_must_be_positive(limits):
    with pytest.raises(ValueError, match="positive"):
        NormalizeArticles([FEED], OneRun(RUN), **limits)
