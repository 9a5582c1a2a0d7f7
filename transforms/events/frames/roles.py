"""Who fills an entry's roles: the slots in order, and what to do where the parse lost a phrase."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from transforms.events.frames.entries import Entry
from transforms.events.frames.parse import is_infinitive, kids
from transforms.events.frames.scene import is_known
from transforms.events.frames.syntax import Arguments, phrase_words, prepositions
from transforms.events.model import Mention
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader

_STRAY_PREPOSITIONS = frozenset({"to", "with", "against", "at", "toward", "towards", "into"})
_MODIFIED_CODES = ("05", "084", "11", "12", "15", "16", "17", "18", "19", "20")
_CONDITIONS = frozenset({"if", "unless", "should", "until"})
_BESIDE = frozenset(
    {"relcl", "advcl", "conj", "parataxis", "appos", "punct", "nsubj", "mark", "cc"}
)
_PROTEST_ROOT = "14"
_ARMED = frozenset({"MIL", "REB", "UAF", "COP", "SPY"})
_ABOUT_ROOTS = frozenset({"05", "11"})


def beyond(reader: Reader, verb: Token, entry: Entry) -> list[Mention]:
    """Return the actor after one of the entry's prepositions where the parser lost the phrase.

    Only to the right of the verb, in its clause, and for prepositions that hardly belong to nouns.
    """
    wanted = [slot for slot in entry.targets if slot in _STRAY_PREPOSITIONS]
    if not wanted:
        return []
    for token in verb.doc[verb.i + 1 :]:
        if token.text in {";", ":", ",", "--"} or kids(token, "nsubj", "nsubjpass"):
            return []
        if token.lower_ in wanted and token.pos_ == "ADP":
            found = reader.scene.fill(kids(token, "pobj"))
            if any(is_known(one) for one in found):
                return found
    return []


def role(
    reader: Reader,
    slots: tuple[str, ...],
    args: Arguments,
    entry: Entry,
    cameo: str,
    *,
    target: bool,
) -> list[Mention]:
    """Return the mentions in the first slot that holds a known actor, else any.

    Args:
        reader: The sentence.
        slots: The slots in order of preference.
        args: What is in them.
        entry: The entry whose role it is.
        cameo: Its code; of conflict, criticism and the like an actor inside the object counts.
        target: Whether it is the target's role.
    """
    if target and cameo[:2] in _ABOUT_ROOTS and "obj" in slots:
        owned = _possessors(reader, args)
        if owned:
            return owned
    found = _in_slots(reader, slots, args, people=not target and cameo[:2] == _PROTEST_ROOT)
    if any(is_known(one) for one in found):
        return found
    owners = _owners(reader, slots, args)
    if owners:
        return owners
    if not found and target and (entry.in_object or cameo.startswith(_MODIFIED_CODES)):
        for slot in slots:
            found = reader.scene.inside(args.get(slot))
            if found:
                return found
    return found


def _possessors(reader: Reader, args: Arguments) -> list[Mention]:
    """Return X of "criticized X's support of Y", where the object itself is no actor."""
    for token in args.get("obj"):
        if not reader.scene.all_at(token):
            found = reader.scene.fill(kids(token, "poss"))
            if not found and token.lemma_.lower() in reader.lexicon.classes["demand"]:
                found = reader.scene.modifying(token)  # "backs Israeli demands for X to"
            if any(is_known(one) for one in found):
                return found
    return []


def _in_slots(
    reader: Reader, slots: Iterable[str], args: Arguments, *, people: bool
) -> list[Mention]:
    vague: list[Mention] = []
    for slot in slots:
        found = reader.scene.fill(args.get(slot), modifiers=people)
        if not found and slot == "iobj":
            found = lost_recipient(reader, args)
        if slot == "subj" and found:
            joined = (
                reader.scene.series(found[0])
                or reader.scene.listed_before(found[0])
                or reader.scene.joined_before(found[0])
            )
            found = [*(one for one in joined if one not in found), *found]
        if any(is_known(one) for one in found):
            return found
        vague = vague or found
    return vague


def _owners(reader: Reader, slots: Iterable[str], args: Arguments) -> list[Mention]:
    """Return X of "rejected X's demand" for the slots "poss" and "mod" of a verb."""
    if {"poss", "mod"} & set(slots):
        for token in args.get("obj"):
            found = reader.scene.modifying(token)
            if found:
                return found
    return []


def lost_recipient(reader: Reader, args: Arguments) -> list[Mention]:
    """Return X of "gave X missiles" where the parser took X for part of the object."""
    for token in args.get("obj"):
        first = reader.scene.doc[token.left_edge.i]
        mention = reader.scene.starting(first)
        if mention is not None and mention.head != token.i and first.tag_.startswith("NNP"):
            return [mention]
    return []


def helped(reader: Reader, verb: Token) -> list[Mention]:
    """Return X of "sent troops to help X"."""
    for clause in kids(verb, "advcl", "xcomp", "acl"):
        if is_infinitive(clause) and clause.lemma_.lower() in reader.lexicon.classes["helping"]:
            return reader.scene.fill(reader.arguments(clause).get("obj"))
    return []


def reach(reader: Reader, verb: Token, taken: Sequence[Mention]) -> list[Mention]:
    """Return the nearest actor of another party that the verb's phrases name, however deep.

    Clauses beside the verb are left out, its infinitives are not: "agreed to reopen the crossings
    into X".

    Args:
        reader: The sentence.
        verb: The act.
        taken: Its source.
    """
    parties = {one.actor.country or one.actor.org for one in taken}
    queue = [child for child in verb.rights if child.dep_ not in _BESIDE]
    while queue:
        token = queue.pop(0)
        mention = reader.scene.at(token) or reader.scene.modifiers.get(token.i)
        party = mention and is_known(mention) and (mention.actor.country or mention.actor.org)
        if mention and party and party not in parties:
            return [mention]
        queue = [child for child in token.children if child.dep_ not in _BESIDE] + queue
    return []


def is_land(mention: Mention, objects: list[Token]) -> bool:
    """Whether the object is a country itself, which nobody arrests or shoots ("beat Brazil")."""
    return mention.how in {"country", "capital"} and any(
        token.i == mention.head for token in objects
    )


def is_deliberate(reader: Reader, args: Arguments, agent_class: str) -> bool:
    """Tell "killed in an airstrike" from "killed in an earthquake"."""
    causes = [t for slot in ("subj", "by", "in", "during", "when") for t in args.get(slot)]
    if reader.lexicon.in_class(agent_class, phrase_words(causes)):
        return True
    if args.shape == "participle":  # "the soldiers killed in the capital"
        return False
    armed = phrase_words(args.get("obj")) & reader.lexicon.classes["combatants"]
    return bool(armed) and reader.scene.words.isdisjoint(reader.lexicon.classes["mishaps"])


def behind(reader: Reader, args: Arguments) -> list[Mention]:
    """Return X of "killed in an X air raid", "an X attack killed", "killed in a clash with X".

    Armed men, or a nation where only its forces do such a thing: "Kabul violence" says where, not who.
    """
    for slot in ("subj", "in", "during", "by"):
        for token in args.get(slot):
            lemma = token.lemma_.lower()
            assailing = lemma in reader.lexicon.classes["assailing"]
            if not assailing and lemma not in reader.lexicon.classes["violence"]:
                continue
            by = Arguments()
            prepositions(token, by)
            with_whom = by.get("with") if lemma in reader.lexicon.classes["fighting"] else []
            found = reader.scene.fill(by.get("by") or with_whom) or [
                one
                for one in reader.scene.modifying(token)
                if one.actor.sector in _ARMED
                or one.actor.org
                or (assailing and _is_nation(reader, one))
            ]
            if any(is_known(one) for one in found):
                return found
    return []


def _is_nation(reader: Reader, mention: Mention) -> bool:
    """Whether a mere modifier is a nation's adjective ("Israeli"), no name of a place."""
    span = reader.scene.doc.around(mention.char_start, mention.char_end)
    return mention.how == "modifier" and span is not None and span.root.pos_ == "ADJ"


