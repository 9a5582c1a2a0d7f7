"""Who an entry is: ids by which a feed's next poll, and the next run, know it again.

entry_id = hash(feed_id, key, content), where key is the guid, or the link where there is no guid, or
nothing; and content is title and text as plain text, so that tracking pixels and advertising markup
that change with every answer make no new entry. Dates are not part of it.

Feeds do odd things with guids. What is done about them:
- A guid that is new at every poll: an entry with a link has a second id, alias_id = hash(feed_id,
  link, content). An entry counts as shown where either is known, so a changed guid alone, or a
  changed link alone (session numbers), makes nothing new.
- A guid that entries share: where entries of one document carry the same guid but different links, or
  three and more carry it with different titles, it is no id (a section's number, the site's
  address) and is dropped: guid is None. Two entries with the same guid and link but different text
  are an article and its update; they keep it.
- http and https twins: the scheme, and a slash at the end, are no part of a key.
- No guid: the link is the key. No link either: the content alone.
- The same entry twice in one document, by either id, counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.feeds.content import chosen
from transforms.feeds.draft import Draft
from transforms.records import Capture, Entry
from transforms.schema import hash_id

SHARED_TITLES = 3  # a guid with that many titles is no id; with two it may be an update
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?![A-Za-z])")


def entries(
    drafts: Iterable[tuple[int, Draft]], capture: Capture, language: str | None
) -> list[Entry]:
    """Return the drafts as entries, each with an entry_id of its own, in their order.

    Args:
        drafts: Position in the document and what it says.
        capture: The poll they are from.
        language: What to assume where entry and feed name none.
    """
    drafts = list(drafts)
    shared = shared_guids([draft for _, draft in drafts])
    seen: set[str] = set()
    found: list[Entry] = []
    for position, draft in drafts:
        guid = None if draft.guid is None or key(draft.guid) in shared else draft.guid
        text, source, text_plain = chosen(draft.content, draft.summary)
        ids = _ids(capture.feed_id, guid, draft.url, hash_id(draft.title, text_plain))
        if ids.entry_id in seen or ids.alias_id in seen:
            continue
        seen.update({ids.entry_id, ids.alias_id} - {None})  # type: ignore[arg-type]
        found.append(
            Entry(
                entry_id=ids.entry_id,
                alias_id=ids.alias_id if ids.alias_id != ids.entry_id else None,
                feed_id=capture.feed_id,
                position=position,
                guid=guid,
                url=draft.url,
                title=draft.title,
                authors=draft.authors,
                published_at=draft.published_at,
                updated_at=draft.updated_at,
                content=text,
                content_source=source,
                language=language_code(draft.language) or language,
                categories=draft.categories,
                publisher=draft.publisher,
                fetched_at=capture.fetched_at,
                raw_record=capture.raw_record,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Ids:
    entry_id: str
    alias_id: str | None


def _ids(feed_id: str, guid: str | None, url: str | None, content: str) -> _Ids:
    name = guid if guid is not None else url
    return _Ids(
        hash_id(feed_id, None if name is None else key(name), content),
        None if url is None else hash_id(feed_id, key(url), content),
    )


def key(name: str) -> str:
    """Return a guid or link without what twins differ in.

    >>> key("https://example.org/a/") == key("http://example.org/a")
    True
    """
    short = _SCHEME.sub("", name, count=1)
    return short.rstrip("/") if short != name else name


def shared_guids(drafts: Sequence[Draft]) -> frozenset[str]:
    """Return the keys of guids that several entries of one document use for different things."""
    links: dict[str, set[str]] = {}
    titles: dict[str, set[str | None]] = {}
    for draft in drafts:
        if draft.guid is not None:
            name = key(draft.guid)
            titles.setdefault(name, set()).add(draft.title)
            if draft.url is not None:
                links.setdefault(name, set()).add(key(draft.url))
    return frozenset(
        name
        for name, found in titles.items()
        if len(links.get(name, ())) > 1 or len(found) >= SHARED_TITLES
    )


def language_code(tag: str | None) -> str | None:
    """Return the language of a tag like "en-GB" or "pt_BR"; None where it is none."""
    match = _LANGUAGE.match((tag or "").strip())
    return match[1].lower() if match and match[1].lower() not in {"und", "mul", "xx"} else None
