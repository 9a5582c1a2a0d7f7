"""Whose people: a country for actors that a sentence names only by their role.

"killed 23 people in Tel Aviv", "riot police dispersed protesters": who is hurt, arrested or protests
somewhere is, unless the text says otherwise, of that place, and police deal with people of their own
country. A decision that a model could take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.events.frames.scene import is_known
from transforms.events.model import Actor, Frame, Mention, Place

_LOCAL_ROOTS = frozenset({"07", "14", "17", "18", "19", "20"})
_HURT_ROOTS = frozenset({"14", "17", "18", "19", "20"})
_CONVICTION = "116"
_STATE_CODES = ("116", "172", "173", "174")  # convict, ban, arrest, deport: what only a state does
_OPPONENTS = frozenset({"OPP", "ELI", "MED", "PTY", "LEG"})
_DOMESTIC_ROOTS = frozenset({"14", "17"})
_DOMESTIC_SECTORS = frozenset({"COP", "GOV", "JUD", "LEG"})


def at_home(
    frame: Frame, place: Place | None, sentence: str, mentions: Sequence[Mention] = ()
) -> Frame:
    """Return the frame with a country for its vague actors, where place or counterpart give one.

    Args:
        frame: The frame.
        place: Where it happened; None: unknown.
        sentence: Its sentence. A place from elsewhere (the dateline) is not believed.
        mentions: The sentence's actors: where it names but one country, nobody else's people are hurt.
    """
    root = frame.cameo[:2]
    if root not in _LOCAL_ROOTS and frame.cameo != _CONVICTION:
        return frame
    country = place.country if place is not None and place.text in sentence else None
    alone = None
    if country is None and not any(is_known(one) for one in (*frame.sources, *frame.targets)):
        alone = _only_country(mentions) if root in _HURT_ROOTS else None
        country = alone
    targets = _settled(frame.targets, country, frame.sources, root)
    sources = frame.sources
    if alone or root in _DOMESTIC_ROOTS or frame.cameo == _CONVICTION or frame.reciprocal:
        sources = _settled(frame.sources, country, frame.targets, root)
    if root == "14":
        targets = targets or _rulers(sources)
    if not sources and frame.construction == "passive":
        sources = _state(frame, country or _home_of_opponent(frame))
    if targets == frame.targets and sources == frame.sources:
        return frame
    return replace(frame, targets=targets, sources=sources)


def _only_country(mentions: Sequence[Mention]) -> str | None:
    """Return the country of all that a sentence names; None: it names several, or none."""
    found = {one.actor.country or one.actor.org for one in mentions if is_known(one)}
    country = found.pop() if len(found) == 1 else None
    return country if any(one.actor.country == country for one in mentions) else None


def _rulers(sources: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return the government of the one country whose people protest, where nobody else is named."""
    homes = {one.actor.country for one in sources}
    if len(homes) != 1 or None in homes:
        return ()
    return (
        replace(
            sources[0],
            text="",
            actor=Actor(country=homes.pop(), sector="GOV"),
            how="the government at home",
        ),
    )


def _home_of_opponent(frame: Frame) -> str | None:
    """Return the country of a politician or journalist who is arrested nobody says where: his own."""
    homes = {one.actor.country for one in frame.targets if one.actor.sector in _OPPONENTS}
    return homes.pop() if len(homes) == 1 else None


def _state(frame: Frame, country: str | None) -> tuple[Mention, ...]:
    """Return the state of the place as who arrests, bans, seizes, convicts there, where nobody is named."""
    if country is None or not frame.cameo.startswith(_STATE_CODES) or not frame.targets:
        return ()
    near = frame.targets[0]
    return (
        replace(
            near, text="", actor=Actor(country=country, sector="GOV"), how="the state, by the place"
        ),
    )


def _settled(
    mentions: tuple[Mention, ...],
    country: str | None,
    others: tuple[Mention, ...],
    root: str,
) -> tuple[Mention, ...]:
    home = country
    if home is None and root in _DOMESTIC_ROOTS:
        home = next(
            (one.actor.country for one in others if one.actor.sector in _DOMESTIC_SECTORS), None
        )
    if home is None:
        return mentions
    return tuple(
        one
        if is_known(one)
        else replace(one, actor=replace(one.actor, country=home), how=f"{one.how}, at home")
        for one in mentions
    )
