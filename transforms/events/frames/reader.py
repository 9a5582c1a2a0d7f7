"""The constructions together: the readings of each verb and event noun of a sentence.

Few and named (`Frame.construction`): active, passive, relative, participle, control, coordination
(`syntax.controller`); nominal, circumstance ("after talks with"); light ("launched an attack on"),
operator ("agreed to", "suspended aid"), subject ("talks collapsed"), content (what is alleged);
condition ("is under sanctions", "is at war with"); obligation ("said that X must"); warning ("told X
it would face"); together ("built it together").
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.events.frames import conditions, joint, nominals, operators, speech, verbs
from transforms.events.frames.entries import Trigger
from transforms.events.frames.readings import Reading
from transforms.events.frames.scene import Scene
from transforms.events.frames.syntax import Arguments, arguments
from transforms.events.frames.triggers import noun_triggers, verb_triggers
from transforms.events.tree import Token

_MAX_DEPTH = 4  # of operators in operators


@dataclass(frozen=True, slots=True)
class Site:
    """One entry's trigger as it stands in the sentence.

    Attributes:
        head: The verb or noun.
        trigger: The entry and its words.
        action: Tokens of those words.
        args: What is in the head's slots.
    """

    head: Token
    trigger: Trigger
    action: tuple[int, ...]
    args: Arguments


class Reader:
    """Reads the acts of one sentence.

    Args:
        scene: The sentence with its actors.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.lexicon = scene.lexicon
        self._verbs: dict[int, list[Reading]] = {}
        self._arguments: dict[int, Arguments] = {}

    def arguments(self, verb: Token) -> Arguments:
        """Return a verb's arguments, read once."""
        if verb.i not in self._arguments:
            self._arguments[verb.i] = arguments(verb)
        return self._arguments[verb.i]

    def verb(self, verb: Token, depth: int = 0) -> list[Reading]:
        """Return the readings of a verb, the best first, as an act and as an operator over one."""
        if depth > _MAX_DEPTH:
            return []
        if verb.i in self._verbs:
            return self._verbs[verb.i]
        self._verbs[verb.i] = []  # a cycle reads as nothing
        args = self.arguments(verb)
        readings: list[Reading] = []
        for trigger, action in verb_triggers(verb, self.lexicon, self.scene.words):
            used = verbs.predicate_arguments(self, verb, trigger, action, args)
            site = Site(verb, trigger, action, used)
            if trigger.entry.operator:
                readings += operators.operated(self, site, depth)
            plain = verbs.plain(self, site)
            if plain is not None:
                readings.append(plain)
        readings += conditions.conditions(self, verb, args)
        readings += speech.obliged(self, verb, args)
        readings += speech.warned(self, verb, args)
        common = joint.together(self, verb)
        if common is not None:
            readings.append(common)
        readings = [
            verbs.modal(self, verb, reading)
            for reading in readings
            if verbs.is_whole(verb, reading.action)
        ]
        readings.sort(key=lambda reading: reading.rank, reverse=True)
        self._verbs[verb.i] = readings
        return readings

    def noun(self, noun: Token, *, outer: Arguments | None = None, depth: int = 0) -> list[Reading]:
        """Return the readings of an event noun, the best first.

        Args:
            noun: The noun.
            outer: The arguments of the verb it is the object of; None: it stands alone.
            depth: How deep in operators.
        """
        if depth > _MAX_DEPTH or self.scene.at(noun) is not None:
            return []
        args: Arguments | None = None
        readings: list[Reading] = []
        for trigger, action in noun_triggers(noun, self.lexicon):
            args = args or nominals.noun_arguments(noun)
            site = Site(noun, trigger, action, args)
            if trigger.entry.operator:
                readings += nominals.operated(self, site, outer, depth)
            plain = nominals.plain(self, site, outer)
            if plain is not None:
                readings.append(plain)
        readings.sort(key=lambda reading: reading.rank, reverse=True)
        return readings
