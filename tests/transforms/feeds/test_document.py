"""Documents of all kinds: formats, damage, and what is no feed."""

# ruff: noqa: RUF001 - typographic quotes are what is tested

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.feeds.samples import SHARED, URL, atom, capture, item, parsed, rss
from transforms.feeds import parse_feed, parse_feeds

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://paper.example/"><title>Paper</title><link>https://paper.example/</link>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
<item rdf:about="https://paper.example/1"><title>A</title><link>https://paper.example/1</link>
<dc:creator>Jane Doe</dc:creator><dc:date>2024-11-22T09:30:00Z</dc:date><dc:subject>World</dc:subject>
<dc:publisher>Agency</dc:publisher><dc:language>fr</dc:language></item></rdf:RDF>"""
ATOM03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Paper</title>
<entry><title mode="escaped" type="text/html">A &amp;amp; B</title><id>tag:1</id>
<link rel="alternate" href="https://paper.example/1"/><issued>2024-11-22T09:30:00Z</issued></entry></feed>"""


def test_rss_gives_every_field() -> None:
    feed = rss(
        "<title>Talks &amp;amp; more</title><link>/1</link><guid isPermaLink='false'>g1</guid>"
        "<author>jane@paper.example (Jane Doe)</author><category>World</category>"
        "<category>Europe</category><pubDate>Fri, 22 Nov 2024 09:30:00 GMT</pubDate>"
        "<source url='https://agency.example/'>Agency</source><description>Text.</description>",
        head="<language>en-GB</language><ttl>15</ttl>",
    )
    result = parsed(feed)
    [entry] = result.entries
    assert result.title == "Paper"
    assert result.ttl_s == 900
    assert result.fault is None
    assert entry.title == "Talks & more"
    assert entry.url == "https://paper.example/1"
    assert entry.guid == "g1"
    assert entry.authors == ("Jane Doe",)
    assert entry.categories == ("World", "Europe")
    assert entry.published_at == dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
    assert entry.publisher == "Agency"
    assert entry.language == "en"
    assert (entry.content, entry.content_source) == ("Text.", "summary")
    assert entry.raw_record == "<urn:uuid:1>"


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94", "2.0"])
def test_all_versions_of_rss(version: str) -> None:
    assert [entry.title for entry in parsed(rss(item("A", 1), version=version)).entries] == ["A"]


def test_rdf() -> None:
    result = parsed(RDF)
    [entry] = result.entries
    assert (entry.title, entry.url, entry.guid) == ("A",) + ("https://paper.example/1",) * 2
    assert entry.authors == ("Jane Doe",)
    assert entry.published_at == dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
    assert (entry.publisher, entry.language, entry.categories) == ("Agency", "fr", ("World",))
    assert result.ttl_s == 6 * 3600


def test_atom_03() -> None:
    [entry] = parsed(ATOM03).entries
    assert (entry.title, entry.url, entry.guid) == ("A & B", "https://paper.example/1", "tag:1")
    assert entry.published_at == dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>AT&amp;amp;T</title>", "AT&amp;T"),  # plain text: one decoding, by XML
        ("<title type='text'>a &lt;b&gt; c</title>", "a <b> c"),
        ("<title type='html'>AT&amp;amp;T &lt;b&gt;grows&lt;/b&gt;</title>", "AT&T grows"),
        ("<title type='html'>1 &amp;lt; 2</title>", "1 < 2"),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <i>B</i></div></title>",
            "A B",
        ),
        ("<title>\n  A\n  B  </title>", "A B"),
    ],
)
def test_titles_of_atom_are_decoded_once(markup: str, title: str) -> None:
    assert [entry.title for entry in parsed(atom("<id>1</id>" + markup)).entries] == [title]


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[AT&amp;T]]>", "AT&T"),
        ("Profits &lt;5% &amp; falling", "Profits <5% & falling"),
        ("<![CDATA[<b>Bold</b> move]]>", "Bold move"),
        ("Sarkozy&#8217;s trial", "Sarkozy’s trial"),
        ("Sarkozy&amp;#8217;s trial", "Sarkozy’s trial"),
    ],
)
def test_titles_of_rss(markup: str, title: str) -> None:
    assert [e.title for e in parsed(rss(f"<title>{markup}</title>")).entries] == [title]


@pytest.mark.parametrize(
    ("feed", "url"),
    [
        (atom("<id>1</id><title>A</title><link href='b/c'/>"), "https://paper.example/b/c"),
        (
            atom("<id>1</id><title>A</title><link xml:base='https://x.example/a/' href='b'/>"),
            "https://x.example/a/b",
        ),
        (rss("<title>A</title><link>//cdn.example/1</link>"), "https://cdn.example/1"),
        (rss("<title>A</title><link> https://paper.example/a b </link>"),
         "https://paper.example/a%20b"),
        (rss("<title>A</title><link>https://paper.example/?a=1&amp;b=2</link>"),
         "https://paper.example/?a=1&b=2"),
        (rss("<title>A</title><guid>https://paper.example/1</guid>"), "https://paper.example/1"),
        (rss("<title>A</title><guid>12345</guid>"), None),
        (rss("<title>A</title><link>javascript:alert(1)</link>"), None),
        (rss("<title>A</title><link>www.paper.example/1</link>"), "http://www.paper.example/1"),
        (rss("<title>A</title><link>http://[</link>"), None),
        (rss("<title>A</title><link></link>"), None),
    ],
)  # fmt: skip
def test_links(feed: str, url: str | None) -> None:
    assert [entry.url for entry in parsed(feed).entries] == [url]


