"""What is asked, promised, refused, threatened or alleged: the words of a speech act's content."""

from __future__ import annotations

from transforms.events.frames.parse import is_infinitive, kids
from transforms.events.model import Frame
from transforms.events.tree import Doc, Token

# CAMEO roots of acts by words: appeal, intent to cooperate, demand, disapprove, reject, threaten.
_ROOTS = frozenset({"02", "03", "10", "11", "12", "13"})
_ABOUT = frozenset({"of", "for", "from"})
_ACCUSING = "11"
_MAX_CHARS = 300
_UNSAID = frozenset({"that", "for"})


def content_text(doc: Doc, frame: Frame) -> str | None:
    """Return the words of what an act of speech is about; None: it is no such act, or none are said.

    "demanded that Iran *guarantee access*", "urged thousands *to flee their homes*", "called for *talks*",
    "accused Syria *of arming rebels*".
    """
    if frame.cameo[:2] not in _ROOTS:
        return None
    words = [doc[i] for i in dict.fromkeys((frame.trigger, *frame.action))]
    for word in words:
        clause = _clause(word)
        if clause is not None:
            return _words(doc, clause)
    if frame.object is not None and frame.cameo[:2] != _ACCUSING:
        return None  # the object says it
    targets = {one.head for one in frame.targets}
    for word in words:
        phrase = _phrase(word, targets)
        if phrase is not None:
            return _words(doc, phrase)
    return None


def _clause(word: Token) -> Token | None:
    """Return the clause that says what: a that-clause, an infinitive."""
    for child in word.rights:
        if child.dep_ in {"ccomp", "xcomp"} or (child.dep_ == "acl" and is_infinitive(child)):
            return child
        if child.dep_ == "advcl" and is_infinitive(child) and kids(child, "mark", "nsubj"):
            return child
    return None


def _phrase(word: Token, targets: set[int]) -> Token | None:
    """Return the phrase that says what, behind a preposition: "of arming rebels", "for talks"."""
    for prep in kids(word, "prep"):
        if prep.lower_ in _ABOUT and prep.i > word.i:
            for inner in (*kids(prep, "pcomp"), *kids(prep, "pobj")):
                if inner.i not in targets:
                    return inner
    return None


def _words(doc: Doc, head: Token) -> str | None:
    start, end = head.left_edge.i, head.right_edge.i + 1
    while start < end and (doc[start].is_punct or doc[start].lower_ in _UNSAID):
        start += 1
    while end > start and doc[end - 1].is_punct:
        end -= 1
    text = doc[start:end].text
    if len(text) > _MAX_CHARS:
        text = text[:_MAX_CHARS].rpartition(" ")[0]
    return text.strip() or None
