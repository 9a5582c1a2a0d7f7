"""The textfile: what Prometheus reads of a run, or of a stream so far."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.prometheus import Textfile
from transforms.failures import UsageError
from transforms.lake.manifests import Manifest

STAGES = {"ParseFeeds": {"in": 2, "out": 30, "dropped": {"truncated": 1}, "seconds": 0.5}}


def run(run_id="a", minute=0):
    return Manifest(
        run_id=run_id,
        sequence=1,
        interval_start="2024-11-22T12:00:00+00:00",
        interval_end="2024-11-22T12:00:00+00:00",
        started_at=f"2024-11-22T12:{minute:02}:00+00:00",
        committed_at=f"2024-11-22T12:{minute:02}:07+00:00",
        counts={"articles": 28, "rejects": 1},
        stages=STAGES,
    )


def samples(path):
    families = text_string_to_metric_families(path.read_text())
    return {
        (sample.name.removeprefix("wirelake_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_run_s_figures(tmp_path):
    path = tmp_path / "wirelake.prom"
    Textfile(path).add(run())
    found = samples(path)
    assert found["stage_elements", "in", "ParseFeeds"] == 2
    assert found["stage_elements", "out", "ParseFeeds"] == 30
    assert found["stage_dropped", "truncated", "ParseFeeds"] == 1
    assert found["stage_seconds", "ParseFeeds"] == 0.5
    assert found["rows", "articles"] == 28
    assert (found["runs",], found["last_run_seconds",]) == (1, 7)
    assert found["last_commit_timestamp_seconds",] == 1732276807


def test_a_stream_s_windows_add_up(tmp_path):
    path = tmp_path / "wirelake.prom"
    textfile = Textfile(path)
    textfile.add(run())
    textfile.add(run("b", minute=1))
    found = samples(path)
    assert (found["runs",], found["rows", "articles"]) == (2, 56)
    assert found["stage_dropped", "truncated", "ParseFeeds"] == 2
    assert found["last_commit_timestamp_seconds",] == 1732276867


def test_a_name_that_the_collector_would_not_read_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"must end in \.prom"):
        Textfile(tmp_path / "wirelake.txt")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        Textfile(tmp_path / "nowhere" / "wirelake.prom").add(run())
