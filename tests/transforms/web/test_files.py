"""Feeds on the local disk."""

import os

import pytest


def test_a_file_is_read_as_if_a_server_had_answered(fetch, tmp_path):
    path = tmp_path / "my feed ü.xml"
    path.write_bytes(b"<rss/>")
    capture = fetch(path.as_uri())
    assert (capture.status, capture.body, capture.error) == (200, b"<rss/>", None)
    assert capture.final_url == path.as_uri()
    assert capture.headers == ()  # and so no validator


def test_files_that_cannot_be_read(fetch, tmp_path):
    assert fetch((tmp_path / "none.xml").as_uri()).error == "no-such-file"
    assert fetch(tmp_path.as_uri()).error == "unreadable-file"
    assert fetch("file://elsewhere.example/feed.xml").error == "bad-url"
    os.mkfifo(tmp_path / "pipe")
    assert fetch((tmp_path / "pipe").as_uri()).error == "unreadable-file"
    big = tmp_path / "big.xml"
    big.write_bytes(b"x" * 2000)
    assert fetch(big.as_uri(), settings=fetch.settings(max_bytes=1000)).error == "too-large"


@pytest.mark.parametrize("kind", ["page", "robots"])
def test_only_feeds_may_be_files(fetch, tmp_path, kind):
    path = tmp_path / "secret"
    path.write_text("secret")
    capture = fetch(path.as_uri(), kind=kind)
    assert (capture.error, capture.body) == ("scheme", b"")
