"""A real S3 server on loopback: versitygw where it was built (`make versitygw`), else moto's."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

BUCKET = "bucket"
VERSITYGW = Path(__file__).parents[2] / "build" / "bin" / "versitygw"
MOTO = (
    "import sys; from moto.server import main; import moto.s3.models; "
    "main(['-H', '127.0.0.1', '-p', sys.argv[1]])"
)


@contextlib.contextmanager
def s3_server(folder):
    """Run a server whose bucket is there; yields the environment its clients need."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    root = folder / "buckets"
    (root / BUCKET).mkdir(parents=True)
    environment = {
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests-only",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }
    if VERSITYGW.exists():
        command = [VERSITYGW, "--port", f"127.0.0.1:{port}", "--quiet", "posix", root]
        keys = {"ROOT_ACCESS_KEY": "tests", "ROOT_SECRET_KEY": "tests-only"}
    else:
        command = [sys.executable, "-c", MOTO, str(port)]
        keys = {}
    with (folder / "log").open("wb") as log, subprocess.Popen(
        command, env={**os.environ, **keys}, stdout=log, stderr=log
    ) as process:  # fmt: skip
        try:
            _wait_for(port, process)
            if not VERSITYGW.exists():
                _make_bucket(environment)
            yield environment
        finally:
            process.kill()


def _wait_for(port, process):
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("the S3 server did not start")


def _make_bucket(environment):
    import boto3  # noqa: PLC0415 - comes with moto, which a machine with Go need not have

    client = boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=BUCKET)
