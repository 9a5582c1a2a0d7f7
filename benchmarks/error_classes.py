"""Why gold events were missed, by class: `python benchmarks/error_classes.py [SET …]` (wire, shared).

Each event of the open sets that no row gives, country to type to country, is in the first class that
holds: wrong role (its type is coded, with other actors), wrong code (its actors, with another type),
unknown actor (one of them was not found in the sentence), gate (a frame was rejected as no event),
wrong parse or role (a trigger was found and its roles stayed empty), unknown trigger (nothing).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from score_coder import gold_sets

from transforms.events.coder import Coder, SentenceTrace
from transforms.events.evaluate import articles_of, gold_keys, row_key
from transforms.events.gold import GoldEvent
from transforms.events.golden import DEPTH
from transforms.events.options import CoderOptions
from transforms.events.pairing import countries_of, party
from transforms.schema import Event

_EMPTY_ROLES = frozenset({"no actor in its roles", "too weak"})
_TAKEN_IN = frozenset({"part of a larger act", "the sentence holds something more specific"})


def error_class(event: GoldEvent, trace: SentenceTrace, rows: list[Event]) -> str | None:
    """Return the class of one gold event's loss; None: it was found."""
    if any(row_key(row, DEPTH) in gold_keys(event, DEPTH) for row in rows):
        return None
    sources, targets = ({party(c) for c in codes} for codes in (event.sources, event.targets))
    if any(row.plover_type in event.types for row in rows):
        return "wrong role"
    pairs = {countries_of(row) for row in rows}
    if any(source in sources and target in targets for source, target in pairs):
        return "wrong code"
    known = {party(one.actor.code) for one in trace.mentions} | {None}
    if trace.skipped is not None or not (sources & known and targets & known):
        return "unknown actor"
    reasons = {reason for _, _, reason in trace.rejected}
    if reasons - _EMPTY_ROLES - _TAKEN_IN:
        return "gate"
    return "wrong parse or role" if reasons & _EMPTY_ROLES else "unknown trigger"


def main() -> None:
    """Print the classes with their counts per set."""
    sets, coder = gold_sets(held_out=False), Coder(CoderOptions(learned=False))
    for name in sys.argv[1:] or ["wire"]:
        articles = articles_of(sets[name])
        classes: Counter[str] = Counter()
        for sentence, traces in zip(sets[name], coder.traces(articles), strict=True):
            rows = [row for trace in traces for row in trace.rows if row.plover_type]
            trace = max(traces, key=lambda one: len(one.sentence.text))
            for event in sentence.events:
                if not event.optional and event.types != (None,):
                    classes[error_class(event, trace, rows) or "found"] += 1
        print(name)
        for kind, count in classes.most_common():
            print(f"  {kind:22} {count:4d} {100 * count / classes.total():5.1f}%")


if __name__ == "__main__":
    main()
