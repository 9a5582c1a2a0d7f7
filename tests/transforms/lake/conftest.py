"""What the lake's tests share: rows to write, a lake to write them to."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for lake_rows, which child processes import, too


@pytest.fixture
def lake(tmp_path):
    """Path of a lake that does not exist yet."""
    return str(tmp_path / "lake")


@pytest.fixture(params=["folder", "bucket"])
def any_lake(request):
    """A lake in a folder, and one in a bucket."""
    return request.getfixturevalue("lake" if request.param == "folder" else "s3_lake")
