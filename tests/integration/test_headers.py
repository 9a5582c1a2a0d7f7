"""A feed's secret header reaches the feed and nothing else: no page, no other host, no file."""

import gzip

FEED = """<rss version="2.0"><channel><title>T</title><item><title>Troops leave the city</title>
<link>{}</link><guid>1</guid><pubDate>Fri, 22 Nov 2024 09:30:00 GMT</pubDate>
<description>Troops left the city on Friday, officials said.</description></item></channel></rss>"""
SECRET = "Bearer s3cret-4711"


def test_a_secret_reaches_its_feed_only(tmp_path, feed_server, wirelake, write_config, rows):
    page = feed_server.add("/page", "<html><body><p>Troops left.</p></body></html>", "text/html")
    feed = {
        "id": "paid",
        "url": feed_server.add("/feed", FEED.format(page)),
        "allow_private": True,
        "full_text": True,
    }
    config = write_config([feed], 'headers = { Authorization = "env:PAID_KEY" }')
    missing = wirelake("run", config, check=2)
    assert "feeds[0].headers.Authorization" in missing.stderr
    assert "PAID_KEY is not set" in missing.stderr
    assert not feed_server.requests
    done = wirelake("run", config, env={"PAID_KEY": SECRET}, check=None)
    sent = {path: asked.get("authorization") for path, asked in feed_server.requests}
    assert sent == {"/feed": SECRET, "/robots.txt": None, "/page": None}
    assert rows("select feed_id from articles") == [{"feed_id": "paid"}]
    files = [path for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    warcs = [gzip.decompress(path.read_bytes()) for path in files if path.suffix == ".gz"]
    assert any(b"Authorization: (configured; not recorded)" in warc for warc in warcs)
    everything = [*warcs, *(path.read_bytes() for path in files)]
    assert not any(b"s3cret" in data for data in everything)
    assert "s3cret" not in done.stdout + done.stderr
