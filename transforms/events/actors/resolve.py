"""A parsed sentence's words → its actors, each with its head token; what it teaches the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.events.actors.memory import Memory
from transforms.events.actors.names import DEMONYM, ORGANISATION, SEAT
from transforms.events.actors.phrases import Phrases
from transforms.events.actors.reading import MODIFIER, Name, Phrase, Reading
from transforms.events.actors.references import References, epithets
from transforms.events.actors.roles import Roles
from transforms.events.actors.vocabulary import words_of
from transforms.events.model import Actor, Mention
from transforms.events.tree import Doc, Token

_SUBJECT = frozenset({"nsubj", "nsubjpass"})


class Resolver:
    """Resolves the actors of sentences.

    Args:
        roles: The role lexicon.
        families: Spellings of known people → what they are called for short.
    """

    def __init__(self, roles: Roles, families: Mapping[str, str]) -> None:
        self._phrases = Phrases(roles, References(epithets()))
        self._families = families

    def resolve(
        self,
        doc: Doc,
        mentions: Sequence[Mention],
        memory: Memory,
        blocked: Sequence[tuple[int, int]],
    ) -> list[Mention]:
        """Return the actors of a sentence in order of position; see `ActorBook.resolve`.

        Args:
            doc, mentions, memory: As there.
            blocked: Characters that name no actor.
        """
        reading = Reading(doc, mentions, memory, self._families)
        reading.block(blocked)
        self._phrases.read(reading)
        found = [*_named(reading)]
        for phrases in reading.phrases.values():
            found.extend(phrase for phrase in phrases if phrase.actor.code is not None)
        found.sort(key=lambda phrase: (phrase.start, phrase.end, phrase.head))
        learn(reading, found)
        return [_mention(doc, phrase) for phrase in found]


def _named(reading: Reading) -> Iterator[Phrase]:
    """Yield the names that are no part of a phrase."""
    covered = {
        index
        for phrases in reading.phrases.values()
        for phrase in phrases
        if not phrase.how.startswith("relative")
        for index in range(phrase.start, phrase.end)
    }
    # People and seats first: "Turkey's Erdogan" takes the country with it.
    first = sorted(
        enumerate(reading.names), key=lambda item: not (item[1].is_person or item[1].how == SEAT)
    )
    for number, name in first:
        if number in reading.used or name.root in covered:
            continue
        token = reading.doc[name.root]
        start, how = name.start, name.how
        if name.is_person:
            start = _with_country(reading, name)
            namesake = _namesake(reading, name)
            if namesake is not None:
                reading.used.add(number)
                yield namesake
                continue
        elif name.how == SEAT and (namesake := _namesake(reading, name)) is not None:
            reading.used.add(number)
            yield namesake
            continue
        elif name.how == ORGANISATION and (own := _own_body(reading, name)) is not None:
            reading.used.add(number)
            yield own
            continue
        elif _is_modifier(reading, name, token):
            how = "modifier"
        elif _is_tongue(reading, name, token):
            continue
        for mention in name.mentions:
            yield Phrase(
                head=name.root,
                start=start,
                end=name.end,
                actor=mention.actor,
                how=how,
                person=name.is_person,
                plural=name.is_plural,
                name=mention.text if name.is_person else None,
            )


def _with_country(reading: Reading, name: Name) -> int:
    """Return where "Turkey's Erdogan" begins, and take the country as said."""
    index = name.start - 1
    if index >= 0 and reading.doc[index].text in {"'s", "\u2019s", "'", "\u2019"}:
        index -= 1
    number = reading.at(index)
    if number is None or reading.names[number].mention.actor.country != name.mention.actor.country:
        return name.start
    reading.used.add(number)
    return reading.names[number].start


def _namesake(reading: Reading, name: Name) -> Phrase | None:
    """Return "Saudi King Abdullah", "Polish Sejm" where the book's name is another country's; None."""
    number = reading.at(name.start - 1)
    if number is None:
        return None
    other = reading.names[number]
    actor = other.mention.actor
    if other.how != DEMONYM or actor.country in {None, name.mention.actor.country}:
        return None
    reading.used.add(number)
    return Phrase(
        head=name.root,
        start=other.start,
        end=name.end,
        actor=actor.with_sector(name.mention.actor.sector),
        how="demonym+name",
        person=name.is_person,
        name=name.mention.text if name.is_person else None,
    )


def _own_body(reading: Reading, name: Name) -> Phrase | None:
    """Return "Yeltsin's Security Council": a state's own body by the name of an international one; None."""
    for owner in reading.children(reading.doc[name.root], "poss"):
        number = reading.at(owner.i)
        actor = reading.names[number].mention.actor if number is not None else None
        if actor is not None and actor.country is not None:
            return Phrase(
                head=name.root,
                start=name.start,
                end=name.end,
                actor=Actor(country=actor.country, sector="GOV"),
                how="a state's own body",
            )
    return None


