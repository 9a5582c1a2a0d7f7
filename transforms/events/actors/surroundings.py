"""Whose "the army" and "protesters" are, where no owner is named: by the sentence and the article.

A wrong country costs more than none, so each rule holds only where the sentence leaves one choice.
"""

from __future__ import annotations

from collections.abc import Iterator

from transforms.events.actors.names import CAPITAL, COUNTRY, PLACE
from transforms.events.actors.reading import Phrase, Reading
from transforms.events.actors.vocabulary import words_of
from transforms.events.tree import Token

_ARTICLE, _SENTENCE, _PLACE = "article's country", "sentence's country", "place's country"
_DONE_TO = frozenset({"dobj", "nsubjpass", "pobj", "dative"})
_SUBJECT = frozenset({"nsubj", "nsubjpass"})
_WHERE = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "off"})
_ABROAD = frozenset({"GOV", "MIL", "SPY"})  # may well be another country's
_DOMESTIC = frozenset({"COP", "JUD", "LEG", "OPP", "CVL", "LAB"})  # deal with their own people
_BUSINESS = "BUS"
_FARTHEST = 12  # steps up the tree to the verb

Whose = tuple[str | None, str]


def whose_known(reading: Reading, token: Token, named: set[str | None]) -> Whose:
    """Return the country of a role the reader knows already ("the army"), and how it was found.

    Args:
        reading: The sentence.
        token: The role's head.
        named: The countries the sentence names.
    """
    home = reading.memory.home()
    if not named or home in named:
        return home, _ARTICLE
    if len(named) == 1:
        return next(iter(named)), _SENTENCE
    if token.dep_ in _DONE_TO:
        return _acting_country(reading, token), _SENTENCE
    return None, ""


def whose_new(reading: Reading, token: Token, sector: str | None, named: set[str | None]) -> Whose:
    """Return the country of a role that is new to the reader ("protesters"), and how it was found.

    Args:
        reading: The sentence.
        token: The role's head.
        sector: The role's sector.
        named: The countries the sentence names.
    """
    if not named:
        abroad = (
            sector in _ABROAD
            or sector == _BUSINESS
            or any(name.mention.actor.org for name in reading.names)
        )
        return (None, "") if abroad else (reading.memory.home(), _ARTICLE)
    places = set(_places(reading, token))
    if len(places) == 1 and (sector not in _ABROAD or places == named):
        return next(iter(places)), _PLACE
    if len(named) == 1 and sector not in _ABROAD:
        country = next(iter(named))
        if any(
            phrase.actor.country == country and phrase.actor.sector in _DOMESTIC
            for phrase in _phrases(reading)
        ):
            return country, _SENTENCE
    return None, ""


def whose_titled(reading: Reading, sector: str) -> Whose:
    """Return the country of somebody unknown with a title ("opposition leader Ana Gomes")."""
    home = reading.memory.home()
    named = {name.mention.actor.country for name in reading.names} - {None}
    if home is None and len(named) == 1 and sector in _DOMESTIC:
        return next(iter(named)), _SENTENCE
    return home, _ARTICLE


def _places(reading: Reading, token: Token) -> Iterator[str]:
    """Yield the countries of the places where the token's own clause happens."""
    venues = words_of("venue")
    clause = _clause(token)
    for name in reading.names:
        place = reading.doc[name.root]
        if not is_place(place) or name.how not in {COUNTRY, CAPITAL, PLACE}:
            continue
        if name.mention.text.lower() in venues or _clause(place).i != clause.i:
            continue
        if name.mention.actor.country is not None:
            yield name.mention.actor.country


def is_place(token: Token) -> bool:
    """Tell whether a name only says where: "in Cairo", "near Kabul"."""
    return token.dep_ == "pobj" and token.head.lower_ in _WHERE


def _clause(token: Token) -> Token:
    """Return the verb of a token's clause; of coordinated verbs the first."""
    for _ in range(_FARTHEST):
        if token.head.i == token.i:
            break
        verbal = token.pos_ in {"VERB", "AUX"}
        if verbal and token.dep_ != "conj":
            break
        token = token.head
    return token


def _phrases(reading: Reading) -> Iterator[Phrase]:
    for phrases in reading.phrases.values():
        yield from phrases


def _acting_country(reading: Reading, token: Token) -> str | None:
    """Return the country of the subject of the verb that a token hangs on."""
    for subject in reading.children(_clause(token), *_SUBJECT):
        phrases = reading.phrases.get(subject.i)
        if phrases:
            return phrases[0].actor.country
        name = reading.name_at(subject.i)
        if name is not None:
            return name.mention.actor.country
    return None