def protested(reader: Reader, verb: Token) -> list[Mention]:
    """Return X of "went on strike to protest X's decision", "to demand that X step down"."""
    for clause in kids(verb, "advcl", "xcomp"):
        if clause.lemma_.lower() not in reader.lexicon.classes["protesting"]:
            continue
        args = reader.arguments(clause)
        for slot in ("against", "from", "that", "obj", "at", "over", "on", "of"):
            found = reader.scene.fill(args.get(slot)) or reader.scene.inside(args.get(slot))
            if any(is_known(one) for one in found):
                return found
    return []


def spoken_of(reader: Reader, verb: Token) -> list[Mention]:
    """Return X of "refused to answer X", "threatened to deal X a blow": an unknown act's object."""
    for clause in kids(verb, "xcomp"):
        args = reader.arguments(clause)
        for slot in ("iobj", "obj", "to", "with", "against", "on"):
            found = reader.scene.fill(args.get(slot)) or reader.scene.inside(args.get(slot))
            if any(is_known(one) for one in found):
                return found
    return []


def conditioned(reader: Reader, verb: Token) -> list[Mention]:
    """Return X of "threatened to strike if X attacks": whose act a threat depends on."""
    for clause in _conditions(verb):
        args = reader.arguments(clause)
        found = reader.scene.fill(args.get("by" if args.passive else "subj"))
        if any(is_known(one) for one in found):
            return found
    return []


def depends(verb: Token) -> bool:
    """Return whether what a verb tells depends on an "if", "unless", "until"."""
    return bool(_conditions(verb))


def _conditions(verb: Token) -> list[Token]:
    """Return the conditions of a verb and of the clauses it governs."""
    clauses = [verb, *kids(verb, "xcomp", "ccomp")]
    if verb.dep_ in {"ccomp", "parataxis"}:
        clauses.append(verb.head)  # "would break off the talks, they said, if"
    return [
        clause
        for head in clauses
        for clause in kids(head, "advcl")
        if any(mark.lower_ in _CONDITIONS for mark in kids(clause, "mark"))
    ]


def noun_role(
    reader: Reader, slots: tuple[str, ...], noun: Token, args: Arguments
) -> list[Mention]:
    """Return the mentions in the first slot of an event noun that holds any."""
    for slot in slots:
        if slot in {"poss", "mod"}:
            found = reader.scene.modifying(noun)
        else:
            found = reader.scene.fill(args.get(slot)) or (
                reader.scene.inside(args.get(slot)) if slot not in {"by", "from"} else []
            )
        if found:
            return found
    return []


def without(mentions: list[Mention], others: list[Mention]) -> list[Mention]:
    """Return the mentions whose actors are none of the others'."""
    taken = {other.actor for other in others}
    spans = {(other.char_start, other.char_end) for other in others}
    return [
        one
        for one in mentions
        if one.actor not in taken and (one.char_start, one.char_end) not in spans
    ]


def span(tokens: list[Token]) -> tuple[int, int] | None:
    """Return the first phrase's tokens, clauses after it left out."""
    if not tokens:
        return None
    head = tokens[0]
    end = head.i + 1
    for child in head.children:
        if child.i > head.i and child.dep_ in {"prep", "conj", "appos", "cc", "compound"}:
            end = max(end, child.right_edge.i + 1)
        elif child.i > head.i:
            break
    return head.left_edge.i, end