def _is_modifier(reading: Reading, name: Name, token: Token) -> bool:
    """Tell whether a name only qualifies a noun: "Russian gas", "the Gaza war", "US-led talks"."""
    if name.end < len(reading.doc) and reading.doc[name.end].text == "-":
        return True
    if token.dep_ in MODIFIER:
        return not _is_receiver(name, token)
    return token.dep_ == "conj" and token.head.dep_ in MODIFIER and token.head.head.i > token.i


def _is_receiver(name: Name, token: Token) -> bool:
    """Tell whether a parser has taken a receiver for a modifier: "gave North Korea missiles"."""
    verb = token.head.head
    behind = verb.i == name.start - 1 and name.how != DEMONYM
    return behind and token.head.dep_ == "dobj" and verb.lemma_ in words_of("giving")


def _is_tongue(reading: Reading, name: Name, token: Token) -> bool:
    """Tell whether a nationality is a language: "speaks French", "in Russian"."""
    if name.how != DEMONYM or name.mention.text.endswith("s"):
        return False
    if any(True for _ in reading.children(token, "det", "nummod", "amod")):
        return False
    if token.dep_ == "pobj":
        return token.head.lower_ in {"in", "into", "from"}
    return token.dep_ == "dobj" and token.head.lemma_ in words_of("tongue")


def learn(reading: Reading, found: Sequence[Phrase]) -> None:
    """Teach the memory what the sentence said: names, titles, subjects, pairs, countries."""
    memory = reading.memory
    known = [phrase for phrase in found if phrase.actor.country or phrase.actor.org]
    for phrase in known:
        memory.note(phrase.actor)
        if phrase.person and phrase.name is not None:
            memory.learn(phrase.name, phrase.actor, reading.families.get(phrase.name))
            if phrase.title is not None:
                memory.titles[phrase.title] = phrase.actor
    full = [phrase for phrase in known if phrase.how != "modifier"]
    acting = [phrase for phrase in full if reading.doc[phrase.head].dep_ in _SUBJECT]
    people = [phrase.actor for phrase in full if phrase.person]
    memory.person = next(
        (phrase.actor for phrase in reversed(acting) if phrase.person),
        people[0] if people else memory.person,
    )
    memory.subject = next((phrase.actor for phrase in acting if not phrase.person), None)
    memory.plural = next(
        ((phrase.actor,) for phrase in acting if phrase.plural and not phrase.person), ()
    )
    for run in _pairs(reading, full):
        together = tuple(dict.fromkeys(phrase.actor for phrase in run))
        if len(together) == 2:  # noqa: PLR2004 - "both" means two
            memory.pair = together
        if len(together) > 1 and any(phrase in acting for phrase in run):
            memory.plural = together


def _pairs(reading: Reading, found: Sequence[Phrase]) -> Iterator[list[Phrase]]:
    """Yield the runs of phrases that stand side by side: "A, B and C". Parsers err on these."""
    run: list[Phrase] = []
    for phrase in found:
        if phrase.how.startswith("relative"):
            continue
        if run and reading.doc[run[-1].end : phrase.start].text.strip(" ,") not in {"and", "&", ""}:
            if len(run) > 1:
                yield run
            run = []
        elif run and phrase.start < run[-1].end and phrase.head != run[-1].head:
            continue
        run.append(phrase)
    if len(run) > 1:
        yield run


def _mention(doc: Doc, phrase: Phrase) -> Mention:
    span = doc[phrase.start : phrase.end]
    return Mention(
        char_start=span.start_char,
        char_end=span.end_char,
        text=span.text,
        actor=phrase.actor,
        how=phrase.how,
        head=phrase.head,
        generic=phrase.generic,
    )
