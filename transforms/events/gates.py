"""Which frames are no event of the news, whatever their words: the gates before the rows.

A decision that a model could take. Sport, markets, nature and art borrow the words of politics; what
is told as history, habit, hypothesis or statistics did not happen now; and who acts must be somebody
who acts in politics. The words are data (`frames/data/gates.tsv`), the reasons are for `explain`.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING

from spacy.tokens import Doc, Token

from transforms.events.clauses import clause_verb, has_mark, is_headline
from transforms.events.frames.codes import DATA, rows
from transforms.events.frames.parse import kids
from transforms.events.frames.scene import is_known
from transforms.events.frames.syntax import phrase_words
from transforms.events.model import Frame, Mention

if TYPE_CHECKING:
    from transforms.events.rows import Finding

_HISTORY_YEARS = 2
_NO_PARTNERS = frozenset({"MED", "CVL", "EDU", "BUS", "MIL", "HLH", "REF"})
_PRIVATE = frozenset({"BUS", "MED", "CVL", "HLH", "EDU", "LAB", "AGR"})
_RISING = frozenset({"14", "18", "19", "20"})  # what private people do to others
_STRIKE_CODES = ("133", "082", "0872")  # to call and to call off strikes and blockades
_DEALING_ROOTS = frozenset({"03", "04", "05", "06", "07", "12", "19"})
_BY_THE_WAY = frozenset({"nominal", "circumstance"})
_DEED_ROOTS = frozenset({"06", "07", "08", "14", "15", "16", "17", "18", "19", "20"})
_FORCE_ROOTS = frozenset({"17", "18", "19", "20"})
_HABIT_ROOTS = frozenset({"04", "07", "14", "15", "17", "18", "19", "20"})
_BARE = ("country", "demonym")
# Types whose doer a reader must be told; a killing or a riot may have none.
_NEED_SOURCE = frozenset({"AID", "MOBILIZE", "COERCE", "SANCTION", "COOPERATE", "CONCEDE"})


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words.split()) for _, (kind, words) in rows(DATA / "gates.tsv", 2)}


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
        _hypothetical(finding)
        or _nobody(frame)
        or _private(frame, doc)
        or (f"about {topic}" if topic is not None and frame.plover is not None else None)
        or _history(finding, published_at)
        or _no_doer(finding)
        or _habit(frame, doc)
        or _contest(frame, doc)
        or _statistics(finding)
        or _never(finding)
    )


def _hypothetical(finding: Finding) -> str | None:
    """Deeds that only might be, said by nobody in particular; acts named by the way."""
    frame, modality = finding.frame, finding.judgement.modality
    if frame.construction in _BY_THE_WAY and modality not in {"asserted", "alleged"}:
        return f"only {modality}, and named by the way"
    verb = clause_verb(finding.doc[frame.trigger])
    if modality not in {"conditional", "possible"}:
        if _is_inverted_condition(verb):
            return "an unreal condition"
        return "what somebody has to do" if _is_necessity(verb) else None
    if finding.judgement.polarity == "negative" and modality == "possible":
        return "only possible, and denied"
    said = finding.attribution
    political = said is not None and said.actor is not None and said.actor.sector not in _PRIVATE
    unsaid = modality == "conditional" or frame.cameo[:2] in _DEED_ROOTS
    if unsaid and not political and not (said is not None and _is_question(finding.doc)):
        return f"only {modality}, and no political actor says so"
    return None


def _is_question(doc: Doc) -> bool:
    return doc.text.rstrip().endswith("?")


def _is_necessity(verb: Token) -> bool:
    """Whether a clause tells a duty to come: "Serbia will have to recognise"."""
    above = verb.head
    return (
        verb.dep_ == "xcomp"
        and above.lemma_.lower() == "have"
        and any(child.tag_ == "MD" for child in kids(above, "aux"))
    )


def _is_inverted_condition(verb: Token) -> bool:
    """Whether a clause is a condition by its order: "had Germany refused", "should X attack"."""
    first = next(iter(verb.lefts), None)
    subject = next(iter(kids(verb, "nsubj", "nsubjpass")), None)
    return (
        first is not None
        and subject is not None
        and first.lower_ in {"had", "should", "were"}
        and first.dep_ in {"aux", "auxpass"}
        and first.i < subject.i
        and verb.doc[-1].text != "?"
    )


def _nobody(frame: Frame) -> str | None:
    """No actor, or none who takes part in politics."""
    parties = (*frame.sources, *frame.targets)
    if not any(is_known(one) for one in parties):
        return "no actor whose country or organisation is known"
    if frame.plover == "CONSULT":
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
    return armed and "title" not in mention.how and last not in _words()["commander"]


def _private(frame: Frame, doc: Doc) -> str | None:
    """Companies and people dealing with each other; help, orders and punishment at home."""
    root = frame.cameo[:2]
    parties = (*frame.sources, *frame.targets)
    if root in _DEALING_ROOTS and all(_is_private(one) for one in parties):
        return "business among companies"
    rising = root in _RISING or frame.cameo.startswith(_STRIKE_CODES)
    if frame.sources and all(_is_private(one) for one in frame.sources) and not rising:
        if not frame.targets or all(_is_private(one) for one in frame.targets):
            return "private people among themselves"
        if root == "05" or frame.cameo in {"036", "042"}:
            return "a company's business"
    trader = {_noun_of(one, doc) for one in parties} & _words()["trader"]
    if root in _DEALING_ROOTS | {"11"} and trader:
        return f"business: {min(trader)}"
    homes = {one.actor.country for one in parties}
    people = frame.targets and all(_is_private(one) for one in frame.targets)
    if root == "05" and people and len(homes) == 1:
        return "courtesy at home"
    if frame.plover == "AID" and frame.sources and all(_is_private(one) for one in frame.sources):
        return "help at home" if len(homes) == 1 else None
    if frame.plover == "REQUEST" and not frame.targets:
        return "a court's order" if all(_is_court(one) for one in frame.sources) else None
    if root in {"11", "17"} and frame.targets and all(_is_private(one) for one in frame.targets):
        crime = {token.lemma_.lower() for token in doc} & _words()["offence"]
        return f"an ordinary crime: {min(crime)}" if crime else None
    return None


def _noun_of(mention: Mention, doc: Doc) -> str:
    """Return the noun that a mention is or modifies: "maker" of "a Dutch maker"."""
    if mention.head < 0:
        return ""
    head = doc[mention.head]
    if mention.how == "modifier" and head.head.pos_ == "NOUN":
        head = head.head
    return head.lemma_.lower()


def _is_private(mention: Mention) -> bool:
    return mention.actor.sector in _PRIVATE


def _is_court(mention: Mention) -> bool:
    return mention.actor.sector == "JUD"


def _history(finding: Finding, published_at: dt.datetime | None) -> str | None:
    date = finding.date
    if (
        date.date is not None
        and published_at is not None
        and date.precision != "published"
        and published_at.year - date.date.year > _HISTORY_YEARS
    ):
        return f"history: {date.text or date.date.year}"
    named = [word for word in finding.doc if word.lower_ in _words()["ancients"]]
    return f"history: {named[0].text}" if named else None


def _no_doer(finding: Finding) -> str | None:
    """Acts whose doer is named and is no actor: wind, elephants, a gas explosion; or must be named.

    What a political actor says to have been done by nobody named ("missiles have been delivered to
    X") is left to stand.
    """
    frame, doc, said = finding.frame, finding.doc, finding.attribution
    verb = doc[frame.trigger]
    if verb.dep_ in {"advcl", "conj"} and verb.head.lemma_.lower() in _words()["mishap"]:
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
    words = phrase_words(doers)
    natural = words & _words()["accident"]
    if natural and not words & _words()["arms"]:
        return f"an accident: {min(natural)}"
    if doers and not words & _words()["doers"]:
        return f"{doers[0].text} is no political actor"
    return None


def _is_positive(finding: Finding) -> bool:
    return finding.judgement.polarity == "positive" and finding.judgement.modality == "asserted"


def _habit(frame: Frame, doc: Doc) -> str | None:
    """What is told as a habit: "presidents rarely resign", "ferries bring thousands every summer"."""
    verb = clause_verb(doc[frame.trigger])
    usual = [one for one in kids(verb, "advmod") if one.lower_ in _words()["habit"]]
    if usual:
        return f"a habit: {usual[0].text}"
    if frame.cameo[:2] not in _HABIT_ROOTS or is_headline(doc) or frame.construction == "nominal":
        return None
    if verb.tag_ == "VBP" and not kids(verb, "aux", "auxpass") and not has_mark(verb, "as"):
        subject = next(iter(kids(verb, "nsubj")), None)
        if subject is not None and subject.tag_ == "NNS" and not list(subject.lefts):
            return f"told of {subject.text} in general"
    return None


def _contest(frame: Frame, doc: Doc) -> str | None:
    """Two bare countries that "meet" or "fight back" beside no word of politics or war; prizes."""
    verb = doc[frame.trigger]
    if frame.object is not None:
        prize = {token.lemma_.lower() for token in doc[slice(*frame.object)]} & _words()["prize"]
        if prize:
            return f"a contest: {min(prize)}"
    if verb.lemma_.lower() not in _words()["contest"] or not (frame.sources and frame.targets):
        return None
    if not all(one.how.startswith(_BARE) for one in (*frame.sources, *frame.targets)):
        return None
    words = {
        form
        for token in doc
        if token.pos_ in {"NOUN", "PROPN", "ADJ"}
        for form in (token.lemma_.lower(), token.lower_)
    }
    return None if words & _words()["politics"] else "two countries in a contest"


_FIGURES = re.compile(
    r"\b(?:figures|data|statistics|survey|poll|index)\b[^.]{0,40}"
    r"\b(?:show|shows|showed|shown|found|suggest|suggested|indicated)\b"
)


def _statistics(finding: Finding) -> str | None:
    """Trade and the like as figures tell it."""
    if finding.frame.cameo[:2] in {"06", "07"}:
        text = finding.sentence.text.lower()
        traded = finding.doc[finding.frame.trigger].lemma_.lower() in _words()["trading"]
        bulk = traded and _words()["bulk"] & set(re.findall(r"[a-z]+", text))
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
    if finding.frame.construction == "nominal" and noun.lemma_.lower() in _words()["state"]:
        return f"a state of things: {noun.text}"
    return None
