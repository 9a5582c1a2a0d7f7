"""Texts → sets of hashed word 3-grams, and samples of their numbers, for all texts at once.

What is compared of a text is its words: letters and digits in lower case. Case, punctuation, quotes,
dashes, accents' encoding and line breaks make no difference, so a copy with other quotes or with
translated punctuation is still a copy. Scripts written without spaces are cut into characters.

Words are hashed over the UTF-8 bytes of all texts together: the polynomial hash of a word is the
difference of two prefix sums, so no Python loop runs over words. 64-bit hashes; two different 3-grams of
one comparison collide once in 10^13.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.duplicates.numbers import packed_sample

WORDS = 3  # a phrase is shared by chance at 2 words, and one changed word costs 4 shingles at 4
CHUNK_CHARS = 1_000_000  # arrays of 8 bytes a character, a few at a time

Hashes = npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15 | 1  # odd, so that it has an inverse modulo 2^64
_SPACE = ord(" ")
_DIGITS = 10  # from "0" on, in ASCII
_INVERSE = pow(_BASE, -1, 1 << 64)
# ASCII letters become small, what is no letter or digit a space; bytes of other characters pass.
_ASCII = bytes(
    code if code > 127 else ord(chr(code).lower()) if chr(code).isalnum() else 32  # noqa: PLR2004 - the last ASCII code
    for code in range(256)
)
# Marks that house styles differ in, in most English texts; the rest is left to a slower pattern.
_COMMON_MARKS = "\u2019\u2018\u201c\u201d\u2014\u2013\u2026\u00a0"
_MARKS = re.compile(r"[^\w\s\x00-\x7f]")
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
)


def compared_words(text: str) -> str:
    """Return what is compared of a text: its words in lower case, one space between them.

    >>> compared_words("Seoul\u2019s “top” adviser:")
    'seoul s top adviser'
    """
    if not text.isascii():
        for mark in _COMMON_MARKS:
            text = text.replace(mark, " ")
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text).lower()
            text = _MARKS.sub(" ", _UNSPACED.sub(r" \1 ", text))
    letters = text.encode("utf-8", "replace").translate(_ASCII)
    while b"  " in letters:  # a third quicker than to split and join
        letters = letters.replace(b"  ", b" ")
    return letters.strip().decode("utf-8")


class WordSets(NamedTuple):
    """What is compared of one text.

    Attributes:
        shingles: Its distinct 3-grams, sorted; a text with fewer than 3 words has none.
        numbers: A sample of its numbers, see `numbers`.
    """

    shingles: Hashes
    numbers: bytes


def word_sets(texts: Sequence[str]) -> list[WordSets]:
    """Return what is compared of each text.

    Args:
        texts: As `compared_words` returns them.
    """
    found: list[WordSets] = []
    for chunk in _chunks(texts):
        found += _chunk_sets(chunk)
    return found


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        if chunk and size + len(text) > CHUNK_CHARS:
            yield chunk
            chunk, size = [], 0
        chunk.append(text)
        size += len(text) + 1
    if chunk:
        yield chunk


def _chunk_sets(texts: list[str]) -> list[WordSets]:
    data = np.frombuffer(" ".join(["", *texts, ""]).encode("utf-8", "replace"), dtype=np.uint8)
    powers, inverses = _powers(data.size)
    spaces = np.flatnonzero(data == _SPACE)
    filled = spaces[1:] - spaces[:-1] > 1  # two spaces in a row: an empty text
    starts, ends = spaces[:-1][filled] + 1, spaces[1:][filled]
    if starts.size < WORDS:
        return [WordSets(np.empty(0, dtype=np.uint64), packed_sample(())) for _ in texts]
    sums = np.cumsum(np.multiply(data, powers, dtype=np.uint64))
    words = _mixed((sums[ends - 1] - sums[starts - 1]) * inverses[starts])

    # Which text each word is of: texts are as long as their UTF-8 bytes, one space between them.
    lengths = np.fromiter((_byte_length(text) for text in texts), dtype=np.int64, count=len(texts))
    bounds = np.searchsorted(starts, np.concatenate(([0], np.cumsum(lengths + 1))) + 1)
    grams = words[:-2] * np.uint64(_BASE) + words[1:-1] * np.uint64(_INVERSE) + words[2:]
    numbers = _number_samples(words, data[starts] - np.uint8(ord("0")) < _DIGITS, bounds)
    return list(map(WordSets, _distinct(_mixed(grams), bounds), numbers))


def _number_samples(
    words: Hashes, is_number: npt.NDArray[np.bool_], bounds: npt.NDArray[np.int64]
) -> list[bytes]:
    places = np.flatnonzero(is_number)
    hashes = (words[places] >> np.uint64(48)).tolist()
    cuts = np.searchsorted(places, bounds).tolist()
    nothing = packed_sample(())
    return [
        packed_sample(hashes[start:stop]) if stop > start else nothing
        for start, stop in itertools.pairwise(cuts)
    ]


def _distinct(grams: Hashes, bounds: npt.NDArray[np.int64]) -> list[Hashes]:
    """Return each text's sorted distinct values.

    Sorted text by text, all else of all texts at once: np.unique of each takes four times as long.

    Args:
        grams: One for each word but the last two; those of a text's last two words run into the next
            text. Sorted in place.
        bounds: The number of each text's first word, and of all words.
    """
    firsts, lasts = bounds[:-1], bounds[1:]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        grams[first : max(first, last - 2)].sort()
    is_new = np.empty(grams.size, dtype=bool)
    np.not_equal(grams[1:], grams[:-1], out=is_new[1:])
    is_new[firsts[firsts < grams.size]] = True
    across = np.concatenate((lasts[lasts - 1 >= firsts] - 1, lasts[lasts - 2 >= firsts] - 2))
    is_new[across[across < grams.size]] = False
    distinct = grams[is_new]
    counts = np.concatenate(([0], np.cumsum(is_new)))
    places = counts[np.minimum(bounds, grams.size)].tolist()
    return [distinct[start:stop] for start, stop in itertools.pairwise(places)]


def _byte_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _mixed(values: Hashes) -> Hashes:
    """Spread every input bit over all output bits (the finalizer of splitmix64, Steele et al. 2014)."""
    values = values ^ (values >> np.uint64(30))
    values = values * np.uint64(0xBF58476D1CE4E5B9)
    values = values ^ (values >> np.uint64(27))
    values = values * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Return powers of the base and of its inverse modulo 2^64, at least `size` of each."""
    length = CHUNK_CHARS
    while length < size:
        length *= 2
    powers, inverses = _power_table(length)
    return powers[:size], inverses[:size]


@functools.lru_cache(maxsize=1)
def _power_table(length: int) -> tuple[Hashes, Hashes]:
    tables = []
    for base in (_BASE, _INVERSE):
        table = np.full(length, base, dtype=np.uint64)
        table[0] = 1
        tables.append(np.cumprod(table))
    return tables[0], tables[1]