def test_without_a_link_of_its_own_the_feed_s_address_is_the_base() -> None:
    feed = (
        "<rss version='2.0'><channel><item><title>A</title><link>/1</link></item></channel></rss>"
    )
    assert [e.url for e in parsed(feed).entries] == ["https://feeds.example/1"]
    assert [e.url for e in parsed(feed, final_url="file:///feed.xml").entries] == [None]


def test_feedburner_s_original_link_is_the_link() -> None:
    feed = rss(
        "<title>A</title><link>https://feedproxy.example/~r/1</link>"
        "<fb:origLink>https://paper.example/1</fb:origLink>",
        namespaces='xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"',
    )
    assert [entry.url for entry in parsed(feed).entries] == ["https://paper.example/1"]


def test_an_address_is_nobody_s_name() -> None:
    feed = rss("<title>A</title><author>desk@paper.example</author>")
    assert parsed(feed).entries[0].authors == ()


def test_damage_that_every_reader_forgives() -> None:
    feed = (
        b"\xef\xbb\xbf\n  "
        + rss(item("A&nbsp;B &copy; C & D", 1, "x &unknown; \x03 &#0; y")).encode()
    )
    [entry] = parsed(feed).entries
    assert entry.title == "A B © C & D"
    assert entry.content is not None
    assert "\x03" not in entry.content
    assert entry.content.startswith("x ")
    assert parsed(feed).fault is None


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain", "application/octet-stream", "image/png", "", "///"]
)
def test_content_types_do_not_matter(content_type: str) -> None:
    headers = (("Content-Type", content_type),)
    assert len(parsed(rss(item("A", 1)), headers=headers).entries) == 1


def test_what_stands_before_and_behind_a_feed_is_ignored() -> None:
    feed = rss(item("A", 1), item("B", 2))
    for before, behind in (
        ("<br />\n<b>Warning</b>: mysql in /x.php<br />\n", ""),
        ("some text\n", ""),
        ("", "\n<!-- cached in 0.3 s -->"),
        ("", "<script>track()</script>"),
        ("<html><body>", "</body></html>"),
    ):
        result = parsed(before + feed + behind)
        assert [entry.title for entry in result.entries] == ["A", "B"], (before, behind)
        assert result.fault is None


def test_documents_one_after_the_other_are_all_read() -> None:
    result = parsed(rss(item("A", 1)) + "\n" + rss(item("B", 2)))
    assert [entry.title for entry in result.entries] == ["A", "B"]
    assert result.fault is None
    cut = parsed(rss(item("A", 1)) + rss(item("B", 2), item("C", 3))[:-70])
    assert [entry.title for entry in cut.entries] == ["A", "B"]
    assert cut.fault is not None
    assert cut.fault.error == "truncated"


@pytest.mark.parametrize("length", range(0, 1400, 7))
def test_a_document_cut_anywhere_gives_its_whole_entries(length: int) -> None:
    tricky = "<![CDATA[About <item>, </item> and </rss> in feeds]]><!-- </item> -->"
    for feed in (
        rss(*(item(f"Über {n}", n, tricky) for n in range(5))),
        atom(
            *(f"<id>{n}</id><title>Über {n}</title><summary>{tricky}</summary>" for n in range(8))
        ),
        RDF,
    ):
        whole, cut = parsed(feed), parsed(feed.encode()[:length])
        assert whole.entries[: len(cut.entries)] == cut.entries
        assert cut.entry_faults == ()
        if length < len(feed.encode()):
            assert cut.fault is not None
            assert cut.fault.unit == "feed"


def test_a_document_that_breaks_off_says_where() -> None:
    result = parsed(rss(item("A", 1), item("B", 2))[:-60])
    assert len(result.entries) == 1
    assert result.fault is not None
    assert result.fault.error == "truncated"
    assert result.fault.detail == "the document ends without </rss>, after 1 whole entry"
    assert (result.fault.stage, result.fault.source) == ("parse", URL)


@pytest.mark.parametrize("body", ["", " \n", "\ufeff", "\0\0"])
def test_an_empty_body_is_a_fault(body: str) -> None:
    fault = parsed(body).fault
    assert fault is not None
    assert fault.error == "empty"


def test_a_page_is_no_feed_and_names_the_feed_it_announces() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>The Paper &amp; Co</title>"
        "<link rel='alternate' type='application/rss+xml' href='/rss.xml'></head><body>Hi</body></html>"
    )
    fault = parsed(page, headers=(("Content-Type", "application/rss+xml"),)).fault
    assert fault is not None
    assert fault.error == "not-a-feed"
    assert "https://feeds.example/rss.xml" in fault.detail
    assert "The Paper & Co" in fault.detail


