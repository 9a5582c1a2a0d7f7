"""The constructions: how verbs, event nouns and operators over them put actors into roles.

Few and named (`Frame.construction`): active, passive, relative, participle, control, coordination
(from `syntax.controller`), nominal, circumstance ("after talks with"), light ("launched an attack
on"), operator ("agreed to", "suspended aid"), subject ("talks collapsed"), condition ("is under
sanctions", "is at war with"), content (what is alleged, asked, threatened).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from transforms.events.frames.codes import tables
from transforms.events.frames.lexicon import CodeRule, Entry, Trigger
from transforms.events.frames.readings import Reading, plover_of
from transforms.events.frames.scene import Scene, is_known
from transforms.events.frames.syntax import (
    VERBAL,
    Arguments,
    arguments,
    clause_subjects,
    is_infinitive,
    kids,
    phrase_words,
    prepositions,
)
from transforms.events.frames.triggers import noun_triggers, verb_triggers
from transforms.events.model import Mention

_NOMINAL = frozenset({"NOUN", "PROPN"})
_MAX_DEPTH = 4
_ASKING = frozenset({"request", "demand"})
_CONDITIONS = {"under": "target", "at": "source", "in": "source"}
_CONDITION_VERBS = frozenset(
    ["be", "come", "remain", "stay", "live", "find", "place", "put", "fall", "keep", "lie"]
)
_CIRCUMSTANCES = frozenset({"after", "during", "in", "at", "following", "amid", "through"})
_OBLIGATION = frozenset({"must", "should", "ought"})
_SPEECH_ROOTS = frozenset({"02", "03", "10", "12", "13"})
_FUTURE = frozenset({"will", "'ll", "wo", "shall"})
_STRAY_PREPOSITIONS = frozenset({"to", "with", "against", "at", "toward", "towards", "into"})
_STRAY_WEIGHT = 0.8
# Acts on persons: arrest, deport, kill, abduct, beat, torture, shoot, convict.
_PERSONAL_CODES = frozenset(
    {"173", "174", "180", "181", "182", "1821", "1822", "185", "186", "193", "116"}
)
_PHRASAL = frozenset(
    "take give turn break carry put set call bring get go come make hold let fall run work".split()
)
_HELPED_ROOTS = frozenset({"07", "15"})
_MODIFIED_ROOTS = frozenset({"05", "11", "12", "15", "16", "17", "18", "19", "20"})


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

    # -- verbs ---------------------------------------------------------------------------------

    def verb(self, verb: Token, depth: int = 0) -> list[Reading]:
        """Return the readings of a verb, the best first; acts under an operator included."""
        if depth > _MAX_DEPTH:
            return []
        if verb.i in self._verbs:
            return self._verbs[verb.i]
        self._verbs[verb.i] = []  # a cycle reads as nothing
        args = self.arguments(verb)
        readings: list[Reading] = []
        for trigger, action in verb_triggers(verb, self.lexicon):
            entry = trigger.entry
            used = self._predicate_arguments(verb, trigger, action, args)
            if entry.operator:
                readings += self._operated(verb, trigger, action, used, depth)
            plain = self._plain(verb, trigger, action, used)
            if plain is not None:
                readings.append(plain)
        readings += self._conditions(verb, args)
        readings += self._obliged(verb, args)
        readings = [
            self._modal(verb, reading) for reading in readings if _is_whole(verb, reading.action)
        ]
        readings.sort(key=lambda reading: reading.rank, reverse=True)
        self._verbs[verb.i] = readings
        return readings

    def _predicate_arguments(
        self, verb: Token, trigger: Trigger, action: tuple[int, ...], args: Arguments
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
                prepositions(self.scene.doc[i], used)
        return used

    def _plain(
        self, verb: Token, trigger: Trigger, action: tuple[int, ...], args: Arguments
    ) -> Reading | None:
        entry = trigger.entry
        if entry.subject_class and not self.lexicon.in_class(
            entry.subject_class, phrase_words(args.get("subj"))
        ):
            return None
        if entry.no_object and args.get("obj") and not args.passive:
            return None
        if entry.infinitive and not any(is_infinitive(one) for one in kids(verb, "xcomp", "ccomp")):
            return None
        cameo, specific = self._code(entry, args, action)
        if cameo is None:
            return None
        specific = specific or entry.subject_class is not None
        sources = self._role(entry.sources, args, entry, cameo, target=False)
        targets = self._role(entry.targets, args, entry, cameo, target=True)
        weight = entry.weight
        if not targets and sources and entry.need in {"both", "target"}:
            targets = self._beyond(verb, entry)
            weight *= _STRAY_WEIGHT if targets else 1.0
        if not targets and cameo[:2] in _HELPED_ROOTS:
            targets = self._helped(verb)
        if not targets and cameo[:2] == "14":
            targets = self._protested(verb)
        if not targets and cameo[:2] in _SPEECH_ROOTS:
            targets = self._spoken_of(verb)
        if entry.reciprocal and len(sources) > 1 and not targets:
            sources, targets = sources, sources
        targets = targets if targets is sources else _without(targets, sources)
        if cameo in _PERSONAL_CODES:
            targets = [one for one in targets if not self._is_land(one, args.get("obj"))]
        if entry.agent_class and not sources and not self._is_deliberate(args, entry.agent_class):
            return None
        cameo = self._military(entry, cameo, sources)
        plover, mode = plover_of(entry, cameo)
        return Reading(
            trigger=verb.i,
            action=action,
            entry=entry,
            lemma=" ".join(trigger.words),
            cameo=cameo,
            plover=plover,
            mode=mode,
            sources=tuple(sources),
            targets=tuple(targets),
            construction=args.shape,
            object=_span(args.get("obj")),
            reciprocal=entry.reciprocal,
            weight=weight,
            words=len(trigger.words),
            specific=specific,
        )

    def _beyond(self, verb: Token, entry: Entry) -> list[Mention]:
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
                found = self.scene.fill(kids(token, "pobj"))
                if any(is_known(one) for one in found):
                    return found
        return []

    def _code(
        self, entry: Entry, args: Arguments, action: tuple[int, ...]
    ) -> tuple[str | None, bool]:
        """Choose the code by the classes of the objects' words: (code, whether a class decided)."""
        for rule in entry.codes:
            if rule.object_class is None:
                return rule.cameo, False
            slots = (rule.slot,) if rule.slot else ("obj",)
            tokens = [token for slot in slots for token in args.get(slot)]
            words = phrase_words(tokens)
            for i in action[1:]:
                words |= phrase_words([self.scene.doc[i]])
            if self.lexicon.in_class(rule.object_class, words):
                return rule.cameo, True
        return None, False

    def _military(self, entry: Entry, cameo: str, sources: list[Mention]) -> str:
        if entry.military and any(one.actor.sector == "MIL" for one in sources):
            return entry.military
        if entry.police and any(one.actor.sector == "COP" for one in sources):
            return entry.police
        return cameo

    def _role(
        self, slots: tuple[str, ...], args: Arguments, entry: Entry, cameo: str, *, target: bool
    ) -> list[Mention]:
        """Return the mentions in the first slot that holds a known actor, else any."""
        vague: list[Mention] = []
        for slot in slots:
            people = not target and cameo[:2] == "14"
            found = self.scene.fill(args.get(slot), modifiers=people)
            if not found and slot == "iobj":
                found = self._lost_recipient(args)
            if slot == "subj" and found:
                found = [*self.scene.listed_before(found[0]), *found]
            if any(is_known(one) for one in found):
                return vague if vague and cameo[:2] == "14" else found
            vague = vague or found
        for slot in slots:
            if slot in {"poss", "mod"}:  # of the object: "rejected Iran's demand"
                for token in args.get("obj"):
                    found = self.scene.modifying(token)
                    if found:
                        return found
        if not vague and target and (entry.in_object or cameo[:2] in _MODIFIED_ROOTS):
            for slot in slots:
                found = self.scene.inside(args.get(slot))
                if found:
                    return found
        return vague

    def _lost_recipient(self, args: Arguments) -> list[Mention]:
        """Return X of "gave X missiles" where the parser took X for part of the object."""
        for token in args.get("obj"):
            first = self.scene.doc[token.left_edge.i]
            mention = self.scene.starting(first)
            if mention is not None and mention.head != token.i and first.tag_.startswith("NNP"):
                return [mention]
        return []

    def _helped(self, verb: Token) -> list[Mention]:
        """Return X of "sent troops to help X"."""
        for clause in kids(verb, "advcl", "xcomp", "acl"):
            if is_infinitive(clause) and clause.lemma_.lower() in self.lexicon.classes["helping"]:
                return self.scene.fill(self.arguments(clause).get("obj"))
        return []

    def _is_land(self, mention: Mention, objects: list[Token]) -> bool:
        """Whether the object is a country itself, which nobody arrests or shoots ("beat Brazil")."""
        return mention.how.startswith(("country", "capital")) and any(
            token.i == mention.head for token in objects
        )

    def _is_deliberate(self, args: Arguments, agent_class: str) -> bool:
        """Tell "killed in an airstrike" from "killed in an earthquake"."""
        causes = [t for slot in ("subj", "by", "in", "during", "when") for t in args.get(slot)]
        return self.lexicon.in_class(agent_class, phrase_words(causes))

    def _protested(self, verb: Token) -> list[Mention]:
        """Return X of "went on strike to protest X's decision", "to demand that X step down"."""
        for clause in kids(verb, "advcl", "xcomp"):
            if clause.lemma_.lower() not in self.lexicon.classes["protesting"]:
                continue
            args = self.arguments(clause)
            for slot in ("against", "from", "that", "obj", "at", "over", "on", "of"):
                found = self.scene.fill(args.get(slot)) or self.scene.inside(args.get(slot))
                if any(is_known(one) for one in found):
                    return found
        return []

    def _spoken_of(self, verb: Token) -> list[Mention]:
        """Return X of "refused to answer X", "threatened to deal X a blow": an unknown act's object."""
        for clause in kids(verb, "xcomp"):
            args = self.arguments(clause)
            for slot in ("iobj", "obj", "to", "with", "against", "on"):
                found = self.scene.fill(args.get(slot))
                if any(is_known(one) for one in found):
                    return found
        return []

    def _obliged(self, verb: Token, args: Arguments) -> list[Reading]:
        """Read "said that X must …" as a request to X."""
        found = []
        for trigger, action in verb_triggers(verb, self.lexicon):
            entry = trigger.entry
            if entry.codes[:1] != (CodeRule("010"),) or len(trigger.words) > 1:
                continue
            for clause in kids(verb, "ccomp"):
                auxiliaries = {child.lower_ for child in kids(clause, "aux")}
                if not auxiliaries & _OBLIGATION:
                    continue
                sources = self.scene.fill(args.get("subj"))
                targets = _without(self.scene.fill(self.arguments(clause).get("subj")), sources)
                bases = self._bases(clause, args, 1)
                cameo = next(
                    (
                        code
                        for base in bases
                        if (code := tables().apply("demand", base.cameo)) is not None
                    ),
                    "100",
                )
                found.append(
                    Reading(
                        trigger=clause.i,
                        action=(clause.i,),
                        entry=replace(entry, name="must", need="both", weight=0.7),
                        lemma=f"must {clause.lemma_}",
                        cameo=cameo,
                        plover="REQUEST",
                        mode=tables().codes[cameo].mode,
                        sources=tuple(sources),
                        targets=tuple(targets),
                        construction="obligation",
                        weight=0.65,
                        specific=True,
                        modality="asserted",
                        covers=frozenset(self._within(clause.i) - {clause.i}),
                    )
                )
            break
        return found

    def _modal(self, verb: Token, reading: Reading) -> Reading:
        """Turn what will be into an intent, what will not be into a refusal, what must be as it is."""
        words = {child.lower_ for child in kids(verb, "aux")}
        if "would" in words and is_reported(verb):
            words.add("will")
        if verb.dep_ == "ROOT" and is_infinitive(verb) and kids(verb, "nsubj"):
            words.add("will")  # the headline "X to visit Y"
        if not words & _FUTURE or reading.plover is None or not reading.sources:
            return reading
        negative = bool(kids(verb, "neg"))
        root = reading.cameo[:2]
        operator = (
            "refuse" if negative and root in {"03", "04", "05", "06", "07", "08"} else "intend"
        )
        if negative and operator == "intend":
            return reading
        cameo = tables().apply(operator, reading.cameo)
        if cameo is None or cameo == reading.cameo:
            return reading
        changed = reading.coded(cameo)
        return replace(
            changed,
            modality=None if operator == "refuse" else "intended",
            weight=reading.weight * 0.9,
        )

    # -- operators -----------------------------------------------------------------------------

    def _operated(
        self,
        verb: Token,
        trigger: Trigger,
        action: tuple[int, ...],
        args: Arguments,
        depth: int,
    ) -> list[Reading]:
        entry = trigger.entry
        sources = self._role(entry.sources, args, entry, "", target=False)
        readings = []
        for token, slot in self._complements(verb, action, entry, args):
            for base in self._bases(token, args, depth + 1):
                made = self._combine(verb, trigger, action, args, sources, base, slot)
                if made is not None:
                    readings.append(made)
        return readings

    def _complements(
        self, verb: Token, action: tuple[int, ...], entry: Entry, args: Arguments
    ) -> Iterator[tuple[Token, str]]:
        nodes = [verb, *(self.scene.doc[i] for i in action if i != verb.i)]
        for slot in entry.complements:
            if slot in {"xcomp", "ccomp", "advcl", "acl"}:
                finite = verb.pos_ in _NOMINAL
                for node in nodes:
                    for child in node.children:
                        if child.i in action:
                            continue
                        if (child.dep_ == slot and (slot != "advcl" or is_infinitive(child))) or (
                            slot == "acl" and child.dep_ == "relcl" and is_infinitive(child)
                        ):
                            yield child, slot
            elif slot == "nsubj":
                if not args.passive and not args.get("obj"):
                    for token in args.get("subj"):
                        yield token, slot
            else:
                for token in args.get(slot):
                    if token.i not in action:
                        yield token, slot

    def _bases(self, token: Token, outer: Arguments, depth: int) -> list[Reading]:
        """Return the acts in a complement: the best reading of each coordinated head."""
        found = []
        heads = [token, *(other for other in token.conjuncts if other.i > token.i)]
        for head in heads:
            if head.pos_ in VERBAL:
                readings = self.verb(head, depth) or self._acts_in(head, depth)
            elif head.pos_ in _NOMINAL:
                readings = self.noun(head, outer=outer, depth=depth)
                if not readings:
                    for prep in kids(head, "prep"):
                        if prep.lower_ == "of":
                            for inner in kids(prep, "pobj"):
                                readings = self.noun(inner, outer=outer, depth=depth)
                if not readings and head.lemma_.lower() in self.lexicon.classes["accusation"]:
                    for clause in kids(head, "acl", "ccomp", "relcl"):
                        readings = readings or self.verb(clause, depth)
            else:
                readings = []
            if readings:
                found.append(readings[0])
        return found

    def _acts_in(self, verb: Token, depth: int) -> list[Reading]:
        """Return the acts that an unknown verb has for object: "take part in talks with"."""
        args = self.arguments(verb)
        for slot, tokens in args.slots.items():
            if slot in {"obj", "to", "in", "on"}:
                for token in tokens:
                    if token.pos_ == "NOUN":
                        readings = self.noun(token, outer=args, depth=depth + 1)
                        if readings:
                            return [replace(readings[0], weight=readings[0].weight * 0.85)]
        return []

    def _combine(
        self,
        verb: Token,
        trigger: Trigger,
        action: tuple[int, ...],
        args: Arguments,
        sources: list[Mention],
        base: Reading,
        slot: str,
    ) -> Reading | None:
        entry = trigger.entry
        operator = entry.operator
        assert operator is not None
        if (
            slot == "ccomp"
            and operator in _ASKING
            and not _may_be_asked(self.scene.doc[base.trigger])
        ):
            return None
        if base.plover is None and operator not in {"deny", "request", "demand"}:
            return None
        cameo = tables().apply(operator, base.cameo)
        if cameo is None:
            return None
        own = _without(self._role(entry.targets, args, entry, "", target=True), sources)
        if operator in {"do", "stop", "allow", "deny"}:
            return self._done(verb, trigger, action, args, sources, own, base, cameo, slot)
        targets, contents = self._addressed(operator, sources, own, base)
        made = Reading(
            trigger=verb.i,
            action=tuple(sorted({*action, *base.action})) if slot != "ccomp" else action,
            entry=entry,
            lemma=" ".join(trigger.words),
            cameo=cameo,
            plover=None,
            mode=None,
            sources=tuple(sources),
            targets=tuple(targets),
            construction="operator",
            object=base.object or _span([self.scene.doc[base.trigger]]),
            reciprocal=operator == "intend" and len(sources) > 1 and not targets,
            weight=entry.weight,
            words=len(trigger.words),
            specific=True,
            covers=base.covers | self._within(base.trigger),
            contents=contents,
        ).coded(cameo)
        if made.reciprocal and not targets:
            made = replace(made, targets=made.sources)
        return made

    def _within(self, trigger: int) -> frozenset[int]:
        """Return the tokens of an act that is not said to happen: its own and its purposes'."""
        found = {trigger}
        queue = [self.scene.doc[trigger]]
        for token in queue:
            for child in kids(token, "advcl", "xcomp", "ccomp", "conj", "dobj", "pobj", "prep"):
                found.add(child.i)
                queue.append(child)
        return frozenset(found)

    def _addressed(
        self, operator: str, sources: list[Mention], own: list[Mention], base: Reading
    ) -> tuple[list[Mention], tuple[Reading, ...]]:
        """Return who is addressed by an act of speech, and the acts that are its content."""
        speaker = sources[0] if sources else None
        doers = _without(list(base.sources), sources)
        done_to = _without(list(base.targets), sources)
        if operator == "accuse":
            targets = own or doers
            content = replace(
                base,
                sources=tuple(targets),
                targets=tuple(_without(list(base.targets), targets)),
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

    def _done(
        self,
        verb: Token,
        trigger: Trigger,
        action: tuple[int, ...],
        args: Arguments,
        sources: list[Mention],
        own: list[Mention],
        base: Reading,
        cameo: str,
        slot: str,
    ) -> Reading | None:
        """An act that is carried out, stopped or let happen: the roles are the base act's."""
        operator = trigger.entry.operator
        doers = list(base.sources)
        if operator == "allow":
            own = _without(list(base.sources), sources) or own
            base = replace(base, targets=()) if own else base
            doers = sources
        elif (operator == "stop" and slot != "nsubj" and sources):
            doers = sources
        elif slot in {"nsubj"}:
            pass
        elif trigger.entry.sources and trigger.entry.sources[0] != "subj":
            doers = list(base.sources) or sources
            own = own or []
        elif not doers or (slot == "obj" and sources and not base.reciprocal):
            doers = sources or doers
        targets = _without(list(base.targets), doers) or _without(own, doers)
        if trigger.entry.sources and trigger.entry.sources[0] != "subj":
            targets = _without(own, doers)
        if base.reciprocal and len(doers) > 1 and not targets:
            targets = doers
        made = replace(
            base,
            trigger=verb.i if slot != "nsubj" else base.trigger,
            action=tuple(sorted({*action, *base.action})),
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
            entry = _needing(base.entry, trigger.entry)
            if slot == "xcomp":
                entry = replace(entry, need="both")
            made = replace(made.coded(cameo), entry=entry)
        if operator == "deny" and sources:
            made = replace(made, speaker=sources[0])
        return made

    # -- nouns ---------------------------------------------------------------------------------

    def noun(self, noun: Token, *, outer: Arguments | None = None, depth: int = 0) -> list[Reading]:
        """Return the readings of an event noun, the best first.

        Args:
            noun: The noun.
            outer: The arguments of the verb it is the object of; None: it stands alone.
            depth: How deep in operators.
        """
        if depth > _MAX_DEPTH or self.scene.at(noun) is not None:
            return []
        args = Arguments()
        prepositions(noun, args)
        clause_subjects(noun, args)
        for slot in ("by", "of", "from"):  # "an attack by X on Y"
            for token in list(args.get(slot)):
                nested = Arguments()
                prepositions(token, nested)
                for name, tokens in nested.slots.items():
                    if name in {"on", "against", "to", "with"}:
                        args.slots.setdefault(name, tokens)
        readings: list[Reading] = []
        for trigger, action in noun_triggers(noun, self.lexicon):
            entry = trigger.entry
            if entry.operator:
                readings += self._noun_operated(noun, trigger, action, args, outer, depth)
            made = self._noun_plain(noun, trigger, action, args, outer)
            if made is not None:
                readings.append(made)
        readings.sort(key=lambda reading: reading.rank, reverse=True)
        return readings

    def _noun_role(
        self, slots: tuple[str, ...], noun: Token, args: Arguments, *, possessive: bool = True
    ) -> list[Mention]:
        for slot in slots:
            if slot in {"poss", "mod"}:
                found = self.scene.modifying(noun) if possessive else []
            else:
                found = self.scene.fill(args.get(slot)) or (
                    self.scene.inside(args.get(slot)) if slot not in {"by", "from"} else []
                )
            if found:
                return found
        return []

    def _noun_plain(
        self,
        noun: Token,
        trigger: Trigger,
        action: tuple[int, ...],
        args: Arguments,
        outer: Arguments | None,
    ) -> Reading | None:
        entry = trigger.entry
        cameo = None
        specific = False
        words = phrase_words([noun]) | phrase_words(
            [token for slot in ("of", "into", "on", "for") for token in args.get(slot)]
        )
        for rule in entry.codes:
            if rule.object_class is None or self.lexicon.in_class(rule.object_class, words):
                cameo, specific = rule.cameo, rule.object_class is not None
                break
        if cameo is None:
            return None
        sources = self._noun_role(entry.sources, noun, args)
        targets = _without(self._noun_role(entry.targets, noun, args), sources)
        if outer is not None:
            if not sources and not outer.passive:
                sources = self.scene.fill(outer.get("subj"))
                targets = _without(targets, sources)
            elif not sources:
                sources = self.scene.fill(outer.get("by"))
                targets = _without(targets, sources)
            if not targets:
                slots = [slot for slot in entry.targets if slot not in {"of", "subj"}]
                for slot in slots:
                    targets = _without(self.scene.fill(outer.get(slot)), sources)
                    if targets:
                        break
        if entry.reciprocal and len(sources) > 1 and not targets:
            targets = sources
        if entry.reciprocal and len(targets) > 1 and not sources:
            sources = targets
        cameo = self._military(entry, cameo, sources)
        plover, mode = plover_of(entry, cameo)
        return Reading(
            trigger=noun.i,
            action=action,
            entry=entry,
            lemma=" ".join(trigger.words),
            cameo=cameo,
            plover=plover,
            mode=mode,
            sources=tuple(sources),
            targets=tuple(targets),
            construction="nominal",
            object=None,
            reciprocal=entry.reciprocal,
            weight=entry.weight,
            words=len(trigger.words),
            specific=specific or len(trigger.words) > 1,
        )

    def _noun_operated(
        self,
        noun: Token,
        trigger: Trigger,
        action: tuple[int, ...],
        args: Arguments,
        outer: Arguments | None,
        depth: int,
    ) -> list[Reading]:
        entry = trigger.entry
        sources = self._noun_role(entry.sources, noun, args)
        if not sources and outer is not None and entry.operator != "request":
            sources = self.scene.fill(outer.get("by") if outer.passive else outer.get("subj"))
        readings = []
        for token, slot in self._complements(noun, action, entry, args):
            for base in self._bases(token, args, depth + 1):
                made = self._combine(noun, trigger, action, args, sources, base, slot)
                if made is not None:
                    own = self._noun_role(entry.targets, noun, args)
                    if own:
                        made = replace(made, targets=tuple(_without(own, sources)))
                    readings.append(replace(made, trigger=noun.i, construction="nominal"))
        return readings

    def circumstance(self, noun: Token) -> list[Reading]:
        """Read "after talks with X", "during a visit to Y": the clause's subject is the source."""
        prep = noun.head
        if prep.dep_ != "prep" or prep.head.pos_ not in VERBAL:
            return []
        moving = prep.lower_ == "for" and prep.head.lemma_ in self.lexicon.classes["motion"]
        if prep.lower_ not in _CIRCUMSTANCES and not moving:
            return []
        outer = self.arguments(prep.head)
        if outer.passive:
            return []
        subject = Arguments(slots={"subj": outer.get("subj")})
        found = []
        for reading in self.noun(noun, outer=subject):
            if reading.plover == "CONSULT":
                found.append(replace(reading, construction="circumstance"))
        return found

    def _conditions(self, verb: Token, args: Arguments) -> list[Reading]:
        """Read "is under sanctions", "is at war with", "came under fire from"."""
        if verb.lemma_.lower() not in _CONDITION_VERBS:
            return []
        found = []
        for prep in kids(verb, "prep"):
            side = _CONDITIONS.get(prep.lower_)
            if side is None:
                continue
            put = bool(args.get("obj")) and not args.passive
            subject = self.scene.fill(args.get("obj" if args.passive or put else "subj"))
            if not subject:
                continue
            for noun in kids(prep, "pobj"):
                for base in self._bases(noun, Arguments(slots={"with": args.get("with")}), 1):
                    if base.plover is None:
                        continue
                    if side == "target":
                        sources = _without(list(base.sources), subject)
                        if put:
                            sources = self.scene.fill(args.get("subj"))
                        roles = (tuple(sources), tuple(subject))
                    else:
                        targets = _without(list(base.targets), subject)
                        if not targets and base.reciprocal and len(subject) > 1:
                            targets = subject
                        roles = (tuple(subject), tuple(targets))
                    found.append(
                        replace(
                            base,
                            trigger=verb.i,
                            action=tuple(sorted({verb.i, prep.i, *base.action})),
                            sources=roles[0],
                            targets=roles[1],
                            construction="condition",
                            covers=base.covers | {base.trigger},
                            entry=replace(
                                base.entry, need="target" if side == "target" else "both"
                            ),
                            specific=True,
                        )
                    )
        return found


def _is_whole(verb: Token, action: tuple[int, ...]) -> bool:
    """Tell "take up" from "take": of an empty verb, its particle must be one of the entry's words."""
    return verb.lemma_.lower() not in _PHRASAL or all(
        particle.i in action for particle in kids(verb, "prt")
    )


def _may_be_asked(verb: Token) -> bool:
    """Return whether a clause may say what is asked: an infinitive, a subjunctive, "must"."""
    auxiliaries = {child.lower_ for child in kids(verb, "aux")}
    if auxiliaries & _OBLIGATION or is_infinitive(verb):
        return True
    return not auxiliaries and verb.tag_ in {"VB", "VBP", "NN", "NNS"}


def is_reported(verb: Token) -> bool:
    """Return whether a clause is what someone said: the complement of a verb, or beside a quote."""
    return verb.dep_ in {"ccomp", "parataxis"} or (
        verb.dep_ == "conj" and verb.head.dep_ in {"ccomp", "parataxis"}
    )


def _needing(base: Entry, operator: Entry) -> Entry:
    """Return the base entry under an operator's name and needs."""
    return replace(base, name=f"{operator.name}+{base.name}", need=operator.need)


def _without(mentions: list[Mention], others: list[Mention]) -> list[Mention]:
    """Return the mentions whose actors are none of the others'."""
    taken = {other.actor for other in others}
    spans = {(other.char_start, other.char_end) for other in others}
    return [
        one
        for one in mentions
        if one.actor not in taken and (one.char_start, one.char_end) not in spans
    ]


def _span(tokens: list[Token]) -> tuple[int, int] | None:
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
