"""What the confidence of a row depends on."""

from __future__ import annotations

from transforms.events.clauses import VERBAL_TAGS, is_headline
from transforms.events.model import Frame, Judgement
from transforms.events.tree import Doc

FEATURES = (
    *("entry", "nominal", "headline", "rare_construction", "two_actors", "one_actor", "generic"),
    *("same_actor", "hedged", "negative", "statement", "far", "long", "odd", "object"),
)
_USUAL = frozenset({"active", "passive"})
FAR_TOKENS, LONG_TOKENS = 12, 40


def features(frame: Frame, judgement: Judgement, doc: Doc) -> dict[str, float]:
    """Return the value, 0-1, of each of FEATURES for one frame."""
    trigger = doc[frame.trigger]
    actors = (*frame.sources, *frame.targets)
    heads = [mention.head for mention in actors if mention.head >= 0]
    distance = max((abs(head - frame.trigger) for head in heads), default=0)
    sources = {mention.actor.country for mention in frame.sources} - {None}
    targets = {mention.actor.country for mention in frame.targets} - {None}
    nominal = trigger.pos_ not in VERBAL_TAGS
    values = {
        "entry": frame.weight,
        "nominal": nominal,
        "headline": is_headline(doc),
        "rare_construction": not nominal and frame.construction not in _USUAL,
        "two_actors": bool(frame.sources and frame.targets),
        "one_actor": bool(frame.sources) != bool(frame.targets),
        "generic": any(mention.generic for mention in actors),
        "same_actor": bool(sources) and sources == targets,
        "hedged": judgement.modality != "asserted",
        "negative": judgement.polarity == "negative",
        "statement": frame.plover is None,
        "far": min(1.0, max(0, distance - FAR_TOKENS) / FAR_TOKENS),
        "long": min(1.0, max(0, len(doc) - LONG_TOKENS) / LONG_TOKENS),
        "odd": looks_odd(doc),
        "object": frame.object is not None,
    }
    return {name: float(values[name]) for name in FEATURES}


def looks_odd(doc: Doc) -> bool:
    """Whether the parse is likely wrong: many unlabelled arcs, or a root that is no verb in prose."""
    words = [token for token in doc if not token.is_space and not token.is_punct]
    if not words:
        return True
    unlabelled = sum(token.dep_ in {"dep", ""} for token in words)
    root = next((token for token in doc if token.dep_ == "ROOT"), words[0])
    return 10 * unlabelled > len(words) or (root.pos_ not in VERBAL_TAGS and not is_headline(doc))
