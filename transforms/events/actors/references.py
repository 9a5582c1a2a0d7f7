"""Words that refer back: pronouns, relative pronouns, "both countries", "the North", "the bloc".

Plain means only: the nearest fitting actor of the sentence, its subject first, then what the article
spoke of last. Where nothing fits clearly nothing is returned: a wrong actor is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from transforms.events.actors.names import DATA
from transforms.events.actors.reading import MODIFIER, Phrase, Reading
from transforms.events.actors.runs import run_start
from transforms.events.actors.surroundings import is_place
from transforms.events.actors.vocabulary import words_of
from transforms.events.model import MNC, Actor
from transforms.events.tree import Token
from transforms.events.wordlists import Row, rows
from transforms.failures import ConfigError

_REACH = 60  # tokens looked back in a sentence
_HE = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "themselves"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_SUBJECT = frozenset({"nsubj", "nsubjpass"})
_OBJECT = frozenset({"dobj", "dative"})
_DETERMINERS = frozenset({"the", "this", "that"})
_TWO = frozenset({"both", "two"})
_ANY = {"*": "country", "+": "organisation", "!": "group", "$": "company"}
_SAME = frozenset(
    {"militant", "rebel", "terrorist", "guerrilla", "watchdog", "world", "trade", "nation"}
)
_ARMED = frozenset({"REB", "UAF", "CRM"})


@dataclass(frozen=True, slots=True)
class Epithet:
    """A noun that stands for an actor named before.

    Attributes:
        codes: Countries or organisations it may mean; a mark from `_ANY`: any of that class.
        beside: One of these must have been named; empty: one of `codes`.
    """

    codes: tuple[str, ...]
    beside: tuple[str, ...]

    def fits(self, actor: Actor) -> bool:
        """Tell whether it may mean this actor."""
        for code in self.codes:
            if code in {actor.country, actor.org} and (actor.org is None or code == actor.org):
                return True
            if code == "*" and actor.country is not None and actor.org is None:
                return True
            if code == "+" and actor.org is not None and actor.kind in {"IGO", "NGO"}:
                return True
            if code == "!" and actor.org is not None and actor.sector in _ARMED:
                return True
            if code == "$" and actor.kind == MNC:
                return True
        return False


def epithets(path: Path = DATA / "epithets.tsv") -> dict[str, Epithet]:
    """Read the table: lower-case noun → what it may mean."""
    result = {}
    for row in rows(path, 3):
        codes = tuple(row.required(1).split("|"))
        for code in codes:
            _check(row, code)
        result[row.required(0)] = Epithet(
            codes, tuple((row.fields[2] or "").split("|")) if row.fields[2] else ()
        )
    return result


def _check(row: Row, code: str) -> None:
    if code not in _ANY and not (len(code) == 3 and code.isupper()):  # noqa: PLR2004 - ISO and CAMEO
        raise ConfigError(f"{row.place}: {code!r} is neither a code nor one of {' '.join(_ANY)}")


class References:
    """Resolves referring words with the table of epithets."""

    def __init__(self, table: dict[str, Epithet]) -> None:
        self._epithets = table

    def referent(self, reading: Reading, token: Token) -> list[Phrase]:
        """Return whom a pronoun or a referring noun means; empty: nobody we can tell."""
        word = token.lower_
        if token.pos_ == "PRON" or token.tag_ in {"PRP", "PRP$", "WP", "WDT", "WP$"}:
            return self._of_pronoun(reading, token, word)
        if word in words_of("body") or word in words_of("person"):
            return self._of_pair(reading, token, word)
        return self._of_epithet(reading, token, word)

    # -- pronouns ----------------------------------------------------------------------------

    def _of_pronoun(self, reading: Reading, token: Token, word: str) -> list[Phrase]:
        if word in _RELATIVE and token.tag_ in {"WP", "WDT", "WP$"}:
            return _of_relative(reading, token)
        if word in _HE:
            return _one(token, _person(reading, token), "pronoun", person=True)
        if word in _IT:
            if _is_expletive(reading, token):
                return []
            return _one(token, _body(reading, token), "pronoun")
        if word in _THEY:
            return [
                Phrase(token.i, token.i, token.i + 1, actor, "pronoun", plural=True)
                for actor in _many(reading, token)
            ]
        if word == "both" and token.dep_ in _SUBJECT:
            return self._of_pair(reading, token, word)
        return []

    # -- pairs -------------------------------------------------------------------------------

    def _of_pair(self, reading: Reading, token: Token, word: str) -> list[Phrase]:
        counted = word == "both" or any(
            child.lower_ in _TWO or (child.lower_ == "the" and word == "sides")
            for child in reading.children(
                token, "nummod", "det", "preconj", "predet", "amod", "quantmod"
            )
        )
        if not counted:
            return []
        pair = _pair_before(reading, token) or reading.memory.pair
        if len(pair) != 2:  # noqa: PLR2004 - it says two
            return []
        if word in words_of("body"):
            pair = tuple(actor if actor.org else actor.with_sector(None) for actor in pair)
        elif word in words_of("person"):
            pair = tuple(
                actor if actor.org or actor.sector else actor.with_sector("GOV") for actor in pair
            )
        return [Phrase(token.i, token.i, token.i + 1, actor, "pair", plural=True) for actor in pair]

    # -- epithets ----------------------------------------------------------------------------

    def _of_epithet(self, reading: Reading, token: Token, word: str) -> list[Phrase]:
        epithet = self._epithets.get(word)
        if epithet is None or _is_another(reading, token):
            return []
        for owner in reading.children(token, "poss"):
            if "*" in epithet.codes and owner.lower_ in _HE | _IT | _THEY:
                return [
                    replace(phrase, head=token.i, start=owner.i, end=token.i + 1, how="pronoun's country",
                            actor=Actor(country=phrase.actor.country), person=False)
                    for phrase in self.referent(reading, owner)
                    if phrase.actor.country is not None
                ]  # fmt: skip
            return []
        if not any(child.lower_ in _DETERMINERS for child in reading.children(token, "det")):
            return []
        if word in {"north", "south"} and not (
            token.text[:1].isupper() and token.tag_.startswith("NNP")
        ):
            return []
        actor = self._meant(reading, token, epithet)
        if actor is None:
            return []
        start = token.i
        while (
            start > 0
            and reading.doc[start - 1].dep_ in {"amod", "compound", "punct", "npadvmod"}
            and (reading.doc[start - 1].text not in {",", ";", ":"})
        ):
            start -= 1
        if start > 0 and reading.doc[start].text == "-":
            start -= 1  # "27-nation bloc"
        return [Phrase(token.i, start, token.i + 1, actor, "epithet")]

    def _meant(self, reading: Reading, token: Token, epithet: Epithet) -> Actor | None:
        memory = reading.memory
        if epithet.beside:
            named = {phrase.actor.country for phrase in _before(reading, token)}
            named |= {name.mention.actor.country for name in reading.names}
            if named.intersection(epithet.beside) or any(
                memory.countries[c] for c in epithet.beside
            ):
                return Actor(country=epithet.codes[0])
            return None
        for phrase in _before(reading, token):
            if epithet.fits(phrase.actor):
                return phrase.actor
        if "*" in epithet.codes:
            home = memory.home()
            return Actor(country=home) if home is not None else None
        return next((actor for actor in reversed(memory.recent) if epithet.fits(actor)), None)


def _is_another(reading: Reading, token: Token) -> bool:
    """Tell whether a noun means someone new: "the Russian company", "the neighbouring country"."""
    first = run_start(reading, token.i)
    if any(True for _ in reading.numbers(first, token.i)):
        return True
    if any(child.pos_ == "NOUN" and child.lower_ not in _SAME
           for child in reading.children(token, "compound")):  # fmt: skip
        return True  # "the news agency"
    return any(
        child.lower_ in words_of("foreign") for child in reading.children(token, "amod", "compound")
    )


def _one(token: Token, actor: Actor | None, how: str, *, person: bool = False) -> list[Phrase]:
    if actor is None:
        return []
    return [Phrase(token.i, token.i, token.i + 1, actor, how, person=person)]


def _of_relative(reading: Reading, token: Token) -> list[Phrase]:
    """Return the actors before a relative pronoun: its clause hangs on them."""
    verb = token.head
    for _ in range(4):
        if verb.dep_ == "relcl":
            break
        if verb.head.i == verb.i:
            return []
        verb = verb.head
    else:
        return []
    antecedent = verb.head
    if antecedent.i >= token.i:
        return []
    phrases = reading.phrases.get(antecedent.i) or []
    if phrases:
        return [
            replace(phrase, head=token.i, how=f"relative, {phrase.how}", name=None, title=None)
            for phrase in phrases
        ]
    name = reading.name_at(antecedent.i)
    if name is None:
        return []
    return [
        Phrase(
            token.i,
            name.start,
            name.end,
            name.mention.actor,
            f"relative, {name.how}",
            person=name.is_person,
        )
    ]


def _before(reading: Reading, token: Token) -> Iterator[Phrase]:
    """Yield the actors named before a token in its sentence, the nearest first."""
    for index in range(token.i - 1, max(-1, token.i - 1 - _REACH), -1):
        phrases = reading.phrases.get(index)
        if phrases:
            yield from phrases
            continue
        name = reading.name_at(index)
        if name is not None and name.root == index:
            how = "modifier" if reading.doc[index].dep_ in MODIFIER else name.how
            yield Phrase(
                index,
                name.start,
                name.end,
                name.mention.actor,
                how,
                person=name.is_person,
                plural=name.is_plural,
            )


def _person(reading: Reading, token: Token) -> Actor | None:
    """Return the last person of the sentence, a subject before others; else the article's last."""
    people = [
        phrase
        for phrase in _before(reading, token)
        if phrase.person and phrase.how != "modifier" and not _is_subject_of(phrase, token)
    ]
    subjects = [phrase for phrase in people if reading.doc[phrase.head].dep_ in _SUBJECT]
    chosen = next(iter(subjects or people), None)
    return chosen.actor if chosen is not None else reading.memory.person


