"""Event nouns: alone ("Moscow's offensive against Ukraine"), under a verb, or as a circumstance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.events.frames import operators, roles, verbs
from transforms.events.frames.entries import NO_ACT
from transforms.events.frames.parse import VERBAL
from transforms.events.frames.readings import Reading, plover_of
from transforms.events.frames.syntax import Arguments, clause_subjects, phrase_words, prepositions
from transforms.events.model import Mention
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader, Site

_CIRCUMSTANCES = frozenset({"after", "during", "in", "at", "following", "amid", "through"})
_TOPIC_SLOTS = ("of", "into", "on", "for")  # where a noun's phrase says what it is about


def noun_arguments(noun: Token) -> Arguments:
    """Return what stands in a noun's prepositions; of "an attack by X on Y" both."""
    args = Arguments()
    prepositions(noun, args)
    clause_subjects(noun, args)
    for slot in ("by", "of", "from"):
        for token in list(args.get(slot)):
            nested = Arguments()
            prepositions(token, nested)
            for name, tokens in nested.slots.items():
                if name in {"on", "against", "to", "with"}:
                    args.slots.setdefault(name, tokens)
    return args


def plain(reader: Reader, site: Site, outer: Arguments | None) -> Reading | None:
    """Return the reading of a noun as an act; None: no code of its entry holds.

    Args:
        reader: The sentence.
        site: The noun.
        outer: The arguments of the verb above it, which fill what the noun itself leaves open.
    """
    entry, noun = site.trigger.entry, site.head
    topic = [token for slot in _TOPIC_SLOTS for token in site.args.get(slot)]
    words = phrase_words([noun]) | phrase_words(topic)
    rule = next(
        (
            rule
            for rule in entry.codes
            if rule.object_class is None
            or reader.lexicon.in_class(
                rule.object_class, phrase_words(site.args.get(rule.slot)) if rule.slot else words
            )
        ),
        None,
    )
    if rule is None or rule.cameo == NO_ACT:
        return None
    sources, targets = _roles(reader, site, outer)
    cameo = verbs.by_sector(entry, rule.cameo, sources)
    plover, mode = plover_of(entry, cameo)
    return Reading(
        trigger=noun.i,
        action=site.action,
        entry=entry,
        lemma=" ".join(site.trigger.words),
        cameo=cameo,
        plover=plover,
        mode=mode,
        sources=tuple(sources),
        targets=tuple(targets),
        construction="nominal",
        reciprocal=entry.reciprocal,
        weight=entry.weight,
        words=len(site.trigger.words),
        specific=rule.object_class is not None or len(site.trigger.words) > 1,
    )


def _roles(
    reader: Reader, site: Site, outer: Arguments | None
) -> tuple[list[Mention], list[Mention]]:
    entry = site.trigger.entry
    sources = roles.noun_role(reader, entry.sources, site.head, site.args)
    targets = roles.noun_role(reader, entry.targets, site.head, site.args)
    if entry.reciprocal and not sources and not targets:
        sources = targets = _parted(reader, site.head)
    if outer is not None and not sources:
        sources = reader.scene.fill(outer.get("by" if outer.passive else "subj"))
    targets = roles.without(targets, sources)
    if outer is not None and not targets:
        for slot in entry.targets:
            if slot not in {"of", "subj"}:
                targets = targets or roles.without(reader.scene.fill(outer.get(slot)), sources)
    if entry.reciprocal and len(sources) > 1 and not targets:
        targets = sources
    if entry.reciprocal and len(targets) > 1 and not sources:
        sources = targets
    return sources, targets


def _parted(reader: Reader, noun: Token) -> list[Mention]:
    """Return X and Y of "clashes erupted on Monday between X and Y": the phrase hangs on the verb."""
    verb = noun.head
    if noun.dep_ not in {"nsubj", "nsubjpass"} or verb.pos_ not in VERBAL:
        return []
    if noun.dep_ == "nsubj" and verb.lemma_.lower() not in reader.lexicon.classes["occurring"]:
        return []
    return reader.scene.fill_all(reader.arguments(verb).get("between"))


def operated(reader: Reader, site: Site, outer: Arguments | None, depth: int) -> list[Reading]:
    """Return the readings of a noun as an operator: "calls by X to", "X's refusal to"."""
    entry = site.trigger.entry
    sources = roles.noun_role(reader, entry.sources, site.head, site.args)
    if not sources and outer is not None and entry.operator != "request":
        sources = reader.scene.fill(outer.get("by" if outer.passive else "subj"))
    own = roles.noun_role(reader, entry.targets, site.head, site.args)
    readings = []
    for token, slot in operators.complements(reader, site):
        for base in operators.bases(reader, token, site.args, depth + 1):
            made = operators.combine(reader, site, sources, base, slot=slot)
            if made is not None:
                targets = tuple(roles.without(own, sources)) if own else made.targets
                readings.append(
                    replace(made, targets=targets, trigger=site.head.i, construction="nominal")
                )
    return readings


def alone(reader: Reader, noun: Token) -> list[Reading]:
    """Return the readings of a noun that is under no operator, as it stands and as a circumstance.

    "In calls to the leaders of X and Y, Z": where the clause names the caller, X did not call Y.
    """
    around = circumstance(reader, noun)
    return [
        *(one for one in reader.noun(noun) if not (around and one.sources == one.targets)),
        *around,
    ]


def circumstance(reader: Reader, noun: Token) -> list[Reading]:
    """Read "after talks with X", "during a visit to Y": the clause's subject is the source."""
    prep = noun.head
    if prep.dep_ != "prep":
        return []
    if (
        prep.head.dep_ == "nsubj" and prep.i and prep.nbor(-1).text == ","
    ):  # "X, in talks with Y, said"
        return _met(reader, noun, prep.head) if prep.lower_ in _CIRCUMSTANCES else []
    if prep.head.pos_ not in VERBAL:
        return []
    moving = prep.lower_ == "for" and prep.head.lemma_ in reader.lexicon.classes["motion"]
    if prep.lower_ not in _CIRCUMSTANCES and not moving:
        return []
    outer = reader.arguments(prep.head)
    if outer.passive or (moving and not reader.scene.fill(outer.get("subj"))):
        return []  # "the time had come for talks"
    return [one for subject in outer.get("subj")[:1] for one in _met(reader, noun, subject)]


def _met(reader: Reader, noun: Token, subject: Token) -> list[Reading]:
    """Return the meetings that a noun in a circumstance names, with the clause's subject as a party."""
    outer = Arguments(slots={"subj": [subject]})
    return [
        replace(reading, construction="circumstance")
        for reading in reader.noun(noun, outer=outer)
        if reading.plover == "CONSULT"
    ]
