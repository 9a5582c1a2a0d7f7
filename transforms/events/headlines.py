"""Headlines as the parser would like them: "Russia, China veto resolution" as a plain sentence.

The model knows sentences, not headlines. For the parse alone a headline's comma between two actors
becomes "and", its present tense after an actor the past, its "to visit" "will visit", and it gets a
full stop; the result is laid over the headline's own words.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from transforms.events.frames.entries import PREPOSITIONS
from transforms.events.frames.inflection import past, with_s
from transforms.events.frames.lexicon import Lexicon
from transforms.events.model import Mention

_ADJECTIVES = ("demonym",)


def plain_words(doc: Doc, named: Sequence[Mention], lexicon: Lexicon) -> list[str]:
    """Return the words to parse in a headline's place: one for each token, and a full stop.

    Args:
        doc: The headline, only tokenized.
        named: The actors that the gazetteer found in it.
        lexicon: Whose verbs are looked for.
    """
    words = [token.text for token in doc]
    ends = {mention.char_end for mention in named if not mention.how.startswith(_ADJECTIVES)}
    starts = {mention.char_start for mention in named}
    told = False
    for token in doc[1:]:
        after_actor = doc[token.i - 1].idx + len(doc[token.i - 1]) in ends
        follows = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if not after_actor or follows is None or told:
            continue
        if token.text == "," and follows.idx in starts:
            words[token.i] = "and"
        elif token.lower_ == "to" and follows.lower_ in lexicon.lemmas_of:
            words[token.i] = "will"
            told = True
        elif _may_be_verb(token, follows, lexicon):
            lemma = min(lexicon.lemmas_of[token.lower_])
            words[token.i] = past(lemma)
            told = True
    return [*words, "."]


def _may_be_verb(token: Token, follows: Token, lexicon: Lexicon) -> bool:
    """Whether a word after an actor is its verb: "US sanctions firms", not "US sanctions on"."""
    lemmas = lexicon.lemmas_of.get(token.lower_, frozenset())
    present = any(token.lower_ in {lemma, with_s(lemma)} for lemma in lemmas)
    return present and not (follows.lower_ in PREPOSITIONS and token.lower_ in lexicon.noun_forms)


def laid_over(doc: Doc, words: Sequence[str], plain: Doc) -> Doc:
    """Return the headline's own tokens with the parse of the plain words.

    Args:
        doc: The headline, only tokenized.
        words: Its `plain_words`.
        plain: Their parse.
    """
    count = len(doc)
    heads, deps = [], []
    for token in plain[:count]:
        head = token.head.i if token.head.i < count else token.i
        heads.append(head)
        deps.append(token.dep_)
    tags = [token.tag_ for token in plain[:count]]
    kinds = [token.pos_ for token in plain[:count]]
    for token in plain[:count]:
        if words[token.i] == "will" and doc[token.i].lower_ == "to":
            tags[token.i], kinds[token.i] = "TO", "PART"
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=tags,
        pos=kinds,
        lemmas=[token.lemma_ for token in plain[:count]],
        heads=heads,
        deps=deps,
    )
