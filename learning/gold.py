"""Our sentences as gold for the coder: spans become the actor codes that the resolver gives them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from learning.second import read
from transforms.events.coder import Coder, SentenceTrace
from transforms.events.evaluate import articles_of
from transforms.events.gold import Answers, GoldEvent, GoldSentence
from transforms.events.model import Mention
from transforms.schema import Article

HEADLINE: Final = "headline"


def bare(split: str) -> list[tuple[dict[str, Any], GoldSentence]]:
    """Return the records of a split, each with its sentence still without events."""
    return [
        (
            record,
            GoldSentence(
                sentence_id=record["id"],
                text=record["text"],
                published=None,
                events=(),
                is_title=record["meta"]["register"] == HEADLINE,
            ),
        )
        for record in read()
        if record["split"] == split
    ]


def coded(split: str, coder: Coder) -> Iterator[tuple[GoldSentence, Article, list[SentenceTrace]]]:
    """Yield the sentences of a split as gold, each with its article and what the coder did with it."""
    pairs = bare(split)
    articles = articles_of(sentence for _, sentence in pairs)
    for (record, sentence), article, traces in zip(
        pairs, articles, coder.traces(articles), strict=True
    ):
        mentions = [one for trace in traces for one in trace.mentions or trace.named]
        yield with_events(sentence, record, mentions), article, traces


def with_events(
    sentence: GoldSentence, record: Mapping[str, Any], mentions: Sequence[Mention]
) -> GoldSentence:
    """Return the sentence with its events, one per pair of actors.

    It is partial where it holds any: what a sentence says beside its main events is often left
    unmarked.
    """
    events = tuple(one for event in record["events"] for one in _pairs(event, mentions))
    return GoldSentence(
        sentence_id=sentence.sentence_id,
        text=sentence.text,
        published=sentence.published,
        events=events,
        is_title=sentence.is_title,
        partial=bool(events),
    )


def _pairs(event: Mapping[str, Any], mentions: Sequence[Mention]) -> Iterator[GoldEvent]:
    sides = [
        [_codes(span, mentions) for span in event[side]] or [(None,)]
        for side in ("source", "target")
    ]
    speaker = event["said_by"]
    said: Answers = (None,)
    if speaker is not None:
        said = (*(code for code in _codes(speaker, mentions) if code), speaker["text"])
    for source, target in itertools.product(*sides):
        if source == target and source != (None,):
            continue
        yield GoldEvent(
            sources=source,
            types=(event["type"],),
            targets=target,
            cameos=(event["cameo"],),
            modalities=(event["modality"],),
            polarities=(event["polarity"],),
            said_by=said,
            optional=event["type"] is None,
        )


def _codes(span: Mapping[str, Any], mentions: Sequence[Mention]) -> Answers:
    """Return the codes of the actors within a span.

    Where there is none it is nobody, (None,): "eleven other states" has no code, and most of those
    that would have one ("a camp near Khorog") no gazetteer of ours can know.
    """
    found = {
        one.actor.code
        for one in mentions
        if one.char_start < span["end"] and one.char_end > span["start"] and one.actor.code
    }
    return tuple(sorted(found)) or (None,)
