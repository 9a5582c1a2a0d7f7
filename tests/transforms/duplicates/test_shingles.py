"""Word 3-grams: what makes a difference between texts and what does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.duplicates.shingles import compared_words, word_sets


def shingle_sets(words):
    return [found.shingles for found in word_sets(words)]


def grams(text):
    words = compared_words(text).split()
    return {tuple(words[place : place + 3]) for place in range(len(words) - 2)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Seoul's top adviser", "SEOUL\u2019S “top” adviser!"),
        ("a deal - signed", "a deal — signed"),
        ("one, two\n\nthree", "one two three"),
        ("caf\u00e9 is open", "cafe\u0301 is open"),
    ],
)
def test_case_punctuation_quotes_and_composition_make_no_difference(one, other):
    assert compared_words(one) == compared_words(other)


def test_scripts_without_spaces_are_cut_into_characters():
    assert compared_words("北朝鮮 says") == "北 朝 鮮 says"


@given(st.lists(st.text(alphabet="abcé北 .\u2019\n", max_size=60), max_size=8))
def test_sets_are_the_distinct_three_word_sequences_of_each_text(texts):
    sets = shingle_sets([compared_words(text) for text in texts])
    assert [found.size for found in sets] == [len(grams(text)) for text in texts]
    for one, first in zip(texts, sets, strict=True):
        for other, second in zip(texts, sets, strict=True):
            assert np.intersect1d(first, second).size == len(grams(one) & grams(other))


@given(st.lists(st.text(alphabet="abc ", max_size=40), min_size=1, max_size=6))
def test_a_texts_set_does_not_depend_on_its_neighbours(texts):
    words = [compared_words(text) for text in texts]
    together = shingle_sets(words)
    for text, found in zip(words, together, strict=True):
        assert np.array_equal(found, shingle_sets([text])[0])


def test_long_inputs_are_cut_into_chunks_without_a_trace():
    text = " ".join(str(number) for number in range(300_000))
    (found,) = shingle_sets([text])
    assert found.size == 300_000 - 2
    assert [part.size for part in shingle_sets(["a b c", text, "a b c"])] == [1, 299_998, 1]
