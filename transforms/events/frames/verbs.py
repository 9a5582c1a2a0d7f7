"""Verbs as acts of their own, and what auxiliaries make of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.events.frames import roles
from transforms.events.frames.codes import tables
from transforms.events.frames.entries import (
    NO_ACT,
    PARTICLES,
    PREPOSITIONS,
    Entry,
    Trigger,
)
from transforms.events.frames.parse import VERBAL, is_infinitive, kids
from transforms.events.frames.readings import Reading, plover_of
from transforms.events.frames.scene import is_known
from transforms.events.frames.syntax import Arguments, phrase_words, prepositions
from transforms.events.model import Mention
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader, Site

_FUTURE = frozenset({"will", "'ll", "wo", "shall"})
_SPEECH_ROOTS = frozenset({"02", "03", "10", "12", "13"})
_THREAT_ROOT = "13"
_MOBILIZE_ROOT = "15"
_FORCE_ROOTS = frozenset({"18", "19", "20"})
_SENT_CODES = frozenset({"150", "154"})
_HELP_BY_TROOPS = "074"  # "sent soldiers to help X drive out the rebels"
_HELPED_ROOTS = frozenset({"07", "15"})
_STRAY_WEIGHT = 0.8
# What civilians do to a state: riot for attack and destruction, obstruction for siege and occupation.
_CROWDS = frozenset({"CVL", "EDU", "LAB", "REF", "AGR", "HLH"})
_STATE = frozenset({"GOV", "LEG", "JUD", "COP", "MIL"})
_UNREST = {"190": "145", "1712": "145", "182": "145", "191": "144", "192": "144", "170": "145"}
_BLOCKED = frozenset({"191", "192", "170"})  # which crowds do in their own country to everybody
# Acts on persons: arrest, deport, kill, abduct, beat, torture, shoot, convict.
_PERSONAL_CODES = frozenset(
    {"173", "174", "180", "181", "182", "1821", "1822", "185", "186", "193", "116"}
)
# Verbs of which a particle makes another verb: "take up", "kick off".
_PHRASAL = frozenset(
    {"take", "give", "turn", "break", "carry", "put", "set", "call", "bring", "get", "go", "come"}
    | {
        "make",
        "hold",
        "let",
        "fall",
        "run",
        "work",
        "kick",
        "knock",
        "strike",
        "hit",
        "lash",
        "back",
        "pick",
    }
    | {"draw", "throw", "press", "push", "sign", "cut", "shoot", "hammer", "stand", "play"}
)


def predicate_arguments(
    reader: Reader, verb: Token, trigger: Trigger, action: tuple[int, ...], args: Arguments
) -> Arguments:
    """Return the arguments of "be opposed to": the subject acts, the adjective has prepositions."""
    if trigger.words[0] != "be":
        return args
    used = Arguments(slots={name: list(tokens) for name, tokens in args.slots.items()})
    if args.passive:
        used.slots["subj"] = args.get("obj")
        used.slots["obj"] = []
    for i in action:
        if i != verb.i:
            prepositions(reader.scene.doc[i], used)
    return used


def plain(reader: Reader, site: Site) -> Reading | None:
    """Return the reading of a verb as an act of its own; None: the entry does not hold here."""
    verb, entry, args = site.head, site.trigger.entry, site.args
    if not _holds(reader, site):
        return None
    cameo, specific = code_of(reader, site)
    if cameo is None:
        return None
    sources = roles.role(reader, entry.sources, args, entry, cameo, target=False)
    targets = roles.role(reader, entry.targets, args, entry, cameo, target=True)
    weight = entry.weight
    if not targets and sources and entry.need in {"both", "target"}:
        targets = roles.beyond(reader, verb, entry)
        weight *= _STRAY_WEIGHT if targets else 1.0
    targets = targets or _implied_targets(reader, verb, cameo)
    if not sources and cameo[:2] in _FORCE_ROOTS:
        sources = roles.without(roles.behind(reader, args), targets)
    if entry.reciprocal and len(sources) > 1 and not targets:
        targets = sources
    else:
        targets = roles.without(targets, sources)
    if cameo in _PERSONAL_CODES:
        targets = [one for one in targets if not roles.is_land(one, args.get("obj"))]
    if (
        entry.agent_class
        and not sources
        and not roles.is_deliberate(reader, args, entry.agent_class)
    ):
        return None
    cameo = by_parties(reader, site, cameo, sources, targets)
    if cameo[:2] == _MOBILIZE_ROOT and args.passive and not sources:
        sources, targets = moved(reader, args), roles.without(targets, moved(reader, args))
    plover, mode = plover_of(entry, cameo)
    unrest = by_people(cameo, sources, targets)
    if unrest is not None:
        cameo = unrest
        plover, mode = tables().codes[cameo].plover, tables().codes[cameo].mode
    return Reading(
        trigger=verb.i,
        action=site.action,
        entry=entry,
        lemma=" ".join(site.trigger.words),
        cameo=cameo,
        plover=plover,
        mode=mode,
        sources=tuple(sources),
        targets=tuple(targets),
        construction=args.shape,
        object=roles.span(args.get("obj")),
        reciprocal=entry.reciprocal,
        weight=weight,
        words=len(site.trigger.words),
        specific=specific or entry.subject_class is not None or _is_idiom(site.trigger),
    )


def _is_idiom(trigger: Trigger) -> bool:
    """Whether an entry names verb and object itself, "close embassy", not only a preposition."""
    return trigger.entry.operator is None and any(
        word not in PREPOSITIONS | PARTICLES for word in trigger.words[1:]
    )


def _holds(reader: Reader, site: Site) -> bool:
    """Whether the entry's conditions on subject, object and infinitive are met."""
    entry, args = site.trigger.entry, site.args
    if entry.subject_class and not reader.lexicon.in_class(
        entry.subject_class,
        phrase_words(args.get("subj"), reader.scene.names) | _carried(args.get("subj")),
    ):
        return False
    if entry.no_object and args.get("obj") and not args.passive:
        return False
    if entry.no_infinitive and any(is_infinitive(one) for one in kids(site.head, "xcomp")):
        return False
    if entry.whom and not _wants_somebody_to(site.head):
        return False
    return not entry.infinitive or any(
        is_infinitive(one) or (entry.operator != "demand" and _is_to_come(one))
        for i in site.action
        for one in kids(reader.scene.doc[i], "xcomp", "ccomp")
    )


