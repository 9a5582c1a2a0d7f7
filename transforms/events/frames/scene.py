"""Which actors a phrase names: from tokens of the parse to mentions.

A mention fills a slot when it heads the slot's phrase, when it is coordinated with or apposed to
the head, or when the head is a noun that stands for the actor beside it: "members of", "targets
in", "Israeli warplanes" (`data/transparent.tsv`).
"""

from __future__ import annotations

from collections.abc import Iterable

from transforms.events.frames.lexicon import Lexicon, transparent
from transforms.events.frames.parse import is_relative, kids
from transforms.events.frames.triggers import words_of
from transforms.events.model import Mention
from transforms.events.tree import Doc, Token

_MAX_DEPTH = 8
_PERSONS = ("leader", "title")
_PRONOUNS = frozenset({"it", "he", "she", "they", "we", "i"})
_OPENINGS = frozenset({"", "the "})
_GAPS = frozenset(
    f"{link}{article}" for link in (", ", " and ", ", and ") for article in ("", "the ", "the two ")
)
_PLACE_PREPOSITIONS = frozenset({"in", "near", "around", "inside", "from", "across", "outside"})


def is_known(mention: Mention) -> bool:
    """Return whether a mention says which actor it is: a country, an organisation, a kind."""
    actor = mention.actor
    return bool(actor.country or actor.org or actor.kind)


