"""Who says so: the speaker in whose words a frame stands.

A sentence's *reports* are found first (`reports`): each a speaker, a verb of saying and the tokens
that are its content. A frame belongs to the innermost report whose content holds its trigger; the
act of saying itself, and what stands outside of all content, the text itself asserts. Quotations
that run over several sentences, and speakers who are only "they", are kept in a `QuoteContext`:

    context = QuoteContext(sentences, find)     # one per article
    for sentence in sentences:
        context.begin(sentence)                 # every sentence, parsed or not
        ...                                     # where it is parsed:
        attribute(doc, frame, mentions, context)   # for each frame
        context.read(doc, mentions)                # last
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.events.attribution.context import QuoteContext
from transforms.events.attribution.reports import Report, reports
from transforms.events.attribution.speakers import speaker
from transforms.events.attribution.verbs import is_saying, kinds
from transforms.events.clauses import is_definite, is_finite, path_down
from transforms.events.model import Attribution, Frame, Mention
from transforms.events.tree import Doc, Token

__all__ = ["QuoteContext", "attribute", "reports"]

_WHEN = frozenset({"after", "before", "during", "since", "following", "amid", "until"})


def attribute(
    doc: Doc, frame: Frame, mentions: Sequence[Mention], context: QuoteContext
) -> Attribution | None:
    """Return who says that the frame holds; None where the text itself does.

    Args:
        doc: The parsed sentence.
        frame: The frame. Where it names its speaker (the accuser of an alleged act) that one it is.
        mentions: The sentence's actors, resolved.
        context: What the sentences before have said; it is read, not changed.
    """
    if frame.speaker is not None:
        return Attribution(
            text=frame.speaker.text, actor=frame.speaker.actor, verb=_act_of_speech(doc, frame)
        )
    report = innermost(doc, reports(doc, mentions), frame)
    if report is not None:
        return speaker(doc, report, mentions, context, frame)
    return context.quoting(doc, frame.trigger)


def innermost(doc: Doc, found: Sequence[Report], frame: Frame) -> Report | None:
    """Return the report with the least content that holds the frame's trigger."""
    holding = [
        report
        for report in found
        if frame.trigger in report.content
        and report.verb not in frame.action
        and not (report.verb >= 0 and is_presupposed(doc, frame.trigger, report))
    ]
    return min(holding, key=lambda report: len(report.content), default=None)


def is_presupposed(doc: Doc, trigger: int, report: Report) -> bool:
    """Whether the speaker takes the event for known, so that the text itself stands for it.

    A known event that only says when ("… since the 2022 invasion"); and, in what somebody wants or
    promises, relative clauses ("free those who were arrested") and known events ("end its offensive").
    """
    for token in path_down(doc[trigger])[::-1]:
        if token.i == report.verb:
            return False
        known = token.pos_ in {"NOUN", "PROPN"} and is_definite(token)
        if known and (token.head.lower_ in _WHEN or any(c.lower_ in _WHEN for c in token.lefts)):
            return True
        if token.dep_ == "advcl" and kinds(token) and any(c.lower_ == "as" for c in token.lefts):
            return True  # "…, as the crowds had demanded"
        if report.wished and (
            (token.dep_ == "relcl" and is_finite(token))
            or (known and token.i == trigger and not _hangs_on(token, report.verb))
        ):
            return True
    return False


def _hangs_on(noun: Token, verb: int) -> bool:
    """Whether the noun is the verb's own complement: "demanded the release", "call for the release"."""
    return verb == (noun.head.head.i if noun.dep_ == "pobj" else noun.head.i)


def _act_of_speech(doc: Doc, frame: Frame) -> str | None:
    """Return the lemma of the nearest word of saying above the trigger; None: there is none."""
    for token in path_down(doc[frame.trigger])[-2::-1]:
        if is_saying(token):
            return token.lemma_.lower()
    return None
