"""Feeds that real publishers wrote, served over HTTP on loopback, in one run."""

import json


def test_every_feed_of_feedjira_in_one_run(shared, feed_server, wirelake, write_config, rows):
    feeds = []
    files = [*(shared / "data" / "feeds" / "feedjira").glob("*.[xj]*")]
    for path in sorted(files):
        kind = "application/feed+json" if path.suffix == ".json" else "application/xml"
        feed_server.routes[f"/{path.name}"] = (200, {"Content-Type": kind}, path.read_bytes())
        feeds.append(
            {
                "id": path.name.replace(".", "-"),
                "url": feed_server.url(f"/{path.name}"),
                "allow_private": True,
            }
        )
    config = write_config(feeds, "[fetch]\ndelay_s = 0\nper_domain = 8")
    done = wirelake("run", config, "--json", check=None)
    assert done.returncode in (0, 3), done.stderr
    figures = json.loads(done.stdout)
    assert figures["counting_law"]["holds"]
    assert figures["feeds"]["polled"] == len(feeds)
    assert figures["articles"] > 150
    broken = rows(
        "select feed_id from polls where new <> "
        "(select count(*) from articles a where a.feed_id = polls.feed_id) + "
        "(select count(*) from duplicates d where d.feed_id = polls.feed_id) + "
        "(select count(*) from rejects r where r.feed_id = polls.feed_id and unit = 'entry')"
    )
    assert not broken
    json.loads(wirelake("query", "select * from events", "--format", "json").stdout)
