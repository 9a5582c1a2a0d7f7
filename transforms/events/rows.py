"""From a frame, judged and attributed, to rows of `events`: one per pair of actors."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms.events.content import content_text
from transforms.events.context import contexts
from transforms.events.frames.codes import tables
from transforms.events.model import (
    Attribution,
    EventDate,
    Frame,
    Judgement,
    Mention,
    Place,
    Sentence,
)
from transforms.events.tree import Doc
from transforms.schema import Article, Event, hash_id

_MAX_ACTION_TOKENS = 12
_MOBILIZE_ROOT = "15"
_AT_HOME_ROOTS = frozenset({"08", "14", "17", "18", "19", "20"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that was found out about one frame of one sentence."""

    sentence: Sentence
    doc: Doc
    frame: Frame
    judgement: Judgement
    attribution: Attribution | None
    date: EventDate
    place: Place | None
    confidence: float


def pairs(frame: Frame) -> Iterator[tuple[Mention | None, Mention | None]]:
    """Yield source and target of each row: every source with every target, both ways if reciprocal."""
    sources: tuple[Mention | None, ...] = frame.sources or (None,)
    targets: tuple[Mention | None, ...] = frame.targets or (None,)
    seen = set()
    if frame.cameo[:2] == _MOBILIZE_ROOT and all(
        source is not None and target is not None and _are_one(source, target, frame)
        for source, target in itertools.product(sources, targets)
    ):
        targets = (None,)  # troops sent about their own country
    both = itertools.product(sources, targets)
    back = (
        ((t, s) for s, t in itertools.product(sources, targets))
        if frame.reciprocal and frame.targets
        else ()
    )
    for source, target in itertools.chain(both, back):
        if source is not None and target is not None and _are_one(source, target, frame):
            continue
        key = (source and source.actor, target and target.actor)
        if key in seen:
            continue
        seen.add(key)
        yield source, target


def _are_one(source: Mention, target: Mention, frame: Frame) -> bool:
    """Whether two mentions are one actor: the same, or a government and its own country abroad."""
    one, other = source.actor, target.actor
    if one == other:
        return True
    if frame.plover == "REQUEST" and one.country == other.country and one.country:
        return {one.sector, other.sector} <= {None, "GOV", "MIL", "COP"}
    return (
        frame.cameo[:2] not in _AT_HOME_ROOTS
        and one.country is not None
        and one.country == other.country
        and one.org is None
        and other.org is None
        and {one.sector, other.sector} <= {None, "GOV", "MIL"}
        and None in {one.sector, other.sector}
    )


def events(article: Article, finding: Finding, coder_version: str) -> list[Event]:
    """Return the rows of one frame: one per pair of actors."""
    return [
        _event(article, finding, source, target, coder_version)
        for source, target in pairs(finding.frame)
    ]


def _event(
    article: Article,
    finding: Finding,
    source: Mention | None,
    target: Mention | None,
    coder_version: str,
) -> Event:
    frame, sentence = finding.frame, finding.sentence
    start, end = action_span(finding.doc, frame)
    offset = sentence.char_start
    source_code = source.actor.code if source else None
    target_code = target.actor.code if target else None
    said, place, date = finding.attribution, finding.place, finding.date
    code = tables().codes[frame.cameo]
    kind = frame.plover or frame.cameo[:2]
    day = date.date or (article.published_at.date() if article.published_at else None)
    return Event(
        event_id=hash_id(
            article.article_id,
            sentence.index,
            start,
            end,
            frame.cameo,
            source_code,
            target_code,
            frame.forced_modality,
        ),
        article_id=article.article_id,
        sentence_index=sentence.index,
        sentence=sentence.text,
        char_start=None if offset is None else offset + start,
        char_end=None if offset is None else offset + end,
        event_date=day,
        event_date_precision=date.precision,
        published_at=article.published_at,
        source_text=(source.text or None) if source else None,
        source_country=source.actor.country if source else None,
        source_org=source.actor.org if source else None,
        source_sector=source.actor.sector if source else None,
        source_code=source_code,
        target_text=(target.text or None) if target else None,
        target_country=target.actor.country if target else None,
        target_org=target.actor.org if target else None,
        target_sector=target.actor.sector if target else None,
        target_code=target_code,
        action_text=sentence.text[start:end],
        action_lemma=frame.lemma,
        object_text=content_text(finding.doc, frame) or _object_text(finding.doc, frame),
        plover_type=frame.plover,
        plover_mode=frame.mode,
        context=_contexts(frame, sentence.text),
        cameo_code=frame.cameo,
        cameo_root=frame.cameo[:2],
        quad_class=tables().quad(frame.plover),
        goldstein=code.goldstein,
        polarity=finding.judgement.polarity,
        modality=finding.judgement.modality,
        tense=finding.judgement.tense,
        confidence=finding.confidence,
        said_by_text=said.text if said else None,
        said_by_country=said.actor.country if said and said.actor else None,
        said_by_org=said.actor.org if said and said.actor else None,
        said_by_sector=said.actor.sector if said and said.actor else None,
        said_by_verb=said.verb if said else None,
        place_text=place.text if place else None,
        place_country=place.country if place else None,
        place_geonameid=place.geonameid if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        event_key=hash_id(day.isoformat() if day else None, source_code, kind, target_code),
        rule=f"{frame.entry}/{frame.construction}",
        coder_version=coder_version,
        run_id=article.run_id,
    )


@functools.lru_cache(maxsize=64)
def _sentence_contexts(sentence: str) -> str | None:
    """The contexts of a sentence; its rows come one after the other."""
    return contexts(sentence)


def _contexts(frame: Frame, sentence: str) -> str | None:
    """Return the code's own contexts, then the sentence's."""
    own = frame.context.split(",") if frame.context else []
    found = _sentence_contexts(sentence)
    return ",".join(dict.fromkeys([*own, *(found.split(",") if found else [])])) or None


def action_span(doc: Doc, frame: Frame) -> tuple[int, int]:
    """Return where the action's words stand in the sentence; the trigger's only where they are far apart."""
    first, last = min(frame.action), max(frame.action)
    if last - first >= _MAX_ACTION_TOKENS:
        first = last = frame.trigger
    return doc[first].idx, doc[last].idx + len(doc[last])


def _object_text(doc: Doc, frame: Frame) -> str | None:
    if frame.object is None:
        return None
    start, end = frame.object
    return doc[start:end].text.strip() or None


def distinct(found: Iterable[tuple[Event, float]]) -> list[Event]:
    """Return a sentence's rows without repetitions.

    Args:
        found: Rows with the weight of their frames. Of rows with the same type (or, for statements,
            root), actors and modality the heaviest stays, the deeper code first.
    """
    best: dict[tuple[object, ...], tuple[float, int, Event]] = {}
    for event, weight in found:
        key = (
            event.plover_type or event.cameo_root,
            event.source_code,
            event.target_code,
            event.modality,
            event.polarity,
        )
        rank = (weight, len(event.cameo_code), event)
        known = best.get(key)
        if known is None or rank[:2] > known[:2]:
            best[key] = rank
    rows = [event for _, _, event in best.values()]
    return [row for row in rows if not any(_says_more(other, row) for other in rows)]


def _says_more(other: Event, row: Event) -> bool:
    """Whether another row of the sentence is the same act with both its actors named."""
    if other is row or other.plover_type != row.plover_type or row.plover_type is None:
        return False
    if other.source_code is None or other.target_code is None:
        return False
    if row.source_code is None:
        return row.target_code in {None, other.target_code}
    return row.target_code is None and row.source_code == other.source_code
