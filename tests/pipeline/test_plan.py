"""What travels to the workers."""

import datetime as dt

import pytest

from pipeline.plan import plan_run, plan_stream
from pipeline.settings import read_settings
from transforms.records import Run

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
RUN = Run(run_id="r", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)


@pytest.fixture
def config(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    path.write_text('lake = "lake"\n[[feeds]]\nid = "a"\nurl = "a.xml"\n')
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.parametrize("lake", ["lake", "./lake", "s3://news/lake"])
def test_workers_know_the_lake_wherever_they_stand(config, tmp_path, lake):
    settings = read_settings(config)
    sources = settings.sources(config)
    whole = lake if "://" in lake else str(tmp_path / "lake")
    if "://" not in lake:  # a run's plan reads the lake
        run = plan_run(settings, config, lake=lake, run=RUN, sources=sources)
        assert run.lake == run.raw.lake == whole
    stream = plan_stream(settings, config, lake=lake, sources=sources, session="s")
    assert stream.lake == stream.raw.lake == stream.ticks.lake == whole
