"""What spaCy's attribute ruler and rule lemmatizer say about words, remembered.

It depends on nothing but the word, its tag and what its dependency is to the ruler's patterns; only
patterns of several words mind the neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from spacy.attrs import (  # type: ignore[import-not-found] # compiled, without stubs
    DEP,
    LEMMA,
    ORTH,
    POS,
    TAG,
)
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

_MAX_WORDS = 30_000  # known before the tables are begun anew
_LEXICAL = frozenset({"ORTH", "TEXT", "LOWER", "TAG", "DEP", "IS_SPACE", "IS_PUNCT", "SHAPE"})
_READ: list[Any] = [ORTH, TAG, DEP]
WRITTEN: list[Any] = [TAG, POS, LEMMA, DEP]
_TOLD: list[Any] = [TAG, DEP]

_Docs = list[Doc]
_Key = tuple[int, ...]  # a word, its tag, its dependency
_Test = tuple[dict[str, Any], bool]


class Annotations:
    """The attribute ruler and the rule lemmatizer behind it, remembered by word.

    Sets tag, part of speech, lemma and dependency as they do; morphology, which nothing of ours
    reads, only where they run themselves: on sentences with a word at which a pattern of several
    words may begin, for its neighbours count.

    Args:
        ruler, lemmatizer: The components.
        own: Lets them do their work themselves, one after the other.
    """

    def __init__(self, ruler: Any, lemmatizer: Any, own: Callable[[_Docs], _Docs]) -> None:
        self._vocab: Vocab = ruler.vocab
        index = lemmatizer.lookups.get_table("lemma_index", {})
        for kind, words in [*index.items()]:
            index[kind] = frozenset(words)  # a list, which the lemmatizer searches from its start
        self._own = own
        # What is said about a word; None: its neighbours count.
        self._known: dict[_Key, tuple[int, ...] | None] = {}
        self._alike: dict[tuple[Any, ...], _Key] = {}
        self._beginnings = Matcher(self._vocab)
        # What minds a dependency, and whether it writes one; what minds a word, too, by that word.
        self._tests: list[_Test] = []
        self._tests_of: dict[str, list[_Test]] = {}
        self._met: dict[tuple[int, int, bool], tuple[Any, ...]] = {}
        for rule in ruler.patterns:
            for token in (token for pattern in rule["patterns"] for token in pattern):
                if "DEP" in token:
                    self._add_test(token, writes="DEP" in rule["attrs"])
        for number, pattern in enumerate(_patterns(ruler)):
            if len(pattern) > 1:
                self._beginnings.add(str(number), [pattern[:1]])

    @staticmethod
    def may_stand_for(ruler: Any, lemmatizer: Any) -> bool:
        """Tell whether what the two say about a token depends on nothing but its word and parse."""
        return (
            type(ruler) is AttributeRuler
            and isinstance(lemmatizer, Lemmatizer)
            and lemmatizer.mode == "rule"
            and type(lemmatizer).rule_lemmatize is Lemmatizer.rule_lemmatize
            and all(
                key in _LEXICAL
                for pattern in _patterns(ruler)
                for token in pattern
                for key in token
            )
        )

    def __call__(self, docs: _Docs) -> _Docs:
        """Annotate sentences that are tagged and parsed."""
        if len(self._known) > _MAX_WORDS:
            self._known.clear()
            self._alike.clear()
        read = [[*map(tuple, doc.to_array(_READ).tolist())] for doc in docs]
        new = {word for words in read for word in words if word not in self._known}
        if new:
            self._meet(sorted(new))
        for doc, words in zip(docs, read, strict=True):
            told = [self._known[word] for word in words]
            if None in told:
                self._own([doc])
            else:
                doc.from_array(WRITTEN, _array(told))
        return docs

    def _meet(self, words: Sequence[_Key]) -> None:
        """Learn new words, each but once where its dependency makes no difference."""
        same = {word: self._alike.setdefault(self._likeness(word), word) for word in words}
        unknown = [word for word in words if same[word] == word]
        if unknown:
            self._learn(unknown)
        for word, like in same.items():
            told = self._known[like]
            if told is not None and told[-1] == like[-1]:
                told = (*told[:-1], word[-1])
            self._known[word] = told

    def _add_test(self, token: dict[str, Any], *, writes: bool) -> None:
        words = token.get("LOWER")
        if isinstance(words, dict) and words.keys() == {"IN"}:
            words = words["IN"]
        elif isinstance(words, str):
            words = [words]
        else:  # minds no word, or in a way that is none of these
            self._tests.append((token, writes))
            return
        for word in words:
            self._tests_of.setdefault(word, []).append((token, writes))

    def _likeness(self, word: _Key) -> tuple[Any, ...]:
        """Return what tells a word from others: itself, its tag, which patterns its dependency meets."""
        orth, tag, dependency = word
        text = self._vocab.strings[orth]
        key = (tag, dependency, text.isspace())
        if key not in self._met:
            self._met[key] = self._answers(self._tests, key)
        own = self._tests_of.get(text.lower())
        return (orth, tag, self._met[key], self._answers(own, key) if own else ())

    def _answers(self, tests: Sequence[_Test], key: tuple[int, int, bool]) -> tuple[Any, ...]:
        """Return what each test that a tag allows says of a dependency; where it writes one, that itself."""
        tag, dependency = (self._vocab.strings[one] if one else "" for one in key[:2])
        said: dict[str, str | bool] = {"TAG": tag, "IS_SPACE": key[2]}
        found: list[Any] = []
        for test, writes in tests:
            if all(_meets(said[name], test[name]) is not False for name in said if name in test):
                answer = _meets(dependency, test["DEP"])
                found.append(dependency if writes or answer is None else answer)
        return tuple(found)

    def _learn(self, words: Sequence[_Key]) -> None:
        """Ask the components about words, all in one Doc, and remember what they say.

        Words at which a longer pattern may begin are left out of it, so that no word's neighbour
        there says anything about it.
        """
        beginnings = {
            start for _, start, _ in self._beginnings(self._doc(words), allow_missing=True)
        }
        alone = [word for i, word in enumerate(words) if i not in beginnings]
        self._known.update(dict.fromkeys(words))
        if alone:
            doc = self._doc(alone)
            self._own([doc])
            told = map(tuple, doc.to_array(WRITTEN).tolist())
            self._known.update(zip(alone, told, strict=True))

    def _doc(self, words: Sequence[_Key]) -> Doc:
        doc = Doc(self._vocab, words=[self._vocab.strings[orth] for orth, *_ in words])
        return doc.from_array(_TOLD, _array([rest for _, *rest in words]))


def _meets(value: str | bool, condition: Any) -> bool | None:
    """Return whether a value meets a condition of spaCy's patterns; None: one of a kind unknown here."""
    if isinstance(condition, str | bool):
        return value == condition
    if isinstance(condition, dict) and condition.keys() <= {"IN", "NOT_IN"}:
        return value in condition.get("IN", [value]) and value not in condition.get("NOT_IN", [])
    return None


def _patterns(ruler: Any) -> list[list[dict[str, Any]]]:
    return [pattern for rule in ruler.patterns for pattern in rule["patterns"]]


def _array(values: Any) -> Any:
    """Return an array, for callees whose stubs ask for types of their own."""
    return np.array(values, np.uint64)
