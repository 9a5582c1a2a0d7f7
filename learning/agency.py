"""Labels of real agency sentences whose text stays where it is, in ../shared/data/neardup.

A line of `tests/data/events/agency.jsonl` is a gold sentence but for its text, which its `file`, `story`,
`start` and `end` (characters) point to.
"""

from __future__ import annotations

import json
from pathlib import Path

from transforms.events.gold import GoldSentence, parse_gold
from transforms.failures import UsageError

STORIES = Path(__file__).parents[2] / "shared" / "data" / "neardup"


def read_agency(labels: Path, stories: Path = STORIES) -> tuple[GoldSentence, ...]:
    """Return the sentences of a file of labels, with their texts.

    Raises:
        UsageError: A story is not there, or a label is malformed.
    """
    texts: dict[str, dict[str, str]] = {}
    lines = []
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines(), 1):
        label = json.loads(line)
        name = label.pop("file")
        if name not in texts:
            texts[name] = _stories(stories / f"{name}.train")
        try:
            story = texts[name][label.pop("story")]
        except KeyError as error:
            raise UsageError(f"{labels}:{number}: {name} has no story {error}") from None
        label["text"] = story[label.pop("start") : label.pop("end")]
        lines.append(json.dumps(label))
    return parse_gold(lines, str(labels))


def _stories(file: Path) -> dict[str, str]:
    stories = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, text = line.partition(" ")
        stories[name] = text
    return stories
