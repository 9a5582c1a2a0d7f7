"""A stream on Flink: the option it needs, and the end of its job on the cluster."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.flink import FlinkJob, flink_stream


@pytest.fixture
def cluster():
    """Return what a REST interface was asked to cancel, and its origin."""
    cancelled = []
    jobs = [
        {"jid": "old", "name": "mine", "state": "CANCELED"},
        {"jid": "mine", "name": "mine", "state": "RUNNING"},
        {"jid": "other", "name": "other", "state": "RUNNING"},
    ]

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, value):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def do_GET(self):
            assert self.path == "/jobs/overview"
            self._answer({"jobs": jobs})

        def do_PATCH(self):
            cancelled.append(self.path)
            self._answer({})

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", cancelled
    server.shutdown()
    server.server_close()


def test_a_job_is_cancelled_by_its_name_and_no_other(cluster, caplog):
    origin, cancelled = cluster
    FlinkJob(origin, "mine").cancel()
    assert cancelled == ["/jobs/mine?mode=cancel"]
    assert not caplog.records


def test_where_the_cluster_is_unknown_a_warning_says_what_to_do(caplog):
    FlinkJob(None, "mine").cancel()
    assert "mine" in caplog.text
    assert "--flink_master=" in caplog.text


def test_where_the_cluster_does_not_answer_a_warning_says_so(caplog):
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        FlinkJob(f"http://127.0.0.1:{unheard.getsockname()[1]}", "mine").cancel()
    assert "could not be cancelled" in caplog.text


@pytest.mark.parametrize("runner", ["FlinkRunner", "PortableRunner"])
def test_a_stream_on_flink_ends_its_bundles_before_checkpoints(runner):
    options = PipelineOptions([f"--runner={runner}", "--flink_master=manager:8081"])
    job = flink_stream(options, "5e551071")
    assert job == FlinkJob("http://manager:8081", "wirelake-stream-5e551071")
    told = options.get_all_options()
    assert told["finish_bundle_before_checkpointing"]
    assert told["job_name"] == job.name


def test_a_job_keeps_the_name_that_it_was_given():
    options = PipelineOptions(["--runner=FlinkRunner", "--job_name=news"])
    assert flink_stream(options, "5e551071") == FlinkJob(None, "news")


def test_other_runners_are_left_alone():
    options = PipelineOptions(["--runner=PrismRunner"])
    assert flink_stream(options, "5e551071") is None
    assert options.get_all_options()["job_name"] is None
