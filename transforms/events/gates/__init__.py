"""Which frames are no event of the news, whatever their words: the gates before the rows.

A decision that a model could take. Sport, markets, nature and art borrow the words of politics; what
is told as history, habit, hypothesis or statistics did not happen now; and who acts must be somebody
who acts in politics. The words are data (`frames/data/gates.tsv`), the reasons are for `explain`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from transforms.events.frames.parse import kids
from transforms.events.frames.scene import is_known
from transforms.events.frames.syntax import phrase_words
from transforms.events.gates.contests import why_contest
from transforms.events.gates.history import why_history
from transforms.events.gates.lasting import why_lasting
from transforms.events.gates.private import why_private
from transforms.events.gates.unreal import why_unreal
from transforms.events.gates.warnings import why_advice
from transforms.events.gates.words import words
from transforms.events.model import Frame, Mention

if TYPE_CHECKING:
    from transforms.events.rows import Finding

_RULERS = frozenset({"GOV", "MIL", "JUD", "LEG"})
_POLITICIANS = frozenset({"OPP", "PTY", "REB"})
_RULING_ROOTS = frozenset({"10", "13", "16", "17", "18", "19", "20"})
_NO_PARTNERS = frozenset({"MED", "CVL", "EDU", "BUS", "MIL", "HLH", "REF"})
# Types whose doer a reader must be told; a killing or a riot may have none.
_NEED_SOURCE = frozenset({"AID", "MOBILIZE", "COERCE", "SANCTION", "COOPERATE", "CONCEDE"})


def why_no_event(
    finding: Finding, published_at: dt.datetime | None, topic: str | None
) -> str | None:
    """Return why a frame is no event of the news; None: it is one.

    Args:
        finding: The frame with its judgement, attribution, date.
        published_at: Of the article; None: unknown.
        topic: The field of the article or sentence ("sport", "market", "art", "history"); None.
    """
    frame, doc = finding.frame, finding.doc
    return (
        why_unreal(finding)
        or _nobody(frame)
        or why_private(frame, doc)
        or _of_topic(frame, topic)
        or why_history(finding, published_at)
        or _mishap(finding)
        or _no_doer(finding)
        or why_lasting(finding)
        or why_contest(frame, doc)
        or why_advice(frame, doc)
        or _statistics(finding)
        or _never(finding)
    )


def _of_topic(frame: Frame, topic: str | None) -> str | None:
    """News of another field, unless it is what a state does to somebody: "banned rallies near stadiums"."""
    if topic is None or frame.plover is None:
        return None
    parties = (*frame.sources, *frame.targets)
    rules = frame.sources and all(one.actor.sector in _RULERS for one in frame.sources)
    politics = frame.sources and frame.targets and all(_is_politician(one) for one in parties)
    if topic == "sport" and (politics or (rules and frame.cameo[:2] in _RULING_ROOTS)):
        return None
    return f"about {topic}"


def _is_politician(mention: Mention) -> bool:
    return mention.actor.sector in _RULERS | _POLITICIANS


def _nobody(frame: Frame) -> str | None:
    """No actor, or none who takes part in politics."""
    parties = (*frame.sources, *frame.targets)
    if not any(is_known(one) for one in parties):
        return "no actor whose country or organisation is known"
    if frame.plover == "CONSULT":
        if any(one.actor.sector == "REF" for one in parties):
            return "people who flee"
        if any(not is_known(one) and one.actor.sector in _NO_PARTNERS for one in parties):
            return "no meeting of political actors"
        if frame.cameo == "042" and any(one.how == "demonym" for one in frame.sources):
            return "people who travel"
        if frame.cameo == "042" and any(_is_armed_body(one) for one in frame.sources):
            return "troops that come, no visitors"
    if frame.cameo == "190" and frame.sources:
        unarmed = all(one.actor.sector == "CVL" for one in frame.sources)
        if unarmed and frame.targets and all(one.how == "country" for one in frame.targets):
            return "civilians against a whole country"
    return None


def _is_armed_body(mention: Mention) -> bool:
    """Whether a military or police mention is a body of men or a machine, no commander."""
    last = mention.text.split()[-1].lower()
    armed = mention.actor.sector in {"MIL", "COP", "REB", "UAF"}
    return armed and "title" not in mention.how and last not in words("commander")


def _mishap(finding: Finding) -> str | None:
    """A fire or blast at a place of work, by nobody's bomb."""
    said = {token.lemma_.lower() for token in finding.doc}
    where = said & words("works")
    harmed = finding.frame.plover == "ASSAULT" and said & words("mishaps")
    return (
        f"an accident: {min(where)}" if harmed and where and not said & words("attackers") else None
    )


def _no_doer(finding: Finding) -> str | None:
    """Acts whose doer is named and is no actor: wind, elephants, a gas explosion; or must be named.

    What a political actor says to have been done by nobody named ("missiles have been delivered to
    X") is left to stand.
    """
    frame, doc, said = finding.frame, finding.doc, finding.attribution
    verb = doc[frame.trigger]
    if verb.dep_ in {"advcl", "conj"} and verb.head.lemma_.lower() in words("mishap"):
        return f"an accident: {verb.head.text}"
    if frame.sources:
        return None
    vouched = said is not None and said.actor is not None and finding.judgement.tense == "past"
    if frame.plover in _NEED_SOURCE and not (vouched and _is_positive(finding)):
        return "nobody said to do it"
    if verb.pos_ not in {"VERB", "AUX"} or frame.plover is None:
        return None
    doers = [*kids(verb, "nsubj"), *(by for a in kids(verb, "agent") for by in kids(a, "pobj"))]
    if not doers and verb.dep_ == "acl" and kids(verb, "dobj"):
        doers = [verb.head]
    if not doers and verb.dep_ in {"conj", "xcomp", "advcl"}:
        doers = kids(verb.head, "nsubj")
    heads = {one.head for one in frame.targets}
    doers = [one for one in doers if one.i not in heads]  # "X has received aid"
    named = phrase_words(doers)
    natural = named & words("accident")
    if natural and not named & words("arms"):
        return f"an accident: {min(natural)}"
    if doers and not named & words("doers"):
        return f"{doers[0].text} is no political actor"
    return None


def _is_positive(finding: Finding) -> bool:
    return finding.judgement.polarity == "positive" and finding.judgement.modality == "asserted"


_FIGURES = re.compile(
    r"\b(?:figures|data|statistics|survey|poll|index)\b[^.]{0,40}"
    r"\b(?:show|shows|showed|shown|found|suggest|suggested|indicated)\b"
)


def _statistics(finding: Finding) -> str | None:
    """Trade and the like as figures tell it."""
    if finding.frame.cameo[:2] in {"06", "07"}:
        text = finding.sentence.text.lower()
        traded = finding.doc[finding.frame.trigger].lemma_.lower() in words("trading")
        bulk = traded and words("bulk") & set(re.findall(r"[a-z]+", text))
        if bulk or _FIGURES.search(text):
            return "trade, as figures tell it"
    return None


def _never(finding: Finding) -> str | None:
    """What has not been so far: "no president has visited"; news is when somebody says so."""
    negative = finding.judgement.polarity == "negative"
    if negative and finding.attribution is None and finding.frame.plover == "CONSULT":
        return "a meeting that was not"
    if negative and finding.frame.lemma.startswith("order"):
        return "an order that was not given"
    noun = finding.doc[finding.frame.trigger]
    if finding.frame.construction == "nominal" and noun.lemma_.lower() in words("state"):
        return f"a state of things: {noun.text}"
    return None
