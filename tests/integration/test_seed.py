"""The article the project was created from, by path and over HTTP."""

import json
import re

import pytest

from transforms.lake.query import query

AT_LEAST_EVENTS = 14
AT_LEAST_SPEAKERS = 5


@pytest.fixture(scope="module", params=["path", "http"])
def seeded(request, shared, run_in, tmp_path_factory):
    """Return a function that asks the lake of one run over the seed."""
    feed = shared / "data" / "seed" / "feed.xml"
    more = ""
    url = str(feed)
    if request.param == "http":
        server = request.getfixturevalue("module_feed_server")
        url = server.add("/feed.xml", feed.read_bytes())
        more = "allow_private = true"
    folder = tmp_path_factory.mktemp(request.param)
    config = f'lake = "lake"\n[[feeds]]\nid = "seed"\nurl = "{url}"\n{more}\n'
    (folder / "config.toml").write_text(config, encoding="utf-8")
    run_in(folder, "run", "config.toml")
    return lambda sql: query(str(folder / "lake"), sql).to_pylist()


def test_the_seed_is_one_article_with_all_its_paragraphs(seeded, shared):
    [article] = seeded("select * from articles")
    told = (shared / "data" / "seed" / "000_19d57023d6cec4aa.txt").read_text(encoding="utf-8")
    title, *paragraphs = [part for part in told.split("\n") if part.strip()]
    assert article["title"] == title
    assert article["text"].split("\n\n") == paragraphs
    assert article["published_at"].date().isoformat() == "2024-11-22"
    assert article["text_source"] == "feed"


def test_the_seed_gives_its_events(seeded, shared):
    events = seeded("select * from events")
    gold = _gold(shared)
    wanted = [line for line in gold if "source" in line]
    found = [(line, [e for e in events if _matches(line, e)]) for line in wanted]
    missed = [line["evidence"] for line, hits in found if not hits]
    assert len(wanted) - len(missed) >= AT_LEAST_EVENTS, missed
    spoken = [(line, hits) for line, hits in found if line["said_by"] and hits]
    said = [line for line, hits in spoken if any(_said(line, e) for e in hits)]
    assert len(said) >= AT_LEAST_SPEAKERS


def test_what_the_seed_never_asserts_is_not_asserted(seeded, shared):
    events = seeded("select * from events")
    [text] = [row["text"] for row in seeded("select text from articles")]
    for line in _gold(shared):
        if not line.get("never_asserted"):
            continue
        start = text.index(line["evidence"])
        end = start + len(line["evidence"])
        for event in events:
            inside = event["char_start"] is not None and start <= event["char_start"] < end
            assert not (inside and event["modality"] == "asserted"), event


def test_every_row_points_at_its_words(seeded):
    for row in seeded("select e.*, a.text from events e join articles a using (article_id)"):
        if row["char_start"] is None:
            assert row["sentence_index"] == -1
        else:
            words = row["text"][row["char_start"] : row["char_end"]]
            assert words == row["action_text"]


def _gold(shared):
    lines = (shared / "data" / "seed" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _matches(line, event):
    return (
        _words(line["evidence"].split(" ... ", maxsplit=1)[0]) in _words(event["sentence"])
        and event["plover_type"] in line["types"]
        and _is_one_of(line["source"], event, "source")
        and _is_one_of(line["target"], event, "target")
    )


def _words(text):
    return " ".join(re.findall(r"\w+", text))


def _is_one_of(codes, event, role):
    actor = {event[f"{role}_country"], event[f"{role}_org"], (event[f"{role}_code"] or "")[:3]}
    nobody = event[f"{role}_country"] is None and event[f"{role}_org"] is None
    return bool(actor & set(codes)) or (nobody and "-" in codes)


def _said(line, event):
    return bool({event["said_by_country"], event["said_by_org"]} & set(line["said_by"]))
