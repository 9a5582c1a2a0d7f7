"""What several do together: "built a bridge together", "jointly patrolled", whatever the act is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.events.frames.codes import tables
from transforms.events.frames.parse import kids
from transforms.events.frames.readings import Reading
from transforms.events.frames.roles import span
from transforms.events.frames.scene import is_known
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader

_ADVERBS = frozenset({"together", "jointly"})
_ARMED = frozenset({"MIL", "COP", "SPY"})
_MILITARY, _PLAIN = "062", "060"


def together(reader: Reader, verb: Token) -> Reading | None:
    """Return the cooperation of those who do something together; None: they are not several.

    Args:
        reader: The sentence.
        verb: What they do. Being, coming and speaking together is no cooperation.
    """
    if verb.lemma_.lower() in reader.lexicon.classes["apart"]:
        return None
    if not any(child.lower_ in _ADVERBS for child in kids(verb, "advmod")):
        return None
    args = reader.arguments(verb)
    doers = [one for one in reader.scene.fill(args.get("subj")) if is_known(one)]
    if len({one.actor.country or one.actor.org for one in doers}) < 2:  # noqa: PLR2004 - several
        return None
    armed = any(one.actor.sector in _ARMED for one in doers)
    code = tables().codes[_MILITARY if armed else _PLAIN]
    entry = reader.lexicon.verbs["cooperate"][0].entry
    return Reading(
        trigger=verb.i,
        action=(verb.i,),
        entry=replace(entry, name="together", need="both"),
        lemma=f"{verb.lemma_} together",
        cameo=code.cameo,
        plover=code.plover,
        mode=code.mode,
        sources=tuple(doers),
        targets=tuple(doers),
        construction="together",
        object=span(args.get("obj")),
        reciprocal=True,
        weight=0.65,
        specific=True,
    )