def _body(reading: Reading, token: Token) -> Actor | None:
    """Return the country or organisation that acts in the sentence; else the article's last."""
    before = [
        phrase
        for phrase in _before(reading, token)
        if phrase.how != "modifier" and not _is_subject_of(phrase, token)
    ]
    bodies = [
        phrase
        for phrase in before
        if not phrase.person
        and not _is_many(reading, phrase)
        and not is_place(reading.doc[phrase.head])
    ]
    for phrase in bodies:
        if reading.doc[phrase.head].dep_ in _SUBJECT:
            return phrase.actor
    if token.lower_ == "its":
        return bodies[0].actor if bodies else None
    if token.dep_ in _OBJECT:
        named = {p.actor for p in bodies if reading.doc[p.head].dep_ not in MODIFIER | {"poss"}}
        return named.pop() if len(named) == 1 else None
    return None if before or token.dep_ not in _SUBJECT else reading.memory.subject


def _is_subject_of(phrase: Phrase, token: Token) -> bool:
    """Tell whether a phrase does something to a pronoun, which then means someone else."""
    if token.dep_ not in _OBJECT:
        return False
    doer = _doer_of(token.head)
    return doer is not None and phrase.head in {doer.i, *(other.i for other in doer.conjuncts)}


def _doer_of(verb: Token) -> Token | None:
    """Return who does what a verb says, its own subject or that of the clause it hangs on; None."""
    for _ in range(4):
        own = next((child for child in verb.children if child.dep_ in _SUBJECT), None)
        if own is not None:
            return own
        above = verb.head
        if above.pos_ == "ADP":
            above = above.head
        if above.i == verb.i or verb.dep_ not in {"advcl", "xcomp", "conj", "pcomp"}:
            return None
        verb = above
    return None


