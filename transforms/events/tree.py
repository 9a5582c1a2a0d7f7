"""A parsed sentence in plain Python: what spaCy's Doc, Span and Token tell, read once and kept.

spaCy makes a new object each time a token is asked for, and walks its arrays for each attribute;
the reading of a sentence asks some thousand times. The names are spaCy's, so that its documentation
holds here, too; what the coder does not ask for is left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, overload

import spacy.tokens
from spacy.attrs import (  # type: ignore[import-not-found] # compiled, without stubs
    DEP,
    HEAD,
    LEMMA,
    ORTH,
    POS,
    SPACY,
    TAG,
)
from spacy.vocab import Vocab

_READ: list[Any] = [ORTH, LEMMA, POS, TAG, DEP, SPACY, HEAD]
_TOLD = 5  # of these, what tells a word
_NEGATIVE = 2**63

_MAX_WORDS = 50_000  # kept before the table is begun anew


class Word(NamedTuple):
    """What a word's form and tags say: text, lower case, lemma, part of speech, tag, dependency."""

    strings: tuple[str, ...]
    flags: tuple[bool, ...]


# By their numbers, which are hashes of the strings and so the same in every vocabulary.
_KNOWN: dict[tuple[int, ...], Word] = {}


def _word(vocab: Vocab, row: Sequence[int]) -> Word:
    orth, *tagged = row[:_TOLD]
    form = vocab[orth]
    return Word(
        (form.text, form.lower_, *(vocab.strings[key] for key in tagged)),
        (form.like_num, form.is_space, form.is_punct, form.is_alpha),
    )


class Token:
    """One word of a parsed sentence.

    Attributes:
        doc: Its sentence.
        i: Its number.
        idx: Where it begins, in characters.
        text, lower_, lemma_: As written, in lower case, lemma.
        pos_, tag_, dep_: Part of speech, fine tag, dependency label.
        head: What it hangs on; itself at the root.
        lefts, rights, children: What hangs on it before it, behind it, both; in order.
        left_edge, right_edge: The first and the last token of its subtree.
    """

    __slots__ = (
        "children",
        "dep_",
        "doc",
        "head",
        "i",
        "idx",
        "is_alpha",
        "is_punct",
        "is_space",
        "left_edge",
        "lefts",
        "lemma_",
        "like_num",
        "lower_",
        "pos_",
        "right_edge",
        "rights",
        "tag_",
        "text",
    )

    head: Token
    lefts: Sequence[Token]
    rights: Sequence[Token]
    children: Sequence[Token]
    left_edge: Token
    right_edge: Token

    def __init__(self, doc: Doc, i: int, idx: int, word: Word) -> None:
        self.doc = doc
        self.i = i
        self.idx = idx
        self.text, self.lower_, self.lemma_, self.pos_, self.tag_, self.dep_ = word.strings
        self.like_num, self.is_space, self.is_punct, self.is_alpha = word.flags
        self.lefts = self.rights = self.children = _NONE
        self.left_edge = self.right_edge = self

    def __len__(self) -> int:
        """Return the number of its characters."""
        return len(self.text)

    def __bool__(self) -> bool:
        """A word is there, whatever its length."""
        return True

    def __repr__(self) -> str:
        """Return the word, for messages of tests."""
        return self.text

    @property
    def subtree(self) -> Iterator[Token]:
        """The token and all below it, in order."""
        for child in self.lefts:
            yield from child.subtree
        yield self
        for child in self.rights:
            yield from child.subtree

    @property
    def conjuncts(self) -> tuple[Token, ...]:
        """The other tokens that it is coordinated with."""
        first = self
        while first.head is not first and first.dep_ == "conj":
            first = first.head
        found = [first]
        for token in found:
            found += [child for child in token.rights if child.dep_ == "conj"]
        return tuple(token for token in found if token is not self)

    def nbor(self, distance: int = 1) -> Token:
        """Return a neighbour.

        Raises:
            IndexError: The sentence ends before.
        """
        at = self.i + distance
        if at < 0:
            raise IndexError(at)
        return self.doc[at]

    def is_ancestor(self, token: Token) -> bool:
        """Return whether another token hangs below this one."""
        while token.head is not token:
            token = token.head
            if token is self:
                return True
        return False


_NONE: Sequence[Token] = ()


class Span:
    """Some neighbouring tokens of a sentence.

    Attributes:
        doc: The sentence.
        start, end: Numbers of the first token and of the one behind the last.
    """

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: Doc, start: int, end: int) -> None:
        self.doc = doc
        self.start = start
        self.end = end

    def __iter__(self) -> Iterator[Token]:
        """Yield its tokens."""
        return iter(self.doc.tokens[self.start : self.end])

    def __len__(self) -> int:
        """Return the number of its tokens."""
        return max(0, self.end - self.start)

    @property
    def start_char(self) -> int:
        """Where it begins, in characters of the sentence."""
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """Where it ends, in characters of the sentence."""
        if self.end <= self.start:
            return self.start_char
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """Its characters."""
        return self.doc.text[self.start_char : self.end_char]

    @property
    def root(self) -> Token:
        """The token nearest to the sentence's root, the first of several."""
        tokens = self.doc.tokens[self.start : self.end]
        top = next((token for token in tokens if token.head is token), None)
        if top is not None:
            return top
        outer = [one for one in tokens if not self.start <= one.head.i < self.end]
        return min(outer, key=_depth, default=self.doc.tokens[self.start])


