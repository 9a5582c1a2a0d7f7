"""A configuration is read whole, or every mistake in it is named."""

import dataclasses
from pathlib import Path

import pytest

from pipeline.options import web_settings
from pipeline.settings import Settings, read_settings
from transforms.failures import ConfigError
from transforms.web.settings import WebSettings

LEAST = """
lake = "lake"
[[feeds]]
id = "one"
url = "https://one.example/feed"
"""


@pytest.fixture
def read(tmp_path):
    def _read(text: str) -> Settings:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return read_settings(path)

    return _read


def test_lake_and_one_feed_are_enough(read):
    settings = read(LEAST)
    assert settings.lake == "lake"
    assert settings.feeds[0].full_text is False
    assert settings.feeds[0].allow_private is False
    assert settings.parse.max_entries >= 10_000
    assert settings.fetch.max_mb >= 32


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[feeds]]\nid = "a"\nurl = "https://a.example"', "lake is missing"),
        ('lake = "x"', "feeds is missing"),
        ('lake = "x"\nfeeds = []', "at least one [[feeds]] table"),
        (LEAST.replace("one", "a b", 1), "feeds[0].id = 'a b'"),
        (LEAST + '\n[[feeds]]\nid = "one"\nurl = "https://b.example"', "feeds[1].id = 'one'"),
        (LEAST.replace("https://", "ftp://"), "feeds[0].url = 'ftp://one.example/feed'"),
        (LEAST.replace("https://", "https://me:pw@"), "credentials do not belong"),
        (
            LEAST + "min_interval_minutes = 9\nmax_interval_minutes = 8",
            "below min_interval_minutes",
        ),
        (LEAST + "min_interval_minutes = 2000", "max_interval_minutes = 1440.0: below"),
        (LEAST + 'headers = { "a b" = "x" }', "feeds[0].headers: 'a b' is no name of a header"),
        (LEAST + 'headers = { Host = "x" }', "'Host' is set by each request itself"),
        (LEAST + 'headers = { a = "x", A = "y" }', "'A' is there twice"),
        (LEAST + 'headers = { A = "env:a b" }', "no name of a variable"),
        (LEAST + 'headers = { A = "x\\r\\nB: y" }', "must be one line of ASCII"),
        (LEAST.replace("one.example", "one.example:99999"), "Port out of range"),
        (LEAST.replace("one.example", "one example"), "no spaces in a URL"),
        (LEAST + "[fetch]\nmax_mb = inf", "fetch.max_mb = "),
        (LEAST + "full_txt = true", "did you mean 'full_text'?"),
        (LEAST + 'full_text = "yes"', "feeds[0].full_text = 'yes'"),
        (LEAST + "[fetch]\nper_domain = 0", "fetch.per_domain = 0"),
        (LEAST + "[fetch]\ntotal_timeout_s = -1", "fetch.total_timeout_s = -1"),
        (LEAST + '[coder]\nactors = ["mine.tsv"]', "coder.actors = 'mine.tsv': there is no file"),
        (LEAST + "[coder", "not TOML"),
        ('lake = ""\n' + LEAST.split("\n", 2)[2], "lake = ''"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_value(read, text, named):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert named in str(caught.value)
    assert caught.value.exit_code == 2
    assert all(line.count("config.toml: ") == 1 for line in str(caught.value).splitlines())


def test_no_secret_is_repeated(read):
    with pytest.raises(ConfigError) as caught:
        read(LEAST.replace("https://", "https://me:s3cret@"))
    assert "s3cret" not in str(caught.value)
    assert "feeds[0].url = 'https://…@one.example/feed'" in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        read(LEAST + 'headers = { A = "s3cret\\u0000" }')
    assert "s3cret" not in str(caught.value)


def test_headers_find_their_values_in_the_environment(read, tmp_path):
    settings = read(LEAST + 'headers = { Authorization = "env:KEY", X-Kind = "feed" }')
    path = tmp_path / "config.toml"
    [source] = settings.sources(path, {"KEY": "Bearer s3cret"})
    assert source.headers == (("Authorization", "Bearer s3cret"), ("X-Kind", "feed"))
    assert "s3cret" not in repr(source)
    assert "s3cret" not in settings.model_dump_json()
    for environment in ({}, {"KEY": ""}, {"KEY": "s3\ncret"}):
        with pytest.raises(ConfigError, match="the environment variable KEY") as caught:
            settings.sources(path, environment)
        assert "cret" not in str(caught.value)


def test_intervals_travel_in_seconds(read, tmp_path):
    settings = read(LEAST + "min_interval_minutes = 2\nmax_interval_minutes = 30")
    [source] = settings.sources(tmp_path / "config.toml")
    assert (source.min_interval_s, source.max_interval_s) == (120, 1800)


def test_the_defaults_of_fetching_are_those_of_the_web(read):
    ours, theirs = web_settings(read(LEAST).fetch), WebSettings()
    for field in dataclasses.fields(WebSettings):
        if field.name not in {"max_bytes", "max_compressed_bytes"}:  # megabytes here
            assert getattr(ours, field.name) == getattr(theirs, field.name), field.name


def test_every_mistake_is_named_at_once(read):
    with pytest.raises(ConfigError) as caught:
        read(LEAST.replace("one", "a b", 1) + "[dedup]\ndays = 0\n[parse]\nmax = 1")
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        read_settings(tmp_path / "none.toml")


def test_paths_are_relative_to_the_file(read, tmp_path):
    settings = read(LEAST.replace("https://one.example/feed", "feeds/a b.xml"))
    [source] = settings.sources(tmp_path / "config.toml")
    assert source.url == (tmp_path / "feeds" / "a b.xml").as_uri()


def test_the_digest_knows_all_but_the_lake(read):
    digest = read(LEAST).digest()
    assert read(LEAST.replace('"lake"', '"elsewhere"')).digest() == digest
    assert read(LEAST + "[dedup]\ndays = 3").digest() != digest


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("configs/*.toml")))
def test_the_configurations_we_ship_are_right(path):
    assert read_settings(path).feeds


def test_a_file_of_another_system_is_read(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())
    assert read_settings(path).feeds[0].id == "one"
