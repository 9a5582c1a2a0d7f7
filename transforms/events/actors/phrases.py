"""Noun phrases → actors: names, roles with their owners, titles before names, appositions.

A phrase is read to the left of its head over what stands there without a break ("Seoul's top
security adviser"), since parsers err most on long runs of titles and names; what follows it
("president of Armenia", "Shin Won-sik, the national security adviser") is read from the parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from transforms.events.actors.names import DEMONYM
from transforms.events.actors.reading import MODIFIER, NOMINAL, Name, Phrase, Reading
from transforms.events.actors.references import References
from transforms.events.actors.roles import BODY, CRAFT, OTHER, PERSON, WEAK, Role, Roles
from transforms.events.model import Actor

_LONGEST_RUN = 14  # tokens read to the left of a head
_LONGEST_NAME = 7  # tokens of a person's name
_DEEPEST = 5  # "the spokesman of the leader of the wing of …"
_MOST_OWNERS = 6  # "the leaders of A, B, C, …"

# Tags of what may stand between the start of a phrase and its head.
_RUN = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "PART", "PUNCT", "ADV", "X"})
_INNER_MARKS = frozenset(
    {"-", "\u2010", "\u2011", "'s", "\u2019s", "'", "\u2019", '"', "\u201c", "\u201d"}
)
_POSSESSIVE = frozenset({"'s", "\u2019s", "'", "\u2019"})
_JOINERS = frozenset({"and", "or", ",", "/", "&"})
_PARTICLES = frozenset({"al", "el", "bin", "ibn", "de", "da", "di", "van", "von", "der", "du", "la", "le", "-", "\u2011", "abu", "ul"})  # fmt: skip

_PAST = frozenset({"former", "ex", "ousted", "deposed", "late", "retired", "onetime", "erstwhile", "toppled"})  # fmt: skip
_DEFINITE = frozenset({"the", "its", "their", "his", "her", "this", "these", "that"})

_ELITE = "ELI"
_ABROAD = frozenset({"GOV", "MIL", "SPY"})  # "the envoy in Kabul", "troops in Syria" are not theirs
_SENT = frozenset({"ambassador", "envoy", "special envoy", "consul", "mission", "delegation", "emissary",
                   "representative", "permanent representative", "attache", "adviser", "advisor"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a role is: the tokens that say so, the actor, and how it was found."""

    start: int
    end: int
    actor: Actor
    how: str