@pytest.mark.parametrize(
    "body",
    [
        "Not found",
        "<html><p>",
        "<svg xmlns='x'/>",
        "<a><b/></a>",
        "[]",
        '{"a": 1}',
        "\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_feed_is_said_so(body: str) -> None:
    result = parsed(body)
    assert result.entries == ()
    assert result.fault is not None
    assert result.fault.error == "not-a-feed"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert (parsed(rss()).fault, parsed(rss()).title) == (None, "Paper")
    assert parsed(atom()).fault is None


def test_a_failed_capture_is_a_fault_of_the_poll() -> None:
    fault = parsed(b"", error="timeout", detail="no answer in 30 s", status=None).fault
    assert fault is not None
    assert (fault.stage, fault.unit, fault.error) == ("poll", "feed", "timeout")
    assert fault.detail == "no answer in 30 s"


def test_not_modified_is_no_fault() -> None:
    result = parsed(b"", status=304)
    assert (result.entries, result.fault) == ((), None)


def test_entries_beyond_the_limit_are_left_out_and_counted() -> None:
    result = parsed(rss(*(item(f"T{n}", n) for n in range(30))), max_entries=10)
    assert [entry.position for entry in result.entries] == list(range(10))
    assert result.fault is not None
    assert result.fault.error == "too-many-entries"
    assert result.fault.detail == "20 entries after the first 10 were left out"


def test_entities_that_explode_do_not() -> None:
    bomb = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    feed = f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{bomb}]>" + rss(item("A &l11;", 1)).partition("?>")[2]
    result = parsed(feed)
    assert sum(len(entry.title or "") for entry in result.entries) < 1000


def test_external_entities_are_not_read() -> None:
    head = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    result = parsed(head + rss(item("A &x;", 1)).partition("?>")[2])
    assert all("root:" not in f"{entry.title}{entry.content}" for entry in result.entries)


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_nesting_ends(depth: int) -> None:
    deep = "<description>" + "<b>" * depth + "x" + "</b>" * depth + "</description>"
    result = parsed(rss(item("A", 1), "<title>Deep</title>" + deep))
    assert result.entries or result.fault
    assert parsed("{" + '"a":[' * depth).fault is not None


def test_jobs_are_parsed_as_single_documents_are() -> None:
    job = (capture(rss(item("A", 1))), 10, "de")
    [result] = parse_feeds()([job])
    assert result == parse_feed(job[0], max_entries=10, language="de")
    assert result.entries[0].language == "de"


_MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["cut", "drop", "double", "insert", "flip"]),
        st.floats(0, 1),
        st.integers(1, 400),
        st.sampled_from(
            [b"&#xD800;", b"&#99999999999;", b"<![CDATA[", b"]]>", b"<!--", b"<!DOCTYPE x [", b"\0",
             b"\xff\xfe", b"<item>", b"</item>", b"</rss>", b"<?xml", b"&", b"<", b'"', b"xmlns:a=''",
             b"<content:encoded>", b"<entry>", b'{"items": [', b"xml:base='http://['",
             b"<pubDate>-1</pubDate>", b"<guid>", b"<link/>", b"<source><title>", b"<textInput>"]
        ),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def mutated(body: bytes, mutations: list[tuple[str, float, int, bytes]]) -> bytes:
    for kind, where, size, piece in mutations:
        at = int(where * len(body))
        match kind:
            case "cut":
                body = body[:at]
            case "drop":
                body = body[:at] + body[at + size :]
            case "double":
                body = body[: at + size] + body[at:]
            case "insert":
                body = body[:at] + piece + body[at:]
            case _:
                body = body[:at] + bytes(255 - byte for byte in body[at : at + 3]) + body[at + 3 :]
    return body


REAL = ("TechCrunch.xml", "SamRuby.xml", "itunes.xml", "json_feed.json", "a10.xml", "RSSWithComments.xml",
        "HuffPostCanada.xml", "youtube_atom.xml", "AmazonWebServicesBlog.xml")  # fmt: skip


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/feeds is absent")
@settings(max_examples=200, deadline=5000)
@given(st.sampled_from(REAL), _MUTATIONS)
def test_no_mutation_of_a_real_feed_raises(
    name: str, mutations: list[tuple[str, float, int, bytes]]
) -> None:
    result = parsed(mutated((SHARED / "feedjira" / name).read_bytes()[:30_000], mutations))
    ids = [entry.entry_id for entry in result.entries]
    ids += [str(fault.entry_id) for fault in result.entry_faults]
    assert len(set(ids)) == len(ids)
    assert ids or result.fault or result.title or name.endswith(".xml")


@given(st.binary(max_size=500) | st.text(max_size=500).map(str.encode))
def test_no_bytes_raise(body: bytes) -> None:
    for head in (
        b"",
        b"<rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>",
        b'{"items":[',
    ):
        parsed(head + body)
