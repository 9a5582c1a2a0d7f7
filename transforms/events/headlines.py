"""Headlines as the parser would like them: "Russia, China veto resolution" as a plain sentence.

The model knows sentences, not headlines. For the parse alone a headline's comma between two actors
becomes "and", its present tense after an actor or a role the past, its "to visit" "will visit", and it
gets a full stop; the result is laid over the headline's own words. A verb that is still not read as one
stands as "took", which cannot be a participle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from transforms.events.frames.entries import PREPOSITIONS
from transforms.events.frames.inflection import past, with_s
from transforms.events.frames.lexicon import Lexicon
from transforms.events.model import Mention

_ADJECTIVES = ("demonym",)
_ROLES = ("crowd", "troops", "police", "party", "officials")  # whose words may be a verb's subject
_NEW_CLAUSE = frozenset({",", ";", ":", "as", "while", "but", "and", "then", "after", "before"})
_VERBAL = frozenset({"ROOT", "conj", "ccomp", "advcl", "parataxis", "relcl", "xcomp"})
_PLAIN_VERB = "took"


@dataclass(slots=True)
class Wording:
    """What is parsed in a headline's place.

    Attributes:
        words: One for each token, and a full stop.
        verbs: The tokens whose tense was changed, with their lemmas.
    """

    words: list[str]
    verbs: dict[int, str] = field(default_factory=dict)


def plain(doc: Doc, named: Sequence[Mention], lexicon: Lexicon) -> Wording:
    """Return the words to parse in a headline's place.

    Args:
        doc: The headline, only tokenized.
        named: The actors that the gazetteer found in it.
        lexicon: Whose verbs are looked for.
    """
    found = Wording([token.text for token in doc])
    ends = {mention.char_end for mention in named if not mention.how.startswith(_ADJECTIVES)}
    starts = {mention.char_start for mention in named}
    roles = frozenset().union(*(lexicon.classes[one] for one in _ROLES))
    told = False
    for token in doc[1:]:
        before = doc[token.i - 1]
        after_actor = before.idx + len(before) in ends
        follows = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if before.lower_ in _NEW_CLAUSE:
            told = False
        if told or follows is None:
            continue
        if after_actor and token.text == "," and follows.idx in starts:
            found.words[token.i] = "and"
        elif after_actor and token.lower_ == "to" and follows.lower_ in lexicon.lemmas_of:
            found.words[token.i] = "will"
            told = True
        elif (
            after_actor or (_is_role(before, roles) and not _is_role(token, roles))
        ) and _may_be_verb(token, follows, lexicon):
            lemma = min(lexicon.lemmas_of[token.lower_])
            found.words[token.i] = past(lemma)
            found.verbs[token.i] = lemma
            told = True
    found.words.append(".")
    return found


def _is_role(token: Token, roles: frozenset[str]) -> bool:
    return token.lower_ in roles or token.lower_.removesuffix("s") in roles


def _may_be_verb(token: Token, follows: Token, lexicon: Lexicon) -> bool:
    """Whether a word after an actor is its verb: "US sanctions firms", not "US sanctions on"."""
    lemmas = lexicon.lemmas_of.get(token.lower_, frozenset())
    present = any(token.lower_ in {lemma, with_s(lemma)} for lemma in lemmas)
    if not present or token.lower_ not in lexicon.noun_forms:
        return present
    told = any(follows.lower_ == with_s(one) for one in lexicon.lemmas_of.get(follows.lower_, ()))
    return follows.lower_ not in PREPOSITIONS and not told  # "police raid kills three"


def reworded(wording: Wording, parsed: Doc) -> Wording | None:
    """Return the wording with a plainer verb for each that was not read as one; None: all were."""
    lost = [i for i in wording.verbs if parsed[i].dep_ not in _VERBAL]
    if not lost:
        return None
    words = list(wording.words)
    for i in lost:
        words[i] = _PLAIN_VERB
    return Wording(words, wording.verbs)


def laid_over(doc: Doc, wording: Wording, parsed: Doc) -> Doc:
    """Return the headline's own tokens with the parse of the plain words.

    Args:
        doc: The headline, only tokenized.
        wording: What was parsed in its place.
        parsed: The parse.
    """
    count = len(doc)
    heads, deps = [], []
    for token in parsed[:count]:
        head = token.head.i if token.head.i < count else token.i
        heads.append(head)
        deps.append(token.dep_)
    tags = [token.tag_ for token in parsed[:count]]
    kinds = [token.pos_ for token in parsed[:count]]
    for token in parsed[:count]:
        if wording.words[token.i] == "will" and doc[token.i].lower_ == "to":
            tags[token.i], kinds[token.i] = "TO", "PART"
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=tags,
        pos=kinds,
        lemmas=[wording.verbs.get(token.i, token.lemma_) for token in parsed[:count]],
        heads=heads,
        deps=deps,
    )
