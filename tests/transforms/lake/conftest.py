"""What the lake's tests share: rows to write, a lake to write them to."""

import sys
import uuid
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for lake_rows, which child processes import, too
from s3_server import BUCKET, s3_server


@pytest.fixture
def lake(tmp_path):
    """Path of a lake that does not exist yet."""
    return str(tmp_path / "lake")


@pytest.fixture(scope="session")
def s3_environment(tmp_path_factory):
    """Environment variables of a running S3 server."""
    with s3_server(tmp_path_factory.mktemp("s3")) as environment:
        yield environment


@pytest.fixture
def s3_lake(s3_environment, monkeypatch):
    """URL of a lake in a bucket that does not exist yet; the environment says where the server is."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}/lake"


@pytest.fixture(params=["folder", "bucket"])
def any_lake(request):
    """A lake in a folder, and one in a bucket."""
    return request.getfixturevalue("lake" if request.param == "folder" else "s3_lake")