def _is_many(reading: Reading, phrase: Phrase) -> bool:
    """Tell whether a phrase is plural or coordinated, which "it" does not mean."""
    head = reading.doc[phrase.head]
    return phrase.plural or head.dep_ == "conj" or any(True for _ in reading.children(head, "conj"))


def _many(reading: Reading, token: Token) -> tuple[Actor, ...]:
    """Return the last several that act: a plural or coordinated subject."""
    for phrase in _before(reading, token):
        if reading.doc[phrase.head].dep_ not in _SUBJECT:
            continue
        pair = _coordinated(reading, reading.doc[phrase.head], token.i)
        if len(pair) > 1:
            return pair
        return (phrase.actor,) if phrase.plural else ()
    return reading.memory.plural if token.i < _REACH // 4 else ()


def _pair_before(reading: Reading, token: Token) -> tuple[Actor, ...]:
    """Return the last two actors coordinated in the sentence before a token."""
    for phrase in _before(reading, token):
        pair = _coordinated(reading, reading.doc[phrase.head], token.i)
        if len(pair) == 2:  # noqa: PLR2004
            return pair
    found: dict[str | None, Actor] = {}
    for phrase in _before(reading, token):
        found.setdefault(phrase.actor.country or phrase.actor.org, phrase.actor)
    return tuple(reversed([*found.values()])) if len(found) == 2 else ()  # noqa: PLR2004


def _coordinated(reading: Reading, token: Token, last: int) -> tuple[Actor, ...]:
    """Return the actors of a token and of what is coordinated with it, before token `last`."""
    actors = []
    for _ in range(8):
        actors.extend(actors_at(reading, token.i)[:1])
        following = next(
            (child for child in reading.children(token, "conj") if child.i < last), None
        )
        if following is None:
            break
        token = following
    return tuple(actors)


def actors_at(reading: Reading, index: int) -> list[Actor]:
    """Return the actors whose phrase or name is headed by a token."""
    phrases = reading.phrases.get(index)
    if phrases:
        return [phrase.actor for phrase in phrases]
    name = reading.name_at(index)
    return [name.mention.actor] if name is not None and name.root == index else []


def _is_expletive(reading: Reading, token: Token) -> bool:
    """Tell whether "it" means nothing: "it is clear that", "it remains to be seen"."""
    if token.lower_ == "its":
        return False
    if token.dep_ == "expl":
        return True
    verb = token.head
    if verb.lemma_ in {"be", "seem", "appear", "remain", "become"}:
        return True
    return token.dep_ == "nsubjpass" and any(
        True for _ in reading.children(verb, "ccomp", "csubj", "xcomp")
    )
