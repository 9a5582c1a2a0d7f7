"""What deduplication needs of a copy: its keys, its shingles and its places in two orders.

Compact and free of text, so that all copies of a run can be decided upon together.

**Keep order** (`Fingerprint.rank`): which of several copies stands for all. Full text before a summary;
then the earliest published, undated last; then the longest; then by address, feed and entry id, which
only make the order total. Nothing in it depends on arrival.

**Version order** (`Fingerprint.version`): which text of one address came first. Full texts before
summaries; then by the time of the last change (or of publication), undated last; then the keep order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.articles.urls import url_identity
from transforms.duplicates import minhash
from transforms.duplicates.shingles import Hashes, compared_words, word_sets
from transforms.records import Copy
from transforms.schema import hash_key

# Below this many distinct 3-grams (about 26 words) a text is compared exactly only: one shared sentence
# or quote would be half of it.
MIN_SHINGLES = 24
# Title and text of a short copy must have this many words to be compared with other addresses at all:
# "Live updates" is the title of many articles.
MIN_WORDS = 5

Order = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One copy, as the decision sees it.

    Attributes:
        copy_id: Tells copies of one run apart.
        article_id: The id it has if it is kept.
        guid_key: 128-bit hash of feed and guid; None without guid.
        url_key: 128-bit hash of the canonical address; None without address.
        content_key: 128-bit hash of the words compared.
        packed_shingles: Sorted distinct hashes of word 3-grams, 8 bytes each; b"" where the text is a
            summary or too short to be compared otherwise than exactly.
        minhash: None where packed_shingles is empty.
        bands: None where packed_shingles is empty.
        numbers: A sample of its numbers, see `numbers`; None where packed_shingles is empty.
        shingle_count: Distinct 3-grams of the text, also where they are not compared.
        rank: Its place in the keep order.
        changed_at: When it was last changed, or published; seconds since 1970, None: not known.
    """

    copy_id: str
    article_id: str
    guid_key: bytes | None
    url_key: bytes | None
    content_key: bytes
    packed_shingles: bytes
    minhash: bytes | None
    bands: bytes | None
    numbers: bytes | None
    shingle_count: int
    rank: Order
    changed_at: float | None

    @property
    def version(self) -> Order:
        """Its place among the texts of one address."""
        return (self.minhash is None, *_last_if_none(self.changed_at), *self.rank)

    @property
    def shingles(self) -> Hashes:
        """The shingles as sorted uint64."""
        return np.frombuffer(self.packed_shingles, dtype="<u8")


def copy_id(copy: Copy) -> str:
    """Return what tells copies of one run apart: the entry, and where in its feed it stood."""
    return f"{copy.article.entry_id}-{copy.position}"


def fingerprints(copies: Sequence[Copy]) -> list[Fingerprint]:
    """Return one fingerprint per copy; does not depend on which copies come together."""
    words = [compared_words(copy.article.text) for copy in copies]
    compared = word_sets(words)
    sets = [item.shingles for item in compared]
    comparable = [
        index
        for index, copy in enumerate(copies)
        if copy.article.text_source != "summary" and sets[index].size >= MIN_SHINGLES
    ]
    rows = minhash.signatures([sets[index] for index in comparable])
    signatures = dict(zip(comparable, minhash.packed(rows), strict=True))
    bands = dict(zip(comparable, minhash.packed(minhash.bands(rows)), strict=True))
    found = []
    for index, copy in enumerate(copies):
        is_short = index not in signatures
        found.append(
            Fingerprint(
                copy_id=copy_id(copy),
                article_id=copy.article.article_id,
                guid_key=guid_key(copy),
                url_key=url_key(copy),
                content_key=_content_key(copy, words[index], is_short=is_short),
                packed_shingles=b""
                if is_short
                else sets[index].astype("<u8", copy=False).tobytes(),
                minhash=signatures.get(index),
                bands=bands.get(index),
                numbers=None if is_short else compared[index].numbers,
                shingle_count=int(sets[index].size),
                rank=_rank(copy),
                changed_at=_seconds(copy.updated_at or copy.article.published_at),
            )
        )
    return found


def guid_key(copy: Copy) -> bytes | None:
    """Return the key of feed and guid: guids are only unique within a feed."""
    guid = copy.article.guid
    return hash_key("guid", copy.article.feed_id, guid) if guid is not None else None


def url_key(copy: Copy) -> bytes | None:
    """Return the key of the canonical address."""
    canonical = copy.article.canonical_url
    return hash_key("url", url_identity(canonical)) if canonical is not None else None


def _content_key(copy: Copy, words: str, *, is_short: bool) -> bytes:
    """Return the key of what is compared: the text, or title and text where the text is short.

    Many articles share a short text ("Watch the video"), and the title is half of what there is.
    """
    if not is_short:
        return hash_key("text", words)
    both = f"{compared_words(copy.article.title or '')}|{words}"
    if len(both.split()) < MIN_WORDS:
        return hash_key("article", copy.article.article_id)
    return hash_key("short", both)


def _rank(copy: Copy) -> Order:
    article = copy.article
    return (
        int(article.text_source == "summary"),
        *_last_if_none(_seconds(article.published_at)),
        -article.word_count,
        article.canonical_url or "",
        article.feed_id,
        article.entry_id,
        copy.position,
    )


def _seconds(time: dt.datetime | None) -> float | None:
    return None if time is None else time.timestamp()


def _last_if_none(time: float | None) -> tuple[int, float]:
    """Return a sort key: the earliest first, None last."""
    return (1, 0.0) if time is None else (0, time)
