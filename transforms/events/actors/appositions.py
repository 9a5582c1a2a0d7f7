"""Two phrases for one actor: "Shin Won-sik, the national security adviser"."""

from __future__ import annotations

from transforms.events.actors.reading import Name, Phrase, Reading
from transforms.events.actors.runs import LONGEST_RUN, person_start
from transforms.events.tree import Token


def join_appositions(reading: Reading) -> None:
    """Join each apposition to the phrase it explains, which then knows what both say."""
    for token in reading.doc:
        if token.dep_ == "appos" and token.head.i < token.i:
            _join(reading, token.head, token)
    for number, name in enumerate(reading.names):
        if name.is_person and number not in reading.used:
            _join_before(reading, number, name)


def _join(reading: Reading, head: Token, apposition: Token) -> None:
    first = reading.phrases.get(head.i) or []
    second = reading.phrases.get(apposition.i) or []
    name = reading.name_at(head.i)
    if len(first) > 1 or len(second) > 1:
        return
    if name is not None and not first:
        _drop_explanation(reading, name, apposition, second)
    elif second and not first and head.pos_ == "PROPN":
        _explain_name(reading, head, apposition, second[0])
    elif first and second:
        _merge(first[0], second[0])
        reading.phrases[apposition.i] = []
    elif first and apposition.pos_ == "PROPN":
        _name_role(reading, first[0], apposition)


def _drop_explanation(
    reading: Reading, name: Name, apposition: Token, second: list[Phrase]
) -> None:
    """Take "Hamas, the militant group" as Hamas; "in Ukraine, Seoul's adviser said" are two."""
    if second and (name.is_person or second[0].actor.country in {None, name.mention.actor.country}):
        reading.phrases[apposition.i] = []


def _explain_name(reading: Reading, head: Token, apposition: Token, phrase: Phrase) -> None:
    """A name that no book knows takes the role that explains it."""
    start = person_start(reading, head.i)
    reading.phrases[apposition.i] = []
    reading.phrases[head.i] = [
        Phrase(
            head=head.i,
            start=start,
            end=head.i + 1,
            actor=phrase.actor,
            how=f"apposition, {phrase.how}",
            person=phrase.person,
            plural=phrase.plural,
            generic=phrase.generic,
            name=reading.doc[start : head.i + 1].text,
            title=phrase.title,
        )
    ]


def _merge(first: Phrase, second: Phrase) -> None:
    if first.generic and not second.generic:
        first.actor, first.generic = second.actor, False
        first.how = f"apposition, {second.how}"
    first.name = first.name or second.name


def _name_role(reading: Reading, phrase: Phrase, apposition: Token) -> None:
    """Give a role its holder: "South Korea's president, Yoon Suk Yeol"."""
    number = reading.at(apposition.i)
    if number is None:
        start = person_start(reading, apposition.i)
        phrase.name = reading.doc[start : apposition.i + 1].text
        return
    name = reading.names[number]
    if not name.is_person and not (phrase.generic and name.mention.actor.org is not None):
        return
    reading.used.add(number)
    phrase.actor, phrase.generic = name.mention.actor, False
    phrase.how, phrase.name = f"apposition, {name.how}", name.mention.text


def _join_before(reading: Reading, number: int, name: Name) -> None:
    """Join "the president of the Commission, Ursula von der Leyen" where the parser did not."""
    comma = name.start - 1
    if comma < 1 or reading.doc[comma].text != ",":
        return
    actor = name.mention.actor
    for index in range(comma - 1, max(-1, comma - 1 - LONGEST_RUN), -1):
        for phrase in reading.phrases.get(index) or ():
            same = (phrase.actor.country, phrase.actor.org) == (actor.country, actor.org)
            if phrase.end == comma and phrase.person and same:
                reading.used.add(number)
                phrase.name, phrase.how = name.mention.text, f"apposition, {name.how}"
                return
