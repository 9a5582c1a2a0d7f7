"""Sport in words of war: teams that go by their countries' names."""

from __future__ import annotations

from transforms.events.frames.inflection import past
from transforms.events.frames.parse import kids
from transforms.events.gates.words import words
from transforms.events.model import Frame
from transforms.events.tree import Doc, Token

_BARE = ("country", "demonym")


def why_contest(frame: Frame, doc: Doc) -> str | None:
    """Return why an act is one of sport; None: it is none.

    Prizes; a country as a team; two bare countries that "meet" beside no word of politics or war.
    """
    verb = doc[frame.trigger]
    if frame.object is not None:
        prize = {token.lemma_.lower() for token in doc[slice(*frame.object)]} & words("prize")
        if prize:
            return f"a contest: {min(prize)}"
    if _is_team(frame, verb):
        return "a team: a country with a verb in the plural"
    if verb.lemma_.lower() not in words("contest") or not (frame.sources and frame.targets):
        return None
    if not all(one.how.startswith(_BARE) for one in (*frame.sources, *frame.targets)):
        return None
    said = {
        form
        for token in doc
        if token.pos_ in {"NOUN", "PROPN", "ADJ"}
        for form in (token.lemma_.lower(), token.lower_)
    }
    return None if said & words("politics") else "two countries in a contest"


def _is_team(frame: Frame, verb: Token) -> bool:
    """Whether one country takes a plural verb: "Sweden bombard Bulgaria", as headlines tell of teams."""
    if len(frame.sources) != 1 or frame.sources[0].how != "country" or verb.pos_ != "VERB":
        return False
    text = frame.sources[0].text
    if text.lower().endswith("s") or not any(
        child.i == frame.sources[0].head and not kids(child, "conj")
        for child in kids(verb, "nsubj")
    ):
        return False
    helpers = [one.lower_ for one in kids(verb, "aux", "auxpass")]
    lemma = verb.lemma_.lower()
    bare = verb.lower_ == lemma != past(lemma) and verb.tag_ in {"VBP", "VBD"} and not helpers
    return bare or helpers[:1] in (["have"], ["are"], ["were"])
