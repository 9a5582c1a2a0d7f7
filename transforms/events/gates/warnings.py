"""Warnings that are no threats: what somebody tells his own people to beware of."""

from __future__ import annotations

from transforms.events.frames.scene import is_known
from transforms.events.model import Frame
from transforms.events.tree import Doc

_WARNING = "warn"
_PLAIN = frozenset({"active", "coordination", "passive"})
# Whom a state threatens at home.
_ADVERSARIES = frozenset({"OPP", "ELI", "REB", "UAF", "SEP", "CRM"})


def why_advice(frame: Frame, doc: Doc) -> str | None:
    """Return why a warning is no threat; None: it may be one, or it is no warning.

    "Health officials warned Americans": by somebody without a country, or within one, and to no adversary.
    """
    if frame.plover != "THREATEN" or frame.construction not in _PLAIN:
        return None
    if _WARNING not in (doc[frame.trigger].lemma_.lower(), *frame.lemma.split()):
        return None
    parties = (*frame.sources, *frame.targets)
    if any(one.actor.sector in _ADVERSARIES for one in parties):
        return None
    homes = {one.actor.country or one.actor.org for one in parties if is_known(one)}
    return "a warning within one country" if len(homes) < 2 else None  # noqa: PLR2004 - two sides