def _wants_somebody_to(verb: Token) -> bool:
    """Whether an infinitive with a subject of its own stands by a verb that is not denied."""
    return not kids(verb, "neg") and any(
        is_infinitive(one) and kids(one, "nsubj", "nsubjpass")
        for one in kids(verb, "xcomp", "ccomp", "advcl")
    )


def _is_to_come(clause: Token) -> bool:
    """Whether a clause says what will be: "promised that it would"."""
    return any(child.lower_ in _FUTURE | {"would"} for child in kids(clause, "aux"))


def _carried(carriers: list[Token]) -> set[str]:
    """Return the words for what a ship or plane brings: "with tents", "carrying medicine"."""
    words: set[str] = set()
    for carrier in carriers:
        for prep in kids(carrier, "prep"):
            if prep.lower_ == "with":
                words |= phrase_words(kids(prep, "pobj"))
        for clause in kids(carrier, "acl", "relcl"):
            words |= phrase_words(kids(clause, "dobj"))
            for prep in kids(clause, "prep"):
                words |= phrase_words(kids(prep, "pobj")) if prep.lower_ == "with" else set()
    return words


def _implied_targets(reader: Reader, verb: Token, cameo: str) -> list[Mention]:
    """Return the target that a clause below the verb names: whom troops help, whom a strike is against."""
    if cameo[:2] in _HELPED_ROOTS:
        return roles.helped(reader, verb)
    if cameo[:2] == "14":
        return roles.protested(reader, verb)
    if cameo[:2] in _SPEECH_ROOTS:
        found = roles.spoken_of(reader, verb)
        return found or (roles.conditioned(reader, verb) if cameo[:2] == _THREAT_ROOT else [])
    return []


def code_of(reader: Reader, site: Site) -> tuple[str | None, bool]:
    """Choose the code by the classes of the objects' words: (code, whether a class decided).

    A decision a model could take.
    """
    for rule in site.trigger.entry.codes:
        if rule.object_class is None:
            return rule.cameo, False
        words = phrase_words(site.args.get(rule.slot or "obj"), reader.scene.names)
        for i in site.action[1:]:
            words |= phrase_words([reader.scene.doc[i]])
        if reader.lexicon.in_class(rule.object_class, words):
            return (None if rule.cameo == NO_ACT else rule.cameo), True
    return None, False


def by_parties(
    reader: Reader, site: Site, cameo: str, sources: list[Mention], targets: list[Mention]
) -> str:
    """Return the code that who acts and on whom makes of an entry's."""
    entry = site.trigger.entry
    if cameo in _SENT_CODES and _is_abroad(sources, roles.helped(reader, site.head)):
        cameo = _HELP_BY_TROOPS
    return by_border(entry, by_sector(entry, cameo, sources), sources, targets)


