"""Which runner a command line means, and what is said where it cannot be had."""

import pytest
from apache_beam.options.pipeline_options import (
    PortableOptions,
    PrismRunnerOptions,
    StandardOptions,
)

from pipeline import prism
from pipeline.runners import FOR_EVER_S, beam_options, runner_of, stream_runner_of
from transforms.failures import UsageError


@pytest.fixture
def binary(tmp_path, monkeypatch):
    path = tmp_path / "prism"
    path.write_text("")
    monkeypatch.setattr(prism, "BUILT", path)
    return path


def test_a_stream_runs_on_our_prism_and_lasts_longer_than_five_minutes(binary):
    options = beam_options([])
    runner = stream_runner_of(options)
    assert type(runner).__name__ == "LeashedPrismRunner"
    assert options.view_as(StandardOptions).streaming
    assert options.view_as(PrismRunnerOptions).prism_location == str(binary)
    assert options.view_as(PortableOptions).job_server_timeout == FOR_EVER_S


def test_a_named_prism_comes_first(binary):
    options = beam_options(["--prism_location=/opt/prism", "--runner=PrismRunner"])
    runner_of(options)
    assert options.view_as(PrismRunnerOptions).prism_location == "/opt/prism"


def test_no_prism_anywhere_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(prism, "BUILT", tmp_path / "none")
    monkeypatch.setattr(prism.PrismJobServer, "BIN_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="`make prism` builds it"):
        stream_runner_of(beam_options([]))


@pytest.mark.parametrize("name", ["DirectRunner", "FnApiRunner"])
def test_a_runner_that_does_not_stream(name):
    with pytest.raises(UsageError, match=f"--runner={name} does not stream"):
        stream_runner_of(beam_options([f"--runner={name}"]))


def test_a_job_server_that_does_not_answer():
    flags = ["--runner=PortableRunner", "--job_endpoint=localhost:1", "--job_server_timeout=1"]
    with pytest.raises(UsageError, match="no job server answers there within 1 s"):
        runner_of(beam_options(flags))
