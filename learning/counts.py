"""`python -m learning.counts`: the tables of the datasheet, in Markdown."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from learning.second import read

LONG = 30  # words


def table(title: str, values: Iterable[str]) -> str:
    """Return one Markdown row: the title and its counts, largest first."""
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return f"| {title} | {', '.join(f'{value} {count}' for value, count in counted)} |\n"


def main() -> int:
    """Print the tables."""
    records = read()
    events = [event for record in records for event in record["events"]]
    words = [len(record["text"].split()) for record in records]
    sys.stdout.write(
        f"{len(records)} sentences, {len(events)} events,"
        f" {sum(words) / len(words):.1f} words on average, {sum(n >= LONG for n in words)} of {LONG}"
        f" or more; {sum(e['said_by'] is not None for e in events)} events with a speaker,"
        f" {sum(len(r['events']) > 1 for r in records)} sentences with two events or more\n\n"
        "| | |\n|---|---|\n"
    )
    rows = {
        "type": [event["type"] or "(statement)" for event in events],
        "modality": [event["modality"] for event in events],
        "polarity": [event["polarity"] for event in events],
        "no event": [record["none_reason"] for record in records if record["none_reason"]],
        "split": [record["split"] for record in records],
    }
    for key in ("region", "decade", "register", "construction"):
        rows[key] = [record["meta"][key] for record in records]
    sys.stdout.write("".join(table(title, values) for title, values in rows.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
