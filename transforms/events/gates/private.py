"""What companies and private people do to each other, and courts and offices to them: no politics."""

from __future__ import annotations

from transforms.events.gates.words import words
from transforms.events.model import Frame, Mention
from transforms.events.tree import Doc, Token

PRIVATE = frozenset({"BUS", "MED", "CVL", "HLH", "EDU", "LAB", "AGR"})
_FIRMS = frozenset({"BUS", "MED", "HLH"})
_ORDERED = frozenset({"COP", "MIL", "EDU", "MED"})
_LAW = frozenset({"COP", "JUD"})
_LAW_CODES = ("080", "171", "173", "174", "116", "115", "112", "090", "0841")
_ORDINARY = frozenset({"CVL", "REL", "BUS", "LAB", "EDU", "AGR", "HLH", "CRM"})
_RISING = frozenset({"14", "18", "19", "20"})  # what private people do to others
_STRIKE_CODES = ("133", "082", "0872")  # to call and to call off strikes and blockades
_SELLING_ROOTS = frozenset({"03", "06", "07"})  # what a firm promises or brings is business
_DEALING_ROOTS = frozenset({"03", "04", "05", "06", "07", "12", "19"})
_FORCE_ROOTS = frozenset({"13", "15", "17", "18", "19", "20"})


def why_private(frame: Frame, doc: Doc) -> str | None:
    """Return why an act is nobody's politics: business, courtesy, orders and punishment at home; None."""
    return _business(frame, doc) or _at_home(frame) or _crime(frame, doc) or _alone(frame, doc)


def _business(frame: Frame, doc: Doc) -> str | None:
    """Companies and people dealing with each other."""
    root = frame.cameo[:2]
    if root in _FORCE_ROOTS and frame.sources and all(_is_firm(one) for one in frame.sources):
        return "a company's business"
    parties = (*frame.sources, *frame.targets)
    dealing = root in _DEALING_ROOTS and (root != "19" or frame.sources)
    if dealing and all(_is_private(one) for one in parties):
        return "business among companies"
    rising = root in _RISING or frame.cameo.startswith(_STRIKE_CODES)
    if _are_private(frame.sources) and not rising:
        if not frame.targets or _are_private(frame.targets):
            return "private people among themselves"
        if root == "05" or frame.cameo in {"036", "042"}:
            return "a company's business"
        if root in _SELLING_ROOTS and all(one.actor.sector == "BUS" for one in frame.sources):
            return "a company's business"
    if root in _DEALING_ROOTS | {"16"} and any(_is_unnamed_firm(one, doc) for one in parties):
        return "business: a company"
    nouns = [_noun_of(one, doc) for one in parties]
    trader = {noun.lemma_.lower() for noun in nouns if noun is not None} & words("trader")
    return f"business: {min(trader)}" if root in _DEALING_ROOTS | {"11"} and trader else None


def _at_home(frame: Frame) -> str | None:
    """Votes, courtesy, help and orders among people of one country."""
    root = frame.cameo[:2]
    homes = {one.actor.country for one in (*frame.sources, *frame.targets)}
    if root in {"03", "05"} and "vote" in frame.lemma and _all_of_one_country(frame):
        return "a vote at home"
    if root == "05" and _are_private(frame.targets) and len(homes) == 1:
        return "courtesy at home"
    if frame.plover == "AID" and _are_private(frame.sources) and len(homes) == 1:
        return "help at home"
    if frame.plover == "REQUEST" and not frame.targets and _are_police(frame):
        return "a call by the police"
    if frame.plover == "REQUEST" and _all_of_one_country(frame) and _are_under_orders(frame):
        return "an order at home"
    return None


def _crime(frame: Frame, doc: Doc) -> str | None:
    """What courts and police do about ordinary people."""
    root, people = frame.cameo[:2], _are_private(frame.targets)
    courts = all(_is_court(one) for one in frame.sources)
    if (root in {"10", "12"} and not frame.targets and courts) or (root in {"03", "13"} and courts):
        return "a court's order"
    nobody = frame.cameo == "116" and not frame.sources and _are_ordinary(frame.targets, doc)
    if nobody and not _is_political(doc):
        return "an ordinary crime: a sentence"
    if frame.cameo == "112" and not frame.sources and people:
        return "an ordinary crime"
    if frame.cameo == "116" and frame.lemma == "fine" and (people or (frame.sources and courts)):
        return "an ordinary offence: a fine"
    if _is_police_matter(frame, doc) and not _is_political(doc):
        return "an ordinary crime: police, courts and private people"
    if root in {"11", "17"} and people:
        crime = {token.lemma_.lower() for token in doc} & words("offence")
        return f"an ordinary crime: {min(crime)}" if crime else None
    return None


