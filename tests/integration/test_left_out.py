"""A feed that a run leaves out is named, with the reason."""

import json


def test_a_retired_feed_and_one_told_to_wait_are_named(feed_server, wirelake, write_config):
    feed_server.routes["/gone"] = (410, {}, b"")
    feed_server.routes["/busy"] = (429, {"Retry-After": "3600"}, b"")
    feeds = [
        {"id": name, "url": feed_server.url(f"/{name}"), "allow_private": True}
        for name in ("gone", "busy")
    ]
    config = write_config(feeds)
    wirelake("run", config, "--only", "gone", check=3)  # before "busy" holds the whole domain
    wirelake("run", config, check=3)
    asked = dict(feed_server.counts)
    told = json.loads(wirelake("run", config, "--json").stdout)["feeds"]
    assert told["polled"] == 0
    assert [feed["feed_id"] for feed in told["left_out"]] == ["busy", "gone"]
    assert told["left_out"][0]["why"].startswith("not to be polled before ")
    assert "410 Gone" in told["left_out"][1]["why"]
    assert dict(feed_server.counts) == asked
    assert "Feed gone was left out: retired" in wirelake("run", config).stdout
