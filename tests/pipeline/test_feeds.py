"""The feeds commands: lists in, lists out, what a site offers, how feeds do."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.feed_list import list_feeds
from pipeline.import_feeds import with_ids
from pipeline.settings import read_settings
from transforms.failures import ConfigError, UsageError
from transforms.feeds.opml import Subscription, read_opml
from transforms.lake.health import Health
from transforms.records import FeedState

RSS = """<rss version="2.0"><channel><title>Paper</title><item><title>A</title>
<link>https://p.example/1</link><pubDate>Fri, 22 Nov 2024 09:30:00 GMT</pubDate></item></channel></rss>"""
NOON = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)
OPML = """<opml version="2.0"><body><outline text="World">
<outline text="Paper &amp; Post" xmlUrl="https://a.example/feed" language="en-GB"/></outline>
<outline text="Paper: Post" xmlUrl="https://b.example/feed"/>
<outline text="&#26032;&#32862; &#128240;" xmlUrl="https://c.example/feed"/></body></opml>"""


@pytest.fixture
def wirelake():
    """Return a function that calls the command line in this process; exceptions come out."""

    def _call(*args, code=0):
        done = CliRunner().invoke(app, ["feeds", *map(str, args)], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done

    return _call


@pytest.fixture
def opml(tmp_path):
    path = tmp_path / "list.opml"
    path.write_text(OPML, encoding="utf-8")
    return path


def test_an_import_is_a_configuration(wirelake, opml, tmp_path):
    config = tmp_path / "new.toml"
    config.write_text(wirelake("import", opml).stdout, encoding="utf-8")
    feeds = read_settings(config).feeds
    assert [feed.id for feed in feeds][0::2] == ["paper-post", "c-example"]
    assert feeds[1].id.startswith("paper-post-")
    assert (feeds[0].title, feeds[0].group, feeds[0].language) == ("Paper & Post", "World", "en")
    assert feeds[2].title == "新聞 📰"


def test_importing_twice_changes_nothing(wirelake, opml, tmp_path):
    config = tmp_path / "new.toml"
    wirelake("import", opml, "--into", config)
    before = config.read_bytes()
    assert (
        "0 feeds; 0 named twice, 3 there already"
        in wirelake("import", opml, "--into", config).stderr
    )
    assert config.read_bytes() == before


def test_an_import_keeps_every_byte_that_is_there(wirelake, opml, tmp_path):
    config = tmp_path / "mine.toml"
    mine = '# mine\nlake = "l"\n[fetch]\ntries = 2\n[[feeds]]\nid = "paper-post"\nurl = "http://a.example/feed"'
    config.write_text(mine, encoding="utf-8")
    wirelake("import", opml, "--into", config)
    assert config.read_text(encoding="utf-8").startswith(mine)
    settings = read_settings(config)
    assert settings.fetch.tries == 2
    assert [feed.url for feed in settings.feeds] == [
        "http://a.example/feed",
        "https://b.example/feed",
        "https://c.example/feed",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('lake = "l"\nfeeds = [{ id = "x", url = "https://x.example" }]', UsageError),
        ('lake = "l"', ConfigError),
    ],
)
def test_a_configuration_that_cannot_take_them_stays_as_it_is(
    wirelake, opml, tmp_path, text, error
):
    config = tmp_path / "mine.toml"
    config.write_text(text, encoding="utf-8")
    with pytest.raises(error):
        wirelake("import", opml, "--into", config)
    assert config.read_text(encoding="utf-8") == text


def test_what_cannot_be_imported_is_named(wirelake, tmp_path):
    path = tmp_path / "list.opml"
    path.write_text(OPML.replace("https://b.example", "file:///etc"), encoding="utf-8")
    done = wirelake("import", path, code=3)
    assert "Paper: Post: file:///etc/feed cannot be polled" in done.stderr
    with pytest.raises(UsageError, match="No such file"):
        wirelake("import", tmp_path / "none.opml")
    path.write_text("<rss/>", encoding="utf-8")
    with pytest.raises(UsageError, match="not with <opml>"):
        wirelake("import", path)


def test_ids_are_unique_and_do_not_depend_on_how_many_there_are():
    feeds = [Subscription(url=f"https://{n}.example/", title="World News!") for n in range(3)]
    names = [name for name, _ in with_ids(feeds, ())]
    assert len(set(names)) == 3
    assert names[0] == "world-news"
    assert [name for name, _ in with_ids([feeds[2]], {"world-news"})] == [names[2]]