class Scene:
    """One parsed sentence with its mentions.

    Args:
        doc: The sentence.
        mentions: Its resolved mentions.
        lexicon: For the classes of words.

    Attributes:
        names: Tokens of surnames, whose words mean nothing else ("Condoleezza Rice" is no food).
    """

    def __init__(self, doc: Doc, mentions: Iterable[Mention], lexicon: Lexicon) -> None:
        self.doc = doc
        self.text = doc.text.rstrip()
        self.lexicon = lexicon
        self.words = words_of(doc)
        self.heads: dict[int, list[Mention]] = {}
        self.modifiers: dict[int, Mention] = {}
        self._inside: dict[int, Mention] = {}
        self.names: set[int] = set()
        for mention in mentions:
            span = doc.around(mention.char_start, mention.char_end)
            if span is None:
                continue
            if any(kind in mention.how for kind in _PERSONS):
                self.names.add(span.root.i)
            head = mention.head if mention.head >= 0 else span.root.i
            if mention.how == "modifier":
                self.modifiers.setdefault(head, mention)
                for token in span:
                    self.modifiers.setdefault(token.i, mention)
                continue
            self.heads.setdefault(head, []).append(mention)
            for token in span:
                self._inside.setdefault(token.i, mention)

    def at(self, token: Token) -> Mention | None:
        """Return the mention that a token heads or is part of, the first where there are several."""
        return next(iter(self.all_at(token)), None)

    def all_at(self, token: Token) -> list[Mention]:
        """Return the mentions that a token heads ("French and Egyptian warships"), or is part of."""
        headed = self.heads.get(token.i)
        if headed:
            return headed
        inside = self._inside.get(token.i)
        return [inside] if inside is not None else []

    def listed_before(self, mention: Mention) -> list[Mention]:
        """Return X of the headline "X, Y veto resolution": a list without "and"."""
        before = self.text[: mention.char_start]
        return [
            other
            for others in self.heads.values()
            for other in others
            if before == f"{other.text}, " and not self.text.endswith(".")
        ]

    def joined_before(self, mention: Mention) -> list[Mention]:
        """Return X of "X and Y signed" where the parser gave X to another phrase than Y's."""
        before = self.text[: mention.char_start].removesuffix("the ")
        for others in self.heads.values():
            for other in others:
                if before.endswith(f"{other.text} and ") and other.char_end + 5 == len(before):
                    role = self.doc[other.head].dep_ if other.head >= 0 else ""
                    return [] if role in {"dobj", "pobj", "conj"} else [other]
        return []

    def series(self, mention: Mention) -> list[Mention]:
        """Return A, B, C of "A, B and C did" at a sentence's beginning, of which one is known.

        The parser often takes only one of a long list for the subject. [] where it is no such list.
        """
        names = sorted(
            {one for ones in self.heads.values() for one in ones}, key=lambda one: one.char_start
        )
        found: list[Mention] = []
        for one in names:
            gap = self.text[found[-1].char_end if found else 0 : one.char_start]
            if gap.lower() not in (_GAPS if found else _OPENINGS):
                break
            found.append(one)
        last_gap = self.text[found[-2].char_end : found[-1].char_start] if len(found) > 1 else ""
        return found if mention in found and "and" in last_gap else []

    def starting(self, token: Token) -> Mention | None:
        """Return the mention, a mere modifier as well, that begins at a token."""
        mention = self._inside.get(token.i) or self.modifiers.get(token.i)
        if mention is not None and mention.char_start == token.idx:
            return mention
        return None

    def fill(self, tokens: Iterable[Token], *, modifiers: bool = False) -> list[Mention]:
        """Return the mentions that the phrases name, each once; vague ones only where none is known.

        Args:
            tokens: Heads of phrases.
            modifiers: A mere modifier of the head counts as well ("Greek tanker").
        """
        found = self.fill_all(tokens, modifiers=modifiers)
        known = [mention for mention in found if is_known(mention)]
        return known or found

    def fill_all(self, tokens: Iterable[Token], *, modifiers: bool = False) -> list[Mention]:
        """Return the mentions that the phrases name, each once; the arguments are those of `fill`."""
        found: list[Mention] = []
        for token in tokens:
            for mention in self._fill(token, 0, modifiers):
                if mention not in found:
                    found.append(mention)
        return found

    def _fill(self, token: Token, depth: int, modifiers: bool) -> list[Mention]:
        if depth > _MAX_DEPTH:
            return []
        if is_relative(token):
            antecedent = self._antecedent(token)
            return self._fill(antecedent, depth + 1, modifiers) if antecedent is not None else []
        found = self._beside(token, depth) or list(self.all_at(token))
        found = found or self._through(token, depth, modifiers)
        if not found and token.tag_ == "PRP":
            found = self._reported_subject(token, depth)
        for other in kids(token, "conj"):
            if other.i != token.i and other.pos_ in {"NOUN", "PROPN", "PRON", "ADJ", "NUM"}:
                found += self._fill(other, depth + 1, modifiers)
        if not found:
            for other in kids(token, "appos"):
                found += self._fill(other, depth + 1, modifiers)
        return found

    def _beside(self, token: Token, depth: int) -> list[Mention]:
        """Return who "American ally Poland" names: not whom he is an ally of."""
        if token.lemma_.lower() not in self.lexicon.classes["beside"]:
            return []
        return [
            one
            for other in kids(token, "appos")
            for one in self._fill(other, depth + 1, False)
            if is_known(one)
        ]

    def _reported_subject(self, token: Token, depth: int) -> list[Mention]:
        """Return who "it", "he", "they" is as the subject of what someone said: that someone."""
        verb = token.head
        if token.dep_ not in {"nsubj", "nsubjpass"} or token.lower_ not in _PRONOUNS:
            return []
        for _ in range(_MAX_DEPTH):
            if verb.dep_ == "ccomp":
                return [
                    one
                    for subject in kids(verb.head, "nsubj")
                    if subject.i != token.i
                    for one in self._fill(subject, depth + 1, False)
                ]
            if verb.dep_ not in {"conj", "xcomp", "advcl"}:
                return []
            verb = verb.head
        return []

    def _antecedent(self, token: Token) -> Token | None:
        clause: Token = token.head
        for _ in range(_MAX_DEPTH):
            if clause.dep_ == "relcl":
                return clause.head if clause.head.i != token.i else None
            if clause.head.i == clause.i:
                return None
            clause = clause.head
        return None

    def _through(self, token: Token, depth: int, modifiers: bool) -> list[Mention]:
        lemma = token.lemma_.lower()
        table = transparent()
        found: list[Mention] = []
        if lemma in table["mod"] or modifiers:
            found += self.modifying(token)
        if found:
            return found
        counted = token.pos_ in {"NUM", "DET", "PRON"} or token.like_num
        for prep in kids(token, "prep"):
            name = prep.lower_
            if (name == "of" and (counted or lemma in table["of"] or modifiers)) or (
                name in _PLACE_PREPOSITIONS and (lemma in table["in"])
            ):
                for inner in kids(prep, "pobj"):
                    found += self._fill(inner, depth + 1, modifiers)
        return found

    def modifying(self, noun: Token) -> list[Mention]:
        """Return the actors in a noun's possessor, compound or adjective, in order."""
        found: list[Mention] = []
        for child in kids(noun, "poss", "compound", "amod", "nmod"):
            mention = self.at(child) or self.modifiers.get(child.i)
            if mention is None and child.dep_ == "poss":
                found += [one for one in self._fill(child, 1, False) if one not in found]
            elif mention is not None and mention not in found:
                found.append(mention)
                for other in kids(child, "conj"):
                    again = self.at(other) or self.modifiers.get(other.i)
                    if again is not None and again not in found:
                        found.append(again)
        own = self.modifiers.get(noun.i)
        if own is not None and own not in found:
            found.append(own)
        return found

    def inside(self, tokens: Iterable[Token]) -> list[Mention]:
        """Return the nearest actor anywhere inside the phrases, clauses left out."""
        for token in tokens:
            queue = [token]
            for node in queue:
                mention = self.at(node) or self.modifiers.get(node.i)
                if mention is not None:
                    return [mention]
                queue.extend(
                    child
                    for child in node.children
                    if child.dep_ not in {"relcl", "acl", "advcl", "appos", "punct", "det"}
                )
        return []