class Phrases:
    """Resolves noun phrases with the role lexicon."""

    def __init__(self, roles: Roles, references: References) -> None:
        self._roles = roles
        self._references = references

    def read(self, reading: Reading) -> None:
        """Fill `reading.phrases` for every noun phrase of the sentence."""
        self._read_titles(reading)
        for token in reading.doc:
            if token.i not in reading.phrases and self._is_head(reading, token):
                self._resolve(reading, token, 0)
        self._join_appositions(reading)

    # -- heads ------------------------------------------------------------------------------

    def _is_head(self, reading: Reading, token: Token) -> bool:
        if token.pos_ == "PRON":
            return reading.at(token.i) is None and token.dep_ != "poss"
        if token.pos_ not in NOMINAL and not (
            token.pos_ in {"ADJ", "X"} and self._is_nominal(token)
        ):
            return False
        if token.dep_ in MODIFIER and token.head.i > token.i:
            # "Colombia's government and ELN rebels": parsers hang the first on the last.
            if reading.doc[token.i + 1].lower_ not in _JOINERS or reading.at(token.i) is not None:
                return False
            first = self._run_start(reading, token.i)
            return any(reading.doc[index].text in _POSSESSIVE for index in range(first, token.i))
        if token.dep_ == "conj" and token.head.dep_ in MODIFIER and token.head.head.i > token.i:
            return False
        return reading.at(token.i) is None

    @staticmethod
    def _is_nominal(token: Token) -> bool:
        """Tell whether an adjective stands as a noun ("the wounded", a mistagged role)."""
        return token.dep_ in {"nsubj", "nsubjpass", "dobj", "pobj", "conj", "attr", "appos"}

    def _run_start(self, reading: Reading, last: int) -> int:
        """Return where the unbroken run that ends before token `last` begins."""
        doc = reading.doc
        first = last
        while first > 0 and last - first < _LONGEST_RUN:
            token = doc[first - 1]
            if token.pos_ == "PUNCT" or token.text in _INNER_MARKS:
                if token.text not in _INNER_MARKS:
                    break
            elif token.pos_ not in _RUN and reading.at(first - 1) is None:
                if not (token.tag_ in {"VBN", "VBG"} and token.dep_ in {"amod", "compound"}):
                    break
            if token.text[:1].isspace() or token.ent_type_ == "DATE":
                break
            first -= 1
        return first

    # -- titles before names -----------------------------------------------------------------

    def _read_titles(self, reading: Reading) -> None:
        """Resolve "Russian President Vladimir Putin": role phrase, then a capitalised name."""
        doc = reading.doc
        index = 0
        while index < len(doc) - 1:
            role = self._roles.ending_at(doc, index)
            if (
                role is None
                or role.kind in {BODY, CRAFT}
                or not self._begins_name(reading, index + 1)
            ):
                index += 1
                continue
            end = self._name_end(reading, index + 1)
            first = self._run_start(reading, role.start)
            root = reading.span_root(role.start, end)
            reading.phrases[root] = self._titled(reading, role, index, end, first, root)
            for inner in range(role.start, end):
                reading.phrases.setdefault(inner, [])
            index = end

    def _begins_name(self, reading: Reading, index: int) -> bool:
        token = reading.doc[index]
        if not token.text[:1].isupper() or token.pos_ not in {"PROPN", "NOUN", "ADJ", "X"}:
            return False
        name = reading.name_at(index)
        if name is not None:
            return name.is_person and name.start == index
        if reading.doc[index - 1].is_sent_start and not reading.doc[index - 1].text[:1].isupper():
            return False
        return token.pos_ == "PROPN" and self._roles.ending_at(reading.doc, index, index) is None

    def _name_end(self, reading: Reading, first: int) -> int:
        """Return where the person's name that begins at `first` ends, exclusive."""
        name = reading.name_at(first)
        if name is not None:
            return name.end
        doc = reading.doc
        end = first + 1
        while end < len(doc) and end - first < _LONGEST_NAME:
            token = doc[end]
            other = reading.name_at(end)
            if other is not None and not other.is_person:
                break
            capitalised = token.text[:1].isupper() and token.pos_ in {"PROPN", "NOUN", "ADJ", "X"}
            joined = token.text == "-" or (doc[end - 1].text == "-" and token.is_alpha)
            particle = (
                token.lower_ in _PARTICLES
                and end + 1 < len(doc)
                and doc[end + 1].text[:1].isalpha()
            )
            if not (capitalised or joined or particle):
                break
            end += 1
        while end > first + 1 and doc[end - 1].lower_ in _PARTICLES:
            end -= 1
        return end

    def _titled(
        self, reading: Reading, role: Role, last: int, end: int, first: int, root: int
    ) -> list[Phrase]:
        """Return who a name with a title is.

        Args:
            reading: The sentence.
            role: The title's role, which ends at token `last`.
            last: See role.
            end: Where the name ends, exclusive; it begins at last + 1.
            first: Where the run before the title begins.
            root: The phrase's head token.
        """
        doc = reading.doc
        known = reading.name_at(last + 1)
        person_name = doc[last + 1 : end].text
        sector = self._sector(reading, role, first)
        owners = self._owners(reading, root, role, first, 0, sector)
        start = min([role.start, *(owner.start for owner in owners)])
        if known is not None:
            number = reading.at(last + 1)
            assert number is not None
            reading.used.add(number)
            actor = known.mention.actor
            past = sector == _ELITE or self._is_past(reading, first, role.start)
            if past and actor.country is not None:
                actor = actor.with_sector(_ELITE)
            elif owners and owners[0].actor.org is not None:
                actor = owners[0].actor  # "Hamas leader", "EU foreign policy chief": the text knows
            elif "out of office" in known.how:
                # A courtesy title ("President Carter") is no office; a new one is.
                if (
                    role.phrase not in known.how
                    and sector is not None
                    and actor.country is not None
                ):
                    actor = actor.with_sector(sector)
            elif (
                role.kind == PERSON
                and actor.org is None
                and (owners and owners[0].actor.country == actor.country)
            ):
                # The text's own title is nearer than our dates, unless the person has left office
                # and the title is a courtesy.
                actor = actor.with_sector(sector or actor.sector)
            how, generic = f"title+{known.how}", False
        elif owners:
            actor = self._in_role(owners[0], role, sector)
            how, generic = f"{owners[0].how}+title", False
        else:
            before = reading.memory.recall(person_name) or reading.memory.titles.get(role.phrase)
            home = reading.memory.home()
            if before is not None:
                actor, how, generic = before, "title, memory", False
            elif sector is None:
                return []
            else:
                actor = Actor(country=home, sector=sector)
                how, generic = ("title, article's country" if home else "title"), True
        return [
            Phrase(
                head=root,
                start=start,
                end=end,
                actor=actor,
                how=how,
                person=not role.plural,
                plural=role.plural,
                generic=generic,
                name=person_name,
                title=role.phrase,
            )
        ]

    # -- single phrases ----------------------------------------------------------------------

    def _resolve(self, reading: Reading, token: Token, depth: int) -> list[Phrase]:
        """Return the actors a noun phrase names: one, or several where its owners are coordinated."""
        known = reading.phrases.get(token.i)
        if known is not None:
            return known
        reading.phrases[token.i] = []
        role = self._roles.ending_at(reading.doc, token.i)
        result = self._references.referent(reading, token)
        if result:
            pass
        elif role is not None:
            result = self._of_role(reading, token, role, depth)
        elif token.pos_ == "PROPN":
            result = self._of_name(reading, token)
        else:
            result = []
        reading.phrases[token.i] = result
        return result

    def _of_name(self, reading: Reading, token: Token) -> list[Phrase]:
        """Return who a name that no book knows is, if the article has introduced it."""
        start = token.i
        while start > 0 and token.i - start < _LONGEST_NAME:
            before = reading.doc[start - 1]
            if (
                before.dep_ not in {"compound", "punct"}
                or before.head.i < start
                or before.text == ","
            ):
                break
            start -= 1
        for first in dict.fromkeys((start, token.i)):
            name = reading.doc[first : token.i + 1].text
            actor = reading.memory.recall(name)
            if actor is not None:
                return [
                    Phrase(token.i, first, token.i + 1, actor, "memory", person=True, name=name)
                ]
        return []

    def _of_role(self, reading: Reading, token: Token, role: Role, depth: int) -> list[Phrase]:
        """Return whose role it is: "Seoul's adviser", "troops from Chad", "the army"."""
        first = self._run_start(reading, role.start)
        sector = self._sector(reading, role, first)
        owners = self._owners(reading, token.i, role, first, depth, sector)
        start, end = role.start, token.i + 1
        person = role.kind in {PERSON, WEAK} and not role.plural
        if owners:
            return [
                Phrase(
                    head=token.i,
                    start=min(start, owner.start),
                    end=max(end, owner.end),
                    actor=self._in_role(owner, role, sector),
                    how=f"{owner.how}+role",
                    person=person,
                    plural=role.plural,
                    generic=owner.actor.country is None and owner.actor.org is None,
                    title=role.phrase,
                )
                for owner in owners
            ]
        if sector is None or (role.kind == CRAFT and token.dep_ not in {"nsubj", "nsubjpass"}):
            return []
        definite = self._is_definite(reading, first, token)
        generic = Phrase(
            head=token.i,
            start=start,
            end=end,
            actor=Actor(sector=sector),
            how="role",
            person=person,
            plural=role.plural,
            generic=True,
            title=role.phrase,
        )
        if not definite:
            return [generic]
        named = {name.mention.actor.country for name in reading.names} - {None}
        holder = None if role.plural else reading.memory.titles.get(role.phrase)
        if holder is not None and (not named or holder.country in named):
            generic.actor, generic.how, generic.generic = holder, "title, memory", False
            return [generic]
        country = self._country_meant(reading, token, named)
        if country is not None:
            generic.actor = Actor(country=country, sector=sector)
            generic.how = "role, article's country"
        return [generic]

    @staticmethod
    def _country_meant(reading: Reading, token: Token, named: set[str | None]) -> str | None:
        """Return whose "the army" is: the article's country, unless the sentence speaks of others.

        A sentence that names one other country is clear only where that country acts and the role is
        done to ("The South Korean parliament impeached the president").
        """
        home = reading.memory.home()
        if not named or home in named:
            return home
        if len(named) > 1 or token.dep_ not in {"dobj", "nsubjpass", "pobj"}:
            return None
        before = [name for name in reading.names if name.end <= token.i]
        return before[-1].mention.actor.country if before else None

    def _sector(self, reading: Reading, role: Role, first: int) -> str | None:
        """Return a role's sector: a weak one takes it from the role before it ("army spokesman")."""
        if role.kind in {PERSON, WEAK} and self._is_past(reading, first, role.start):
            return _ELITE
        if role.kind == WEAK:
            for index in range(role.start - 1, first - 1, -1):
                if reading.at(index) is not None:
                    break
                inner = self._roles.ending_at(reading.doc, index, first)
                if inner is not None and inner.kind != WEAK and inner.sector is not None:
                    return inner.sector
        return role.sector

    @staticmethod
    def _in_role(owner: Owner, role: Role, sector: str | None) -> Actor:
        """Return the owner in the role: Israel's army is ISR MIL; an organisation's man is its own."""
        actor = owner.actor
        if sector == _ELITE and actor.country is not None:
            return Actor(country=actor.country, sector=_ELITE)
        if actor.org is not None:
            return actor
        if role.kind == WEAK and actor.sector is not None:
            return actor
        return actor.with_sector(sector or actor.sector)

    @staticmethod
    def _is_past(reading: Reading, first: int, last: int) -> bool:
        return any(reading.doc[index].lower_ in _PAST for index in range(first, last))

    @staticmethod
    def _is_definite(reading: Reading, first: int, token: Token) -> bool:
        return (first > 0 and reading.doc[first - 1].lower_ in _DEFINITE) or any(
            True for child in reading.children(token, "poss")
        )

    # -- owners ------------------------------------------------------------------------------

    def _owners(
        self, reading: Reading, head: int, role: Role, first: int, depth: int, sector: str | None
    ) -> list[Owner]:
        """Return whose a role is, from what stands before it, else from "of", "from", "in"."""
        before = self._owners_before(reading, role, first)
        if before or role.kind == OTHER:
            return before
        token = reading.doc[head]
        for child in reading.children(token, "poss"):
            if depth < _DEEPEST and reading.at(child.i) is None:
                owners = self._as_owners(reading, child, depth)
                if owners:
                    return owners
        for each in dict.fromkeys((head, role.start + len(role.phrase.split()) - 1)):
            if each >= len(reading.doc):
                continue
            for preposition in reading.children(reading.doc[each], "prep"):
                if preposition.i > role.start and self._is_owning(preposition.lower_, role, sector):
                    owners = self._objects(reading, preposition, depth)
                    if owners:
                        return owners
        return []

    def _owners_before(self, reading: Reading, role: Role, first: int) -> list[Owner]:
        """Return the names in the run before a role, with those coordinated with the last."""
        numbers = [*reading.numbers(first, role.start)]
        names = [reading.names[number] for number in numbers]
        if not names:
            return []
        nearest = names[-1]
        if role.kind == OTHER and nearest.how != DEMONYM:
            # "Russia's ally" is someone else; "NATO allies" are NATO.
            if nearest.mention.actor.kind is None or reading.doc[nearest.end].text in _POSSESSIVE:
                return []
        owners = [nearest]
        reading.used.update(numbers)
        # "US and South Korean forces", "Israeli, Egyptian and Jordanian officials"
        index = nearest.start - 1
        while index > 0 and len(owners) < _MOST_OWNERS and reading.doc[index].lower_ in _JOINERS:
            while index > 0 and reading.doc[index].lower_ in _JOINERS:
                index -= 1
            number = reading.at(index)
            if number is None or not self._is_coordinated(
                reading, reading.names[number], nearest, role
            ):
                break
            owners.append(reading.names[number])
            reading.used.add(number)
            index = reading.names[number].start - 1
        if (
            len(owners) == 1
            and len(names) > 1
            and self._is_compound_of_two(reading, names[-2], nearest)
        ):
            owners.append(names[-2])
        return [owner for name in reversed(owners) for owner in self._owner(reading, name)]

    @staticmethod
    def _owner(reading: Reading, name: Name) -> Iterator[Owner]:
        """Yield a name as owner, with the title before it ("President Petro's government")."""
        titled = reading.phrases.get(name.root)
        if titled:
            phrase = titled[0]
            reading.phrases[name.root] = []
            if phrase.name is not None:
                reading.memory.learn(phrase.name, phrase.actor, reading.families.get(phrase.name))
            yield Owner(phrase.start, phrase.end, phrase.actor, phrase.how.split(":")[0])
            return
        for mention in name.mentions:
            yield Owner(name.start, name.end, mention.actor, name.how.split(":")[0])

    @staticmethod
    def _is_coordinated(reading: Reading, other: Name, nearest: Name, role: Role) -> bool:
        """Tell whether a name before "and" shares the role: by the parse, or as an adjective does."""
        root = reading.doc[other.root]
        if other.is_person:
            return False
        if root.dep_ in MODIFIER and root.head.i >= nearest.start:
            return True
        return root.dep_ not in {"pobj", "dobj"} and other.how == DEMONYM and role.plural

    @staticmethod
    def _is_compound_of_two(reading: Reading, other: Name, nearest: Name) -> bool:
        """Tell whether two names stand as one adjective: "US-South Korean forces"."""
        between = reading.doc[other.end : nearest.start].text
        return between in {"-", "/"} and not other.is_person

    @staticmethod
    def _is_owning(preposition: str, role: Role, sector: str | None) -> bool:
        if preposition in {"of", "from"}:
            return True
        if preposition == "for":
            return role.kind == WEAK
        return (
            preposition in {"in", "at", "inside"}
            and sector not in _ABROAD
            and role.phrase not in _SENT
        )

    def _objects(self, reading: Reading, preposition: Token, depth: int) -> list[Owner]:
        """Return the owners that a preposition introduces, coordinated ones too."""
        owners: list[Owner] = []
        queue = [*reading.children(preposition, "pobj")]
        while queue and len(owners) < _MOST_OWNERS:
            token = queue.pop(0)
            number = reading.at(token.i)
            if number is not None:
                name = reading.names[number]
                reading.used.add(number)
                owners.append(
                    Owner(name.start, name.end, name.mention.actor, name.how.split(":")[0])
                )
            elif depth < _DEEPEST:
                owners.extend(self._as_owners(reading, token, depth))
            queue.extend(reading.children(token, "conj"))
        return owners

    def _as_owners(self, reading: Reading, token: Token, depth: int) -> list[Owner]:
        """Return the actors of a phrase as owners, and take the phrase itself away."""
        phrases = self._resolve(reading, token, depth + 1)
        reading.phrases[token.i] = []
        if token.pos_ == "PRON" or phrases and phrases[0].how.startswith("relative"):
            return [Owner(token.i, token.i + 1, each.actor, "pronoun") for each in phrases]
        return [Owner(each.start, each.end, each.actor, "role") for each in phrases]

    # -- apposition --------------------------------------------------------------------------

    def _join_appositions(self, reading: Reading) -> None:
        """Join "Shin Won-sik, the national security adviser" to one phrase that knows both."""
        for token in reading.doc:
            if token.dep_ != "appos" or token.head.i >= token.i:
                continue
            self._join(reading, token.head, token)
        for number, name in enumerate(reading.names):
            if name.is_person and number not in reading.used:
                self._join_before(reading, number, name)

    @staticmethod
    def _join_before(reading: Reading, number: int, name: Name) -> None:
        """Join "the president of the Commission, Ursula von der Leyen" where the parser did not."""
        if name.start < 2 or reading.doc[name.start - 1].text != ",":  # noqa: PLR2004 - a word, a comma
            return
        for index in range(name.start - 2, max(-1, name.start - 2 - _LONGEST_RUN), -1):
            for phrase in reading.phrases.get(index) or ():
                same = (phrase.actor.country, phrase.actor.org) == (
                    name.mention.actor.country,
                    name.mention.actor.org,
                )
                if phrase.end == name.start - 1 and phrase.person and same:
                    reading.used.add(number)
                    phrase.name = name.mention.text
                    phrase.how = f"apposition, {name.how}"
                    return

    def _join(self, reading: Reading, head: Token, apposition: Token) -> None:
        second = reading.phrases.get(apposition.i) or []
        name = reading.name_at(head.i)
        first = reading.phrases.get(head.i) or []
        if name is not None and not first:
            same = second and second[0].actor.country in {None, name.mention.actor.country}
            if len(second) == 1 and (same or name.is_person):
                reading.phrases[apposition.i] = []
            return
        if len(second) == 1 and not first and head.pos_ == "PROPN":
            phrase = second[0]
            start = self._proper_start(reading, head)
            person_name = reading.doc[start : head.i + 1].text
            reading.phrases[apposition.i] = []
            reading.phrases[head.i] = [
                Phrase(head.i, start, head.i + 1, phrase.actor, f"apposition, {phrase.how}",
                       person=phrase.person, plural=phrase.plural, generic=phrase.generic,
                       name=person_name, title=phrase.title)
            ]  # fmt: skip
        elif len(first) == 1 and len(second) == 1:
            if first[0].generic and not second[0].generic:
                first[0].actor, first[0].generic = second[0].actor, False
                first[0].how = f"apposition, {second[0].how}"
            first[0].name = first[0].name or second[0].name
            reading.phrases[apposition.i] = []
        elif len(first) == 1 and apposition.pos_ == "PROPN":
            other = reading.at(apposition.i)
            if other is None:
                start = self._proper_start(reading, apposition)
                first[0].name = reading.doc[start : apposition.i + 1].text
            elif reading.names[other].is_person or first[0].generic:
                named = reading.names[other]
                reading.used.add(other)
                if named.is_person or named.mention.actor.org is not None:
                    first[0].actor = named.mention.actor
                    first[0].generic = False
                    first[0].how = f"apposition, {named.how}"
                    first[0].name = named.mention.text

    @staticmethod
    def _proper_start(reading: Reading, token: Token) -> int:
        start = token.i
        while start > 0 and token.i - start < _LONGEST_NAME:
            before = reading.doc[start - 1]
            if before.pos_ != "PROPN" and before.text != "-":
                break
            start -= 1
        return start
