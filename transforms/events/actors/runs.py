"""The shape of noun phrases: where they begin, which token heads them, where a name ends."""

from __future__ import annotations

from transforms.events.actors.reading import MODIFIER, NOMINAL, Reading
from transforms.events.actors.roles import Roles
from transforms.events.actors.vocabulary import words_of
from transforms.events.tree import Token

LONGEST_RUN = 14  # tokens read to the left of a head
LONGEST_NAME = 7  # tokens of a person's name

POSSESSIVE = frozenset({"'s", "\u2019s", "'", "\u2019"})
JOINERS = frozenset({"and", "or", ",", "/", "&"})
# Parts of speech of what may stand between the start of a phrase and its head.
_RUN = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "PART", "PUNCT", "ADV", "X"})
_INNER_MARKS = POSSESSIVE | {"-", "\u2010", "\u2011", '"', "\u201c", "\u201d"}
_NAME_PARTS = frozenset({"PROPN", "NOUN", "ADJ", "X"})
_ARGUMENT = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "conj", "attr", "appos"})


def run_start(reading: Reading, last: int) -> int:
    """Return where the unbroken run of nouns and adjectives before token `last` begins."""
    first = last
    while first > 0 and last - first < LONGEST_RUN:
        token = reading.doc[first - 1]
        if token.text in _INNER_MARKS:
            first -= 1
            continue
        participle = token.tag_ in {"VBN", "VBG"} and token.dep_ in {"amod", "compound"}
        part = token.pos_ in _RUN and token.pos_ != "PUNCT"
        if token.is_space or not (part or participle or reading.at(first - 1) is not None):
            break
        first -= 1
    return first


def is_head(reading: Reading, token: Token) -> bool:
    """Tell whether a token without a name of the book on it heads a noun phrase."""
    if reading.at(token.i) is not None:
        return False
    if token.pos_ == "PRON":
        return token.dep_ != "poss"
    if token.pos_ not in NOMINAL and not (token.pos_ in {"ADJ", "X"} and token.dep_ in _ARGUMENT):
        return False
    if token.dep_ in MODIFIER and token.head.i > token.i:
        # "Colombia's government and ELN rebels": parsers hang the first on the last.
        if reading.doc[token.i + 1].lower_ not in JOINERS:
            return False
        owned = range(run_start(reading, token.i), token.i)
        return any(reading.doc[index].text in POSSESSIVE for index in owned)
    return not (
        token.dep_ == "conj" and token.head.dep_ in MODIFIER and token.head.head.i > token.i
    )


def begins_person(reading: Reading, index: int, roles: Roles) -> bool:
    """Tell whether a person's name begins at a token that follows a title."""
    token = reading.doc[index]
    if not token.text[:1].isupper() or token.pos_ not in _NAME_PARTS:
        return False
    if token.lower_ in words_of("calendar"):
        return False  # "officials Thursday said"
    name = reading.name_at(index)
    if name is not None:
        return name.is_person and name.start == index
    return token.pos_ == "PROPN" and roles.ending_at(reading.doc, index, index) is None


def person_end(reading: Reading, first: int) -> int:
    """Return where the person's name that begins at `first` ends, exclusive."""
    name = reading.name_at(first)
    if name is not None:
        return name.end
    doc = reading.doc
    particles = words_of("particle")
    end = first + 1
    while end < len(doc) and end - first < LONGEST_NAME:
        token = doc[end]
        other = reading.name_at(end)
        if other is not None and not other.is_person:
            break
        part = (
            token.text[:1].isupper()
            and token.pos_ in _NAME_PARTS
            and token.lower_ not in words_of("calendar")
        )
        hyphened = token.text == "-" or (doc[end - 1].text == "-" and token.is_alpha)
        particle = (
            token.lower_ in particles and end + 1 < len(doc) and doc[end + 1].text[:1].isalpha()
        )
        if not (part or hyphened or particle):
            break
        end += 1
    while end > first + 1 and (doc[end - 1].lower_ in particles or doc[end - 1].text == "-"):
        end -= 1
    return end


def person_start(reading: Reading, last: int) -> int:
    """Return where the proper nouns that end at token `last` begin."""
    start = last
    while start > 0 and last - start < LONGEST_NAME:
        before = reading.doc[start - 1]
        if before.pos_ != "PROPN" and before.text != "-":
            break
        start -= 1
    return start
