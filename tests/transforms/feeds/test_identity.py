"""How entries are told apart and known again."""

from __future__ import annotations

import pytest

from tests.transforms.feeds.samples import atom, item, parsed, rss
from transforms.feeds.identity import key, language_code
from transforms.feeds.novelty import new_entries, shown_numbers


def new_after(first: str, second: str) -> list[str | None]:
    """Return the titles that are new in a second poll."""
    entries, _ = new_entries(parsed(second), frozenset(shown_numbers(parsed(first))))
    return [entry.title for entry in entries]


def test_the_same_document_again_has_nothing_new() -> None:
    feed = rss(item("A", 1), item("B", 2), "<title>No link</title>")
    assert new_after(feed, feed) == []


def test_an_updated_entry_is_new_and_keeps_its_guid() -> None:
    first, second = rss(item("A", 1, "Old.")), rss(item("A", 1, "New."))
    assert new_after(first, second) == ["A"]
    both = parsed(rss(item("A", 1, "Old."), item("A", 1, "New."))).entries
    assert len({entry.entry_id for entry in both}) == 2
    assert {entry.guid for entry in both} == {"https://paper.example/1"}


def test_changed_markup_and_dates_make_nothing_new() -> None:
    first = rss(item("A", 1, "&lt;p&gt;Text&lt;/p&gt;&lt;img src='pixel?1'&gt;"))
    second = rss(item("A", 1, "&lt;p&gt;Text&lt;/p&gt;&lt;img src='pixel?2'&gt;<!-- -->"))
    dated = second.replace("</link><guid>", "</link><pubDate>2024-11-22</pubDate><guid>")
    assert new_after(first, second) == []
    assert new_after(first, dated) == []


def test_guids_that_change_at_every_poll_make_nothing_new() -> None:
    feed = "<title>A</title><link>https://paper.example/1</link><guid>{}</guid>"
    assert new_after(rss(feed.format("s1-93")), rss(feed.format("s2-17"))) == []


def test_links_that_change_at_every_poll_make_nothing_new() -> None:
    feed = "<title>A</title><link>https://paper.example/1?session={}</link><guid>a1</guid>"
    assert new_after(rss(feed.format(1)), rss(feed.format(2))) == []


@pytest.mark.parametrize("where", ["link", "guid"])
def test_http_and_https_twins_are_one(where: str) -> None:
    feed = f"<title>A</title><{where}>{{}}://paper.example/1</{where}>"
    assert new_after(rss(feed.format("http")), rss(feed.format("https"))) == []
    assert len(parsed(rss(feed.format("http"), feed.format("https"))).entries) == 1


def test_a_guid_shared_by_entries_with_links_of_their_own_is_no_guid() -> None:
    feed = "<title>{0}</title><link>https://paper.example/{0}</link><guid>section-7</guid>"
    entries = parsed(rss(feed.format("a"), feed.format("b"))).entries
    assert [entry.guid for entry in entries] == [None, None]
    assert new_after(rss(feed.format("a"), feed.format("b")), rss(feed.format("a"))) == []


def test_a_guid_with_three_titles_is_no_guid() -> None:
    feed = "<title>{}</title><guid isPermaLink='false'>paper</guid>"
    entries = parsed(rss(*(feed.format(title) for title in "abc"))).entries
    assert [entry.guid for entry in entries] == [None] * 3


def test_without_guid_and_link_the_content_tells() -> None:
    entries = parsed(rss("<title>A</title>", "<title>B</title>", "<title>A</title>")).entries
    assert [entry.title for entry in entries] == ["A", "B"]
    assert all(entry.guid is entry.url is entry.alias_id is None for entry in entries)


def test_the_same_text_at_different_addresses_is_two_entries() -> None:
    assert len(parsed(rss(item("A", 1), item("A", 2))).entries) == 2


def test_the_same_entry_twice_in_one_document_counts_once() -> None:
    feed = rss(item("A", 1), item("B", 2), item("A", 1))
    assert [entry.title for entry in parsed(feed).entries] == ["A", "B"]


def test_entries_that_cannot_be_read_are_new_once() -> None:
    feed = rss(item("A", 1), "<category>x</category>", "<category>x</category>", "<category/>")
    result = parsed(feed)
    assert [fault.error for fault in result.entry_faults] == ["empty-entry"] * 2
    ids = {fault.entry_id for fault in result.entry_faults} | {result.entries[0].entry_id}
    assert len(ids) == 3
    assert len(new_entries(result, frozenset())[1]) == 2
    assert new_entries(result, frozenset(shown_numbers(result))) == ([], [])


def test_feeds_do_not_share_ids() -> None:
    feed = rss(item("A", 1))
    one, other = parsed(feed), parsed(feed, feed_id="other")
    assert one.entries[0].entry_id != other.entries[0].entry_id


def test_atom_ids_are_guids() -> None:
    [entry] = parsed(atom("<id>urn:uuid:1</id><title>A</title>")).entries
    assert (entry.guid, entry.url) == ("urn:uuid:1", None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/x/", "https://a.example/x", True),
        ("HTTP://a.example/x", "http://a.example/x", True),
        ("http://a.example/x", "http://b.example/x", False),
        ("tag:a/", "tag:a", False),
    ],
)
def test_keys(one: str, other: str, *, same: bool) -> None:
    assert (key(one) == key(other)) is same


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("EN", "en"), ("pt_BR", "pt"), ("english", None), ("und", None), ("", None)],
)
def test_language_codes(tag: str, code: str | None) -> None:
    assert language_code(tag) == code