class Doc:
    """One parsed sentence.

    Args:
        source: The sentence as spaCy has parsed it.

    Attributes:
        text: Its characters.
        tokens: Its words.
        user_data: What others keep about it.
    """

    __slots__ = ("_starts", "text", "tokens", "user_data")

    def __init__(self, source: spacy.tokens.Doc) -> None:
        self.user_data: dict[str, Any] = {}
        self.tokens: list[Token] = []
        self._starts: list[int] = []
        known = _KNOWN
        if len(known) > _MAX_WORDS:
            known.clear()
        at = 0
        parts: list[str] = []
        heads: list[int] = []
        rows: list[list[int]] = source.to_array(_READ).tolist()
        for i, row in enumerate(rows):
            key = tuple(row[:_TOLD])
            word = known.get(key)
            if word is None:
                word = known[key] = _word(source.vocab, row)
            self.tokens.append(Token(self, i, at, word))
            self._starts.append(at)
            text = word.strings[0]
            space, offset = row[_TOLD:]
            parts.append(f"{text} " if space else text)
            at += len(text) + space
            # Heads stand so many words on, modulo 2**64.
            heads.append(i + (offset if offset < _NEGATIVE else offset - 2 * _NEGATIVE))
        self.text = "".join(parts)
        self._hang(heads)

    def rehang(self, heads: dict[int, int], labels: dict[int, str]) -> None:
        """Give some words other heads and dependency labels, by their numbers."""
        whole = [heads.get(token.i, token.head.i) for token in self.tokens]
        for i, label in labels.items():
            self.tokens[i].dep_ = label
        for token in self.tokens:
            token.lefts = token.rights = token.children = _NONE
            token.left_edge = token.right_edge = token
        self._hang(whole)

    def dissolve(self) -> None:
        """Let go of the words, which hold each other, so that no garbage collector is needed."""
        for token in self.tokens:
            del token.head, token.left_edge, token.right_edge
            token.lefts = token.rights = token.children = _NONE
        self.tokens = []
        self.user_data.clear()

    def _hang(self, heads: list[int]) -> None:
        """Join the words to their heads, given by their numbers."""
        tokens = self.tokens
        below: list[list[Token]] = [[] for _ in tokens]
        left = [*range(len(tokens))]  # each word is the edge of what it is the first to reach
        for i, head in enumerate(heads):
            token = tokens[i]
            token.head = tokens[head]
            if head != i:
                below[head].append(token)
            while left[head] > i:
                left[head] = i
                head = heads[head]  # noqa: PLW2901 - up the tree
        right = [*range(len(tokens))]
        for i in reversed(right[:]):
            head = heads[i]
            while right[head] < i:
                right[head] = i
                head = heads[head]
        for i, children in enumerate(below):
            if children:
                token = tokens[i]
                token.left_edge, token.right_edge = tokens[left[i]], tokens[right[i]]
                token.children = children
                token.lefts = [child for child in children if child.i < i]
                token.rights = children[len(token.lefts) :]

    def __len__(self) -> int:
        """Return the number of its words."""
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        """Yield its words."""
        return iter(self.tokens)

    def __reversed__(self) -> Iterator[Token]:
        """Yield its words from the end."""
        return reversed(self.tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...

    @overload
    def __getitem__(self, at: slice) -> Span: ...

    def __getitem__(self, at: int | slice) -> Token | Span:
        """Return one word, or those of a slice."""
        if isinstance(at, int):
            return self.tokens[at]
        start, end, _ = at.indices(len(self.tokens))
        return Span(self, start, max(start, end))

    def around(self, start: int, end: int) -> Span | None:
        """Return the words that some characters touch; None: they lie outside.

        Args:
            start, end: The first character and the one behind the last.
        """
        first, last = self._word_at(start), self._word_at(end - 1)
        if first is None or last is None:
            return None
        word = self.tokens[first]
        if start == word.idx + len(word.text):  # the space behind a word is none of it
            first += 1
        return Span(self, first, max(first, last + 1))

    def _word_at(self, char: int) -> int | None:
        """Return the word that a character, or the space behind it, belongs to."""
        at = bisect_right(self._starts, char) - 1
        return at if at >= 0 and char < len(self.text) else None


def _depth(token: Token) -> int:
    if (token.is_space or token.is_punct) and not token.children:
        return len(token.doc) - 1  # rather any other word
    steps = 0
    while token.head is not token:
        token = token.head
        steps += 1
    return steps