def _is_police_matter(frame: Frame, doc: Doc) -> bool:
    """Whether police or a court deal with private people of their own country, or these hurt others."""
    law = frame.cameo.startswith(_LAW_CODES)
    crime = frame.cameo[:2] in {"18", "19"}
    doers = frame.sources and all(one.actor.sector in _LAW for one in frame.sources)
    people = _are_ordinary(frame.targets, doc)
    if law and doers and not frame.targets and frame.object is not None:
        return not words("ordinary").isdisjoint(
            token.lemma_.lower() for token in doc[slice(*frame.object)]
        )
    if law and doers and people:
        homes = {one.actor.country for one in (*frame.sources, *frame.targets)} - {None}
        return len(homes) <= 1 or all(one.actor.sector != "BUS" for one in frame.targets)
    if frame.construction == "nominal" and not frame.sources and people:
        return frame.cameo == "180"
    if crime and doers and people:
        return all(one.actor.sector == "CRM" for one in frame.targets)
    alone = len(frame.sources) == 1 and (
        frame.sources[0].actor.sector == "CVL"
        or (frame.sources[0].actor.sector in _ORDINARY and _is_one_person(frame.sources[0], doc))
    )
    return crime and alone and (not frame.targets or people)


def _are_ordinary(mentions: tuple[Mention, ...], doc: Doc) -> bool:
    """Whether all are ordinary people: the arrest of many teachers is news, of some men none."""
    return bool(mentions) and all(
        one.actor.sector in {"CVL", "CRM"}
        or (one.actor.sector in _ORDINARY and one.head >= 0 and doc[one.head].tag_ != "NNS")
        for one in mentions
    )


def _is_political(doc: Doc) -> bool:
    return any(
        token.lemma_.lower() in words("political") or token.lower_ in words("political")
        for token in doc
    )


def _alone(frame: Frame, doc: Doc) -> str | None:
    protest = frame.cameo in {"082", "140", "141", "143", "144"}
    ceremony = {token.lemma_.lower() for token in doc} & words("ceremony") if protest else None
    if ceremony and not {token.lemma_.lower() for token in doc} & words("dissent"):
        return f"a ceremony: {min(ceremony)}"
    if protest and len(frame.sources) == 1 and _is_one_person(frame.sources[0], doc):
        return "the protest of one"
    return None


def _noun_of(mention: Mention, doc: Doc) -> Token | None:
    """Return the noun that a mention is or modifies: "maker" of "a Dutch maker"; None: not parsed."""
    if mention.head < 0:
        return None
    head = doc[mention.head]
    return head.head if mention.how == "modifier" and head.head.pos_ == "NOUN" else head


def _is_private(mention: Mention) -> bool:
    return mention.actor.sector in PRIVATE


def _are_private(mentions: tuple[Mention, ...]) -> bool:
    return bool(mentions) and all(_is_private(one) for one in mentions)


def _all_of_one_country(frame: Frame) -> bool:
    """Whether nobody of another country takes part, nor an organisation of several."""
    parties = (*frame.sources, *frame.targets)
    abroad = any(one.actor.org or one.actor.kind for one in parties)
    return not abroad and len({one.actor.country for one in parties} - {None}) == 1


def _are_police(frame: Frame) -> bool:
    return all(one.actor.sector == "COP" for one in frame.sources)


def _are_under_orders(frame: Frame) -> bool:
    return bool(frame.targets) and all(one.actor.sector in _ORDERED for one in frame.targets)


def _is_firm(mention: Mention) -> bool:
    return mention.actor.sector in _FIRMS


def _is_unnamed_firm(mention: Mention, doc: Doc) -> bool:
    """Whether "India's Adani group", taken for the country itself, is a firm."""
    noun = _noun_of(mention, doc)
    unknown = mention.actor.sector in {None, "LAB", "BUS"} and mention.actor.org is None
    head = "" if noun is None or noun.lower_ == "groups" else noun.lemma_.lower()
    named = {head, *mention.text.lower().split()}
    return unknown and bool(named & words("firms"))


def _is_one_person(mention: Mention, doc: Doc) -> bool:
    """Whether a mention is a single private person: "a Senegalese designer", no crowd or union."""
    noun = _noun_of(mention, doc)
    return (
        noun is not None
        and noun.tag_ == "NN"
        and any(child.lower_ in {"a", "an", "the"} for child in noun.lefts)
        and noun.lemma_.lower() not in words("crowds")
    )


def _is_court(mention: Mention) -> bool:
    return mention.actor.sector == "JUD"
