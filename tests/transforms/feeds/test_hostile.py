"""Documents made to harm are refused with a reason; honest ones that look alike are read."""

import dataclasses

import pytest

from tests.transforms.feeds.samples import capture as capture_of
from transforms.failures import InputFault
from transforms.feeds import parse_feed
from transforms.feeds.hostile import MAX_DEPTH, refuse_hostile

ITEM = "<item><title>{}</title><link>https://x.example/1</link></item>"


def rss(items, subset=""):
    doctype = f"<!DOCTYPE rss [{subset}]>" if subset else ""
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>T</title>'
        f"{items}</channel></rss>"
    )


def laughs(levels):
    entities = '<!ENTITY a0 "lol">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1)
    )
    return rss(ITEM.format(f"&a{levels};"), entities)


def nested(name, depth):
    return f"<{name}>" * depth + f"</{name}>" * depth


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (laughs(9), "entity-bomb"),
        (laughs(60), "entity-bomb"),
        (rss(ITEM.format("&a;"), '<!ENTITY a "&b;"><!ENTITY b "&a;">'), "entity-bomb"),
        (rss(ITEM.format("&a;" * 200), f'<!ENTITY a "{"x" * 10_000}">'), "entity-bomb"),
        (rss(ITEM.format("&x;"), '<!ENTITY x SYSTEM "file:///etc/passwd">'), "external-entity"),
        (
            rss(ITEM.format("&x;"), '<!ENTITY x PUBLIC "any" "http://127.0.0.1/x">'),
            "external-entity",
        ),
        (
            rss(ITEM.format("t"), '<!ENTITY % x SYSTEM "http://127.0.0.1/evil.dtd"> %x;'),
            "external-entity",
        ),
        (rss(nested("a", 100_000)), "nesting"),
        (rss(ITEM.format(nested("b", 100_000))), "nesting"),
        (rss("<item>" * 100_000), "nesting"),
        (f"<feed>{nested('entry', 100_000)}</feed>", "nesting"),
        (f"<urlset>{nested('url', 100_000)}</urlset>", "nesting"),
        ('{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000, "nesting"),
    ],
    ids=range(13),
)
def test_each_has_its_reason(text, error):
    parsed = parse_feed(capture_of(text), max_entries=100, language=None)
    assert (parsed.fault.error, parsed.fault.stage, parsed.fault.unit) == (error, "parse", "feed")
    assert parsed.fault.detail
    assert not parsed.entries


@pytest.mark.parametrize(
    "text",
    [
        rss(ITEM.format("caf&eacute;"), '<!ENTITY eacute "&#233;">'),
        rss(ITEM.format("&a;"), '<!ENTITY a "&b;"><!ENTITY b "text">'),
        rss(
            ITEM.format("t"),
            '<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" '
            '"http://www.w3.org/TR/xhtml1/DTD/xhtml-lat1.ent"> %HTMLlat1;',
        ),
        rss(ITEM.format("t"), '<!ENTITY unused SYSTEM "file:///etc/passwd">'),
        rss(ITEM.format("t" + nested("div", MAX_DEPTH - 10))),
        rss((ITEM.format("a<br>b<img src='x>y'>") + "<!-- <a><b> -->") * 2_000),
        rss(ITEM.format("t") + "<item><p>unclosed</item>" * 2_000),
        rss(ITEM.format(f"<![CDATA[{'<div>' * 5_000}]]>")),
        rss(ITEM.format("<x/>" * 5_000)),
    ],
    ids=range(9),
)
def test_honest_documents_pass(text):
    refuse_hostile(text)
    assert parse_feed(capture_of(text), max_entries=10_000, language=None).entries


@pytest.mark.parametrize(
    "text", ["<", "<!DOCTYPE rss [", "<!DOCTYPE rss [<!ENTITY", "]>", "&a;" * 9]
)
def test_damaged_ones_are_not_its_business(text):
    refuse_hostile(text)


def test_a_long_document_takes_no_time():
    refuse_hostile(rss(ITEM.format("t" * 900) * 10_000))
    with pytest.raises(InputFault):
        refuse_hostile(rss("<a b=" * 100_000 + "<item>" * 2_000))


def test_a_transfer_that_broke_off_keeps_its_whole_entries():
    body = rss(ITEM.format("one") + ITEM.format("two").replace("/1<", "/2<"))
    cut = dataclasses.replace(
        capture_of(body[: body.index("two")]), error="truncated", detail="the body breaks off"
    )
    parsed = parse_feed(cut, max_entries=100, language=None)
    assert [entry.title for entry in parsed.entries] == ["one"]
    assert (parsed.fault.error, parsed.fault.stage) == ("truncated", "poll")
    assert parsed.fault.detail == "the body breaks off; after 1 whole entries"
    for body in (b"", b"<rs", b"nothing"):
        parsed = parse_feed(dataclasses.replace(cut, body=body), max_entries=100, language=None)
        assert (parsed.fault.error, parsed.fault.stage) == ("truncated", "poll")
        assert not parsed.entries
