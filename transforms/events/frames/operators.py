"""Operators: verbs and nouns whose complement is an act, and what they make of it.

"agreed to send", "suspended aid", "launched an attack on", "accused X of shelling", "talks collapsed":
`data/operators.tsv` says which code an operator gives to which act.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.events.frames import roles
from transforms.events.frames.codes import tables
from transforms.events.frames.entries import Entry
from transforms.events.frames.parse import NOMINAL, OBLIGATION, VERBAL, is_infinitive, kids
from transforms.events.frames.readings import Reading
from transforms.events.frames.scene import is_known
from transforms.events.frames.syntax import Arguments
from transforms.events.model import Mention
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader, Site

_JOINT = frozenset(
    {"agree", "consent", "decide"}
)  # what two do with each other; a vow is each one's
_FRIENDLY = frozenset({"agree", "consent", "accept", "undertake", "offer"})
_HOSTILE_ROOTS = frozenset({"13", "15"})
_THREAT_ROOT = "13"
_FORCE_FROM = "13"  # the CAMEO root from which on acts are hostile
_CARRYING_OUT = frozenset({"do", "stop", "allow", "deny"})
_ASKING = frozenset({"request", "demand"})
_CUT_AID = "162"
_CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "acl"})


def operated(reader: Reader, site: Site, depth: int) -> list[Reading]:
    """Return the readings of a verb as an operator over each act in its complements."""
    entry = site.trigger.entry
    sources = roles.role(reader, entry.sources, site.args, entry, "", target=False)
    readings = []
    for token, slot in complements(reader, site):
        for base in bases(reader, token, site.args, depth + 1):
            made = combine(reader, site, sources, base, slot=slot)
            if made is not None:
                readings.append(made)
    return readings


def complements(reader: Reader, site: Site) -> Iterator[tuple[Token, str]]:
    """Yield the heads of the complements in which an entry looks for an act, with their slots."""
    for slot in site.trigger.entry.complements:
        if slot in _CLAUSES:
            for child in _clauses(reader, site, slot):
                yield child, slot
        elif slot == "nsubj":
            if not site.args.passive and not site.args.get("obj"):
                for token in site.args.get("subj"):
                    yield token, slot
        else:
            for token in site.args.get(slot):
                if token.i not in site.action:
                    yield token, slot
            if slot == "for":
                yield from ((clause, "xcomp") for clause in _wishes(site.head))


def _wishes(verb: Token) -> list[Token]:
    """Return the clauses that say what is called for: "called for X to withdraw"."""
    return [
        clause
        for clause in kids(verb, *_CLAUSES)
        if is_infinitive(clause) and any(mark.lower_ == "for" for mark in kids(clause, "mark"))
    ]


def _clauses(reader: Reader, site: Site, slot: str) -> Iterator[Token]:
    nodes = {site.head.i, *site.action}
    for node in (reader.scene.doc[i] for i in sorted(nodes)):
        for child in node.children:
            if child.i in nodes:
                continue
            if child.dep_ == slot:
                own = kids(child, "nsubj", "nsubjpass") or not site.trigger.entry.whom
                if own and (slot != "advcl" or is_infinitive(child)):
                    yield child
            elif slot == "xcomp":
                if child.dep_ == "advcl" and _is_apart(site, child):
                    yield child
            elif slot == "acl" and (
                (child.dep_ == "relcl" and is_infinitive(child))
                or (child.dep_ == "ccomp" and node.pos_ in NOMINAL)
            ):
                yield child


def _is_apart(site: Site, clause: Token) -> bool:
    """Whether an infinitive is what is threatened or promised: "threatened in April to expel X"."""
    verb = site.head
    if (
        site.trigger.entry.operator in _CARRYING_OUT
        or verb.i > clause.i
        or kids(verb, "xcomp", "ccomp", "dobj")
        or not is_infinitive(clause)
    ):
        return False
    return not kids(clause, "mark") and verb.doc[clause.left_edge.i - 1].text != ","


def bases(reader: Reader, token: Token, outer: Arguments, depth: int) -> list[Reading]:
    """Return the acts in a complement: the best reading of each coordinated head."""
    heads = [token, *(other for other in token.conjuncts if other.i > token.i)]
    found = (_readings_of(reader, head, outer, depth) for head in heads)
    return [readings[0] for readings in found if readings]


def _readings_of(reader: Reader, head: Token, outer: Arguments, depth: int) -> list[Reading]:
    if head.pos_ in VERBAL:
        return reader.verb(head, depth) or acts_in(reader, head, depth)
    if head.pos_ not in NOMINAL:
        return []
    readings = reader.noun(head, outer=outer, depth=depth)
    if not readings:  # "a series of strikes"
        for prep in kids(head, "prep"):
            if prep.lower_ == "of":
                for inner in kids(prep, "pobj"):
                    readings = reader.noun(inner, outer=outer, depth=depth)
    if not readings and head.lemma_.lower() in reader.lexicon.classes["accusation"]:
        for clause in kids(head, "acl", "ccomp", "relcl"):
            readings = readings or reader.verb(clause, depth)
    return readings


def acts_in(reader: Reader, verb: Token, depth: int) -> list[Reading]:
    """Return the acts that an unknown verb has for object: "take part in talks with"."""
    args = reader.arguments(verb)
    for slot, tokens in args.slots.items():
        if slot in {"obj", "to", "in", "on"}:
            for token in tokens:
                if token.pos_ == "NOUN":
                    readings = reader.noun(token, outer=args, depth=depth + 1)
                    if readings:
                        return [replace(readings[0], weight=readings[0].weight * 0.85)]
    return []


def combine(
    reader: Reader, site: Site, sources: list[Mention], base: Reading, *, slot: str
) -> Reading | None:
    """Return what an operator makes of an act in its complement; None: no act.

    Args:
        reader: The sentence.
        site: The operator.
        sources: Who fills its source's role.
        base: The act.
        slot: The complement it stands in.
    """
    entry, args, action = site.trigger.entry, site.args, site.action
    operator = entry.operator
    assert operator is not None
    cameo = _code(reader, site, base) if _holds(reader, site, base, slot) else None
    if cameo is None:
        return None
    own = roles.without(roles.role(reader, entry.targets, args, entry, "", target=True), sources)
    if operator == "intend" and base.cameo.startswith(_CUT_AID) and not (own or base.targets):
        return None  # "plans to cut the price of fruit"
    if operator in _CARRYING_OUT:
        return done(site, base, sources=sources, own=own, cameo=cameo, slot=slot)
    targets, contents = addressed(operator, sources, own, base)
    if not targets and cameo[:2] == _THREAT_ROOT:
        targets = roles.without(roles.conditioned(reader, site.head), sources)
    made = Reading(
        trigger=site.head.i,
        action=tuple(sorted({*action, *base.action})) if slot != "ccomp" else action,
        entry=entry,
        lemma=" ".join(site.trigger.words),
        cameo=cameo,
        plover=None,
        mode=None,
        sources=tuple(sources),
        targets=tuple(targets),
        construction="operator",
        object=base.object or roles.span([reader.scene.doc[base.trigger]]),
        reciprocal=operator == "intend"
        and (base.reciprocal or site.trigger.words[0] in _JOINT)
        and len(sources) > 1
        and not any(map(is_known, targets)),
        weight=entry.weight,
        words=len(site.trigger.words),
        specific=True,
        covers=base.covers | within(reader, base.trigger),
        contents=contents,
    ).coded(cameo)
    if made.reciprocal:
        made = replace(made, targets=made.sources)
    return made


def _holds(reader: Reader, site: Site, base: Reading, slot: str) -> bool:
    """Whether the act in the complement is what the operator is over."""
    operator, verb = site.trigger.entry.operator, reader.scene.doc[base.trigger]
    if base.plover is None and operator not in {"deny", "request", "demand"}:
        return False
    if operator in _ASKING:
        if slot == "ccomp" and not may_be_asked(verb):
            return False
        things = slot == "for" and site.args.get("obj")
        if things and not reader.scene.fill(things):
            return False  # "pushes an analogy for the war"
    return not _is_open(verb)


def _code(reader: Reader, site: Site, base: Reading) -> str | None:
    """Return the code that an operator makes of an act; None: it makes none."""
    operator = site.trigger.entry.operator
    assert operator is not None
    cameo = tables().apply(operator, base.cameo)
    if cameo is None or operator != "intend":
        return cameo
    hostile = cameo[:2] in _HOSTILE_ROOTS
    if _is_renounced(reader.scene.doc[base.trigger], base):
        return "030"
    # Who agrees to something does it for the other's sake.
    return "030" if hostile and site.trigger.words[0] in _FRIENDLY else cameo


def _is_open(verb: Token) -> bool:
    """Whether a clause leaves open what will be done: "decide whether to resign"."""
    return any(child.lower_ == "whether" for child in verb.lefts)


def _is_renounced(verb: Token, base: Reading) -> bool:
    """Whether a hostile act is promised not to be done: "agreed not to use force"."""
    return base.cameo[:2] >= _FORCE_FROM and bool(kids(verb, "neg"))


def within(reader: Reader, trigger: int) -> frozenset[int]:
    """Return the tokens of an act that is not said to happen: its own and its purposes'."""
    found = {trigger}
    queue = [reader.scene.doc[trigger]]
    for token in queue:
        for child in kids(token, "advcl", "xcomp", "ccomp", "conj", "dobj", "pobj", "prep"):
            found.add(child.i)
            queue.append(child)
    return frozenset(found)


