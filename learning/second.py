"""A second labelling: `python -m learning.second sample N` hides the labels, `… compare` counts.

`second.tsv` holds the second labels, one event a line: sentence id, PLOVER type (`-`: a statement,
`none`: no event), CAMEO code, sources, targets (` + ` between several, `-`: none), modality, polarity,
speaker (`-`: none). They were made from the bare text before the first labels were looked at again.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from learning.compile import HERE, OUTPUT
from transforms.events.frames.codes import rows

SECOND = HERE / "second.tsv"
SEED = 20261123
FIELDS = ("type", "root", "cameo", "source", "target", "modality", "polarity", "said_by")


def read(path: Path = OUTPUT) -> list[dict[str, Any]]:
    """Return the compiled sentences."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sample(records: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return `count` sentences drawn with the fixed seed."""
    return random.Random(SEED).sample(list(records), count)  # noqa: S311 - no secret


def first_labels(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return the events of a compiled sentence in the form of the second labels."""
    return [
        {
            "type": event["type"] or "-",
            "root": event["cameo"][:2],
            "cameo": event["cameo"],
            "source": " + ".join(span["text"] for span in event["source"]) or "-",
            "target": " + ".join(span["text"] for span in event["target"]) or "-",
            "modality": event["modality"],
            "polarity": event["polarity"],
            "said_by": event["said_by"]["text"] if event["said_by"] else "-",
        }
        for event in record["events"]
    ]


def second_labels(path: Path = SECOND) -> dict[str, list[dict[str, str]]]:
    """Return the second labels by sentence id; no event is an empty list."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for _, (key, kind, cameo, *rest) in rows(path, 8):
        events = found[key]
        if kind != "none":
            names = ("source", "target", "modality", "polarity", "said_by")
            events.append(
                {"type": kind, "root": cameo[:2], "cameo": cameo}
                | dict(zip(names, rest, strict=True))
            )
    return dict(found)


def same(field: str, one: str, other: str) -> bool:
    """Return whether two labels agree; spans agree where they name as many actors, each within the other's.

    >>> same("source", "the Russian army", "Russian army")
    True
    """
    if field not in {"source", "target", "said_by"}:
        return one == other
    ones, others = one.split(" + "), other.split(" + ")
    return len(ones) == len(others) and all(
        a in b or b in a for a, b in zip(ones, others, strict=True)
    )


def differences(
    first: Sequence[dict[str, str]], second: Sequence[dict[str, str]]
) -> Iterator[tuple[str, bool, str, str]]:
    """Yield (field, agree, first, second) of one sentence; events are paired in their order."""
    yield "event or not", bool(first) == bool(second), str(bool(first)), str(bool(second))
    if not first or not second:
        return
    yield "events", len(first) == len(second), str(len(first)), str(len(second))
    for one, other in itertools.zip_longest(first[: len(second)], second[: len(first)]):
        for field in FIELDS:
            yield field, same(field, one[field], other[field]), one[field], other[field]


def main(arguments: Sequence[str]) -> int:
    """Print the sample without labels, or the agreement and every disagreement."""
    records = read()
    if arguments[:1] == ["sample"]:
        for record in sample(records, int(arguments[1])):
            sys.stdout.write(f"{record['id']}\t{record['text']}\n")
        return 0
    by_id = {record["id"]: record for record in records}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for key, second in second_labels().items():
        if key not in by_id:
            sys.stdout.write(f"{key}: its sentence has changed since\n")
            continue
        for field, agree, one, other in differences(first_labels(by_id[key]), second):
            counts[field][0] += agree
            counts[field][1] += 1
            if not agree:
                sys.stdout.write(f"{by_id[key]['place']}\t{field}\t{one}\t{other}\n")
    for field, (agreed, total) in counts.items():
        sys.stdout.write(f"{field}: {agreed}/{total} = {agreed / total:.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
