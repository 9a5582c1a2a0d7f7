"""DeduplicateArticles: the same rows whatever the order, the bundles and the workers."""

import datetime as dt
import functools
import random
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline as BeamPipeline

from transforms.deduplicate import DeduplicateArticles
from transforms.records import Copy, Run
from transforms.runs import OneRun
from transforms.schema import TABLES, Article, hash_id

NOW = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
RUN = Run(run_id="r1", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)


def make_copy(number: int, text: str, url: str) -> Copy:
    return Copy(
        article=Article(
            article_id=hash_id(url, text),
            entry_id=hash_id(str(number)),
            feed_id="f",
            guid=None,
            url=url,
            canonical_url=url,
            publisher=None,
            title="A title of five words",
            authors=(),
            byline=None,
            dateline=None,
            published_at=None,
            published_source="missing",
            fetched_at=beam.utils.timestamp.Timestamp(0).to_utc_datetime(has_tz=True),
            language="en",
            language_score=None,
            text=text,
            text_source="feed",
            word_count=len(text.split()),
            categories=(),
            revision_of=None,
            run_id="r",
        )
    )


@pytest.fixture(scope="module")
def copies():
    rng = random.Random(1)
    found = []
    for number in range(60):
        words = [f"w{rng.randint(0, 500)}" for _ in range(120)]
        for part in range(rng.choice([1, 1, 2, 3])):
            text = " ".join(words[: len(words) - 20 * part])
            found.append(make_copy(len(found), text, f"https://a.example/{number}/{part % 2}"))
    return found


def collected(copies, history=None, options=None):
    """Return the rows, by kind, sorted."""
    rows = {"articles": [], "duplicates": [], "signatures": []}
    with BeamPipeline(runner=FnApiRunner(), options=options) as root:
        done = (
            root | beam.Create(copies, reshuffle=True) | DeduplicateArticles(OneRun(RUN), history)
        )
        for kind in rows:
            _ = getattr(done, kind) | f"Collect{kind}" >> beam.ParDo(_CollectFn(kind))
    for kind in rows:
        rows[kind] = sorted(_COLLECTED.pop(kind, []), key=repr)
    return rows


_COLLECTED: dict = {}


class _CollectFn(beam.DoFn):
    def __init__(self, kind):
        self.kind = kind

    def process(self, row):
        _COLLECTED.setdefault(self.kind, []).append(row)


def read(path, _run):
    yield pq.read_table(path)


def test_every_copy_is_an_article_or_a_duplicate_and_has_a_signature(copies):
    rows = collected(copies)
    assert len(rows["articles"]) + len(rows["duplicates"]) == len(rows["signatures"]) == len(copies)
    kept = {row.article_id for row in rows["articles"]}
    assert {row.article_id for row in rows["duplicates"]} <= kept
    assert 0 < len(rows["duplicates"]) < len(copies)


def test_order_makes_no_difference(copies):
    expected = collected(copies)
    for seed in range(2):
        shuffled = random.Random(seed).sample(copies, len(copies))
        assert collected(shuffled) == expected


def test_the_second_of_two_identical_runs_adds_nothing(copies, tmp_path):
    first = collected(copies)
    rows = [{name: getattr(row, name) for name in row.__slots__} for row in first["signatures"]]
    path = tmp_path / "signatures.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES["signatures"].schema), path)
    second = collected(copies, functools.partial(read, str(path)))
    assert second["articles"] == []
    assert {row.article_id for row in second["duplicates"]} <= {
        row.article_id for row in first["articles"]
    }


def test_no_copies_give_no_rows():
    assert collected([]) == {"articles": [], "duplicates": [], "signatures": []}


class _Report(beam.DoFn):
    def __init__(self, folder):
        self.folder = folder

    def process(self, row):
        (Path(self.folder) / hash_id(repr(row))).write_text(repr(row))


@pytest.mark.slow
def test_two_worker_processes_give_the_same(copies, tmp_path):
    options = PipelineOptions(["--direct_num_workers=2", "--direct_running_mode=multi_processing"])
    with BeamPipeline(runner=FnApiRunner(), options=options) as root:
        done = root | beam.Create(copies, reshuffle=True) | DeduplicateArticles(OneRun(RUN))
        _ = done.articles | beam.ParDo(_Report(str(tmp_path)))
    found = sorted(path.read_text() for path in tmp_path.iterdir())
    assert found == sorted(map(repr, collected(copies)["articles"]))