def addressed(
    operator: str, sources: list[Mention], own: list[Mention], base: Reading
) -> tuple[list[Mention], tuple[Reading, ...]]:
    """Return who is addressed by an act of speech, and the acts that are its content."""
    speaker = sources[0] if sources else None
    doers = roles.without(list(base.sources), sources)
    done_to = roles.without(list(base.targets), sources)
    if operator == "accuse":
        targets = own or doers
        content = replace(
            base,
            sources=tuple(targets),
            targets=tuple(roles.without(list(base.targets), targets)),
            modality="alleged",
            speaker=speaker,
            construction="content",
        )
        return targets, (content,) if targets else ()
    if operator in _ASKING:
        targets = own or doers or done_to
        return targets, ()
    if operator == "refuse" and base.cameo[:2] in {"02", "03", "10", "11", "13"}:
        return doers or own or done_to, ()
    if operator == "refuse":
        return own or done_to or doers, ()
    return done_to or own, ()


def done(
    site: Site,
    base: Reading,
    *,
    sources: list[Mention],
    own: list[Mention],
    cameo: str,
    slot: str,
) -> Reading:
    """Return an act that is carried out, undergone, stopped or let happen."""
    trigger = site.trigger
    operator = trigger.entry.operator
    doers = list(base.sources)
    undergone = bool(trigger.entry.sources) and trigger.entry.sources[0] != "subj"
    if operator == "allow":
        own = roles.without(doers, sources) or own
        base = replace(base, targets=()) if own else base
        doers = sources
    elif (operator == "stop" and slot != "nsubj" and sources) or (
        slot != "nsubj"
        and (not doers or (slot == "obj" and sources and not base.reciprocal and not undergone))
    ):
        doers = sources
    if undergone:
        targets = roles.without(own, doers)
    else:
        targets = roles.without(list(base.targets), doers) or roles.without(own, doers)
    if base.reciprocal and len(doers) > 1 and not targets:
        targets = doers
    made = replace(
        base,
        trigger=site.head.i if slot != "nsubj" else base.trigger,
        action=tuple(sorted({*site.action, *base.action})),
        lemma=f"{' '.join(trigger.words)} {base.lemma}",
        sources=tuple(doers),
        targets=tuple(targets),
        construction={"nsubj": "subject", "obj": "light"}.get(slot, "operator"),
        weight=base.weight * (1.1 if slot in {"obj", "nsubj"} else 1.0),
        words=base.words + len(trigger.words),
        covers=base.covers | {base.trigger},
        specific=True,
        reciprocal=base.reciprocal and (operator != "stop" or slot == "nsubj"),
    )
    if cameo != base.cameo:
        entry = needing(base.entry, trigger.entry)
        if slot == "xcomp":
            entry = replace(entry, need="both")
        made = replace(made.coded(cameo), entry=entry)
    if operator == "deny" and sources:
        made = replace(made, speaker=sources[0])
    return made


def may_be_asked(verb: Token) -> bool:
    """Return whether a clause may say what is asked: an infinitive, a subjunctive, "must"."""
    auxiliaries = {child.lower_ for child in kids(verb, "aux")}
    if auxiliaries & OBLIGATION or is_infinitive(verb):
        return True
    return not auxiliaries and verb.tag_ in {"VB", "VBP", "NN", "NNS"}


def needing(base: Entry, operator: Entry) -> Entry:
    """Return the base entry under an operator's name and needs."""
    return replace(base, name=f"{operator.name}+{base.name}", need=operator.need)