def test_an_export_is_imported_again(wirelake, opml, tmp_path):
    config, out = tmp_path / "new.toml", tmp_path / "out.opml"
    wirelake("import", opml, "--into", config)
    wirelake("export", config, "--opml", out)
    assert set(read_opml(out.read_bytes()).feeds) == set(read_opml(OPML.encode()).feeds)
    assert wirelake("export", config).stdout == out.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="exists"):
        wirelake("export", config, "--opml", out)


def test_discover_finds_what_a_page_announces(wirelake, feed_server):
    feed = feed_server.add("/news.xml", RSS)
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    page = feed_server.add(
        "/", f"<html><head>{link.format('news.xml')}{link.format('/no.xml')}", "text/html"
    )
    found = json.loads(wirelake("discover", page, "--allow-private", "--json").stdout)
    row = {"url": feed, "title": "Paper", "entries": 1, "newest": "2024-11-22T09:30:00+00:00"}
    assert found["feeds"] == [row]
    assert json.loads(wirelake("discover", feed, "--allow-private", "--json").stdout)["feeds"] == [
        row
    ]


def test_discover_looks_at_the_usual_places(wirelake, feed_server):
    page = feed_server.add("/about", "<html><body>About</body></html>", "text/html")
    done = wirelake("discover", page, "--allow-private", code=3)
    assert "announces no feed" in done.stderr
    feed = feed_server.add("/rss.xml", RSS)
    assert feed in wirelake("discover", page, "--allow-private").stdout.replace("\n", "")


def test_discover_refuses_private_addresses_unless_told(wirelake, feed_server):
    feed_server.add("/", RSS)
    assert "port" in wirelake("discover", feed_server.url("/"), code=3).stderr
    assert not feed_server.requests


def health(name, **changes):
    state = FeedState(url=f"https://{name}.example/feed", **changes.pop("state", {}))
    return Health(feed_id=name, state=state, polls=4, last_poll=NOON, last_success=NOON, **changes)


def test_the_list_says_what_to_know(wirelake, tmp_path, monkeypatch):
    config = tmp_path / "c.toml"
    config.write_text(
        f'lake = "{tmp_path / "lake"}"\n'
        + "".join(
            f'[[feeds]]\nid = "{name}"\nurl = "https://{name}.example/feed"\n'
            for name in ("well", "fails", "gone", "moves", "new")
        ),
        encoding="utf-8",
    )
    assert wirelake("list", config).stdout.count("not polled yet") <= 5
    states = {
        "well": health("well", entries=10, new_per_day=4.04, entries_per_day=1.239),
        "fails": health(
            "fails",
            error="http-404",
            state={"consecutive_failures": 10, "next_poll_at": NOON + dt.timedelta(days=1)},
        ),
        "gone": health("gone", error="http-410", state={"retired": True}),
        "moves": health("moves", state={"moved_to": "https://x.example/", "moved_polls": 5}),
    }
    monkeypatch.setattr("pipeline.feed_list._exists", lambda lake: True)
    monkeypatch.setattr("pipeline.feed_list.feed_health", lambda lake, ids, now: states)
    rows = {row["feed_id"]: row for row in json.loads(wirelake("list", config, "--json").stdout)}
    assert list(rows) == ["well", "fails", "gone", "moves", "new"]
    assert (rows["well"]["aside"], rows["well"]["new_per_day"]) == (None, 4.04)
    assert rows["fails"]["aside"].startswith(
        "failed 10 times in a row; next try at 2024-11-23T12:00"
    )
    assert rows["gone"]["aside"] == "retired: its publisher answered 410 Gone"
    assert rows["moves"]["moved_to"] == "https://x.example/"
    assert (rows["new"]["polls"], rows["new"]["last_success"]) == (0, None)
    table = " ".join(wirelake("list", config).stdout.split())
    assert "2 of 5 feeds went well" in table


def test_a_state_of_another_url_does_not_set_a_feed_aside(tmp_path, monkeypatch):
    config = tmp_path / "c.toml"
    config.write_text(
        'lake = "l"\n[[feeds]]\nid = "a"\nurl = "https://new.example/"', encoding="utf-8"
    )
    states = {"a": health("a", error="http-410", state={"retired": True})}
    monkeypatch.setattr("pipeline.feed_list._exists", lambda lake: True)
    monkeypatch.setattr("pipeline.feed_list.feed_health", lambda lake, ids, now: states)
    [row] = list_feeds(read_settings(config), config, "l", now=NOON)
    assert (row["aside"], row["retired"]) == (None, False)
