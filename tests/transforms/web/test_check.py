"""What `wirelake check` asks."""

from transforms.records import FeedSource
from transforms.web.check import checks


def test_each_feed_is_asked_once_and_gets_its_row(feed_server, fetch):
    feed_server.routes["/moved"] = (301, {"Location": "/feed"}, b"")
    feeds = [
        FeedSource(feed_id="good", url=feed_server.add("/feed", "<rss/>"), allow_private=True),
        FeedSource(feed_id="gone", url=feed_server.url("/gone"), allow_private=True),
        FeedSource(feed_id="moved", url=feed_server.url("/moved"), allow_private=True),
        FeedSource(feed_id="file", url="file:///no/such/file"),
    ]
    rows = {row.feed.feed_id: row for row in checks(feeds, fetch.settings())}
    assert (rows["good"].status, rows["good"].bytes, rows["good"].error) == (200, 6, None)
    assert rows["good"].latency_s > 0
    assert (rows["gone"].status, rows["gone"].error) == (404, "http-404")
    assert rows["moved"].moved_to == feed_server.url("/feed")
    assert rows["file"].error == "no-such-file"
