"""Warnings that are no threats: what somebody tells his own people to beware of."""

from __future__ import annotations

from transforms.events.frames.parse import kids
from transforms.events.frames.scene import is_known
from transforms.events.gates.words import words
from transforms.events.model import Frame
from transforms.events.tree import Doc

_WARNING = "warn"
_PLAIN = frozenset({"active", "coordination", "passive"})
# Whom a state threatens at home.
_ADVERSARIES = frozenset({"OPP", "ELI", "REB", "UAF", "SEP", "CRM"})


def why_advice(frame: Frame, doc: Doc) -> str | None:
    """Return why a warning is no threat and advice no request; None: it may be one, or is neither.

    "Health officials warned Americans": by somebody without a country, or within one, and to no
    adversary. "Told its citizens to stay at home": to one's own.
    """
    if frame.plover == "REQUEST":
        return _to_ones_own(frame, doc)
    if frame.plover != "THREATEN" or frame.construction not in _PLAIN:
        return None
    if _WARNING not in (doc[frame.trigger].lemma_.lower(), *frame.lemma.split()):
        return None
    parties = (*frame.sources, *frame.targets)
    if any(one.actor.sector in _ADVERSARIES for one in parties):
        return None
    homes = {one.actor.country or one.actor.org for one in parties if is_known(one)}
    return "a warning within one country" if len(homes) < 2 else None  # noqa: PLR2004 - two sides


def _to_ones_own(frame: Frame, doc: Doc) -> str | None:
    """Return why a request is mere advice: to the speaker's own citizens or guests."""
    nouns = [doc[one.head] for one in frame.targets if one.head >= 0]
    for noun in nouns:
        owned = any(child.tag_ == "PRP$" for child in kids(noun, "poss"))
        if owned and noun.lemma_.lower() in words("own"):
            return f"advice to one's own: {noun.text}"
    return None
