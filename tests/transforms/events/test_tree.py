"""The plain copy of a parse says what spaCy's own objects say."""

from __future__ import annotations

import pytest
import spacy.tokens
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.coder import load_model
from transforms.events.tree import Doc

SENTENCE = (
    "Officials in Oslo said on Monday (May 3) that France, Germany and the 27-nation bloc hadn't met, "
    "and  asked Syria's president, who had fled, to return; nobody answered."
)


@pytest.fixture(scope="module")
def source() -> spacy.tokens.Doc:
    return load_model("en_core_web_sm")(SENTENCE)


def test_words_are_spacys(source: spacy.tokens.Doc) -> None:
    tree = Doc(source)
    assert tree.text == source.text
    assert len(tree) == len(source)
    for word, token in zip(tree, source, strict=True):
        for name in (
            *("i", "idx", "text", "lower_", "lemma_", "pos_", "tag_", "dep_"),
            *("like_num", "is_space", "is_punct", "is_alpha"),
        ):
            assert getattr(word, name) == getattr(token, name), (token, name)
        assert word.head.i == token.head.i
        assert len(word) == len(token)
        assert (word.left_edge.i, word.right_edge.i) == (token.left_edge.i, token.right_edge.i)
        for name in ("children", "lefts", "rights", "subtree", "conjuncts"):
            own, theirs = getattr(word, name), getattr(token, name)
            assert [one.i for one in own] == [one.i for one in theirs], (token, name)


def test_ancestors_are_spacys(source: spacy.tokens.Doc) -> None:
    tree = Doc(source)
    for i in range(len(tree)):
        for j in range(len(tree)):
            assert tree[i].is_ancestor(tree[j]) == source[i].is_ancestor(source[j])


@given(st.integers(-5, len(SENTENCE) + 5), st.integers(-5, len(SENTENCE) + 5))
def test_words_around_characters_are_spacys(start: int, end: int) -> None:
    source = load_model("en_core_web_sm")(SENTENCE)
    own, theirs = Doc(source).around(start, end), None
    if start < end:
        theirs = source.char_span(start, end, alignment_mode="expand")
        assert (own is None) == (theirs is None)
    if own is not None and theirs is not None and len(theirs):
        assert (own.start, own.end, own.text) == (theirs.start, theirs.end, theirs.text)
        assert own.root.i == theirs.root.i
        assert (own.start_char, own.end_char) == (theirs.start_char, theirs.end_char)


@given(st.integers(-60, 60), st.integers(-60, 60))
def test_slices_are_spacys(start: int, end: int) -> None:
    source = load_model("en_core_web_sm")(SENTENCE)
    own, theirs = Doc(source)[start:end], source[start:end]
    assert [token.i for token in own] == [token.i for token in theirs]
    assert own.text == theirs.text


def test_there_is_no_neighbour_outside(source: spacy.tokens.Doc) -> None:
    tree = Doc(source)
    assert tree[3].nbor(-1).i == 2
    with pytest.raises(IndexError):
        tree[0].nbor(-1)
    with pytest.raises(IndexError):
        tree[len(tree) - 1].nbor()