def by_sector(entry: Entry, cameo: str, sources: list[Mention]) -> str:
    """Return the code where the entry has another one for a military or police source."""
    if entry.military and any(one.actor.sector == "MIL" for one in sources):
        return entry.military
    if entry.police and any(one.actor.sector == "COP" for one in sources):
        return entry.police
    return cameo


def _is_abroad(sources: list[Mention], others: list[Mention]) -> bool:
    """Whether some are known to be of another country than the sources."""
    home = {one.actor.country for one in sources} | {None}
    return any(one.actor.country not in home for one in others)


def by_border(entry: Entry, cameo: str, sources: list[Mention], targets: list[Mention]) -> str:
    """Return the code where the entry has another one for targets of another country."""
    return entry.abroad if entry.abroad and _is_abroad(sources, targets) else cameo


def by_people(cameo: str, sources: list[Mention], targets: list[Mention]) -> str | None:
    """Return the code of unrest for what crowds do to the state: they riot and block; None: no crowd."""
    if not sources or not all(one.actor.sector in _CROWDS for one in sources):
        return None
    if targets and not any(one.actor.sector in _STATE for one in targets):
        own = {one.actor.country for one in sources} - {None}
        abroad = own and any(one.actor.country not in own | {None} for one in targets)
        if cameo not in _BLOCKED or abroad:
            return None
    return _UNREST.get(cameo)


def moved(reader: Reader, args: Arguments) -> list[Mention]:
    """Return whose troops "Indian paramilitaries have been moved to Kashmir" speaks of."""
    found = reader.scene.fill(args.get("obj"), modifiers=True)
    return [one for one in found if is_known(one)]


def modal(reader: Reader, verb: Token, reading: Reading) -> Reading:
    """Turn what will be into an intent, what will not be into a refusal, what must be as it is."""
    words = {child.lower_ for child in kids(verb, "aux")}
    if _is_due(verb):
        words.add("will")
    conditional = "would" in words and roles.depends(verb)
    if conditional or ("would" in words and is_reported(verb)):
        words.add("will")
    if verb.dep_ == "ROOT" and is_infinitive(verb) and kids(verb, "nsubj"):
        words.add("will")  # the headline "X to visit Y"
    if not words & _FUTURE or reading.plover is None or not reading.sources:
        return reading
    negative = bool(kids(verb, "neg"))
    root = reading.cameo[:2]
    operator = "refuse" if negative and root in {"03", "04", "05", "06", "07", "08"} else "intend"
    if negative and operator == "intend":
        return reading
    cameo = tables().apply(operator, reading.cameo)
    if conditional and reading.cameo[:2] == _MOBILIZE_ROOT:
        cameo = "138"  # "would send its army if"
    if cameo is None or cameo == reading.cameo:
        return reading
    changed = reading.coded(cameo)
    if cameo[:2] == _THREAT_ROOT and not changed.targets:  # "would strike if X attacked"
        against = roles.without(roles.conditioned(reader, verb), list(changed.sources))
        need = "source" if against else changed.entry.need
        changed = replace(changed, targets=tuple(against), entry=replace(changed.entry, need=need))
    return replace(
        changed,
        modality=None if operator == "refuse" or conditional else "intended",
        weight=reading.weight * 0.9,
    )


def _is_due(verb: Token) -> bool:
    """Whether an infinitive tells what is to come: "is to visit", "is going to visit"."""
    above = verb.head
    if verb.dep_ != "xcomp" or not is_infinitive(verb):
        return False
    if above.lemma_.lower() == "go":
        return above.tag_ == "VBG" and not kids(above, "prep", "advmod")
    due = above.lemma_.lower() == "be" and above.pos_ in VERBAL and above.i < verb.i
    return due and not kids(above, "acomp", "attr")


def is_whole(verb: Token, action: tuple[int, ...]) -> bool:
    """Tell "take up" from "take": a particle that makes another verb must be one of the entry's words."""
    return verb.lemma_.lower() not in _PHRASAL or all(
        particle.i in action for particle in kids(verb, "prt")
    )


def is_reported(verb: Token) -> bool:
    """Return whether a clause is what someone said: the complement of a verb, or beside a quote."""
    return verb.dep_ in {"ccomp", "parataxis"} or (
        verb.dep_ == "conj" and verb.head.dep_ in {"ccomp", "parataxis"}
    )
