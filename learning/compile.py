"""`python -m learning.compile`: check the sentences and write `learning/data/sentences.jsonl`.

Each file of `sentences/` is a topic. A line `@ words` sets what holds for the lines below it: region,
decade, register, construction (their words differ, so their order does not matter); `#` begins a
comment. Splits follow topic and construction by `splits.tsv`: nothing is split at random, so that no
paraphrase of a training sentence is a test sentence.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from learning.markup import Labelled, MarkupError, read_line
from learning.near import near_pairs
from transforms.duplicates.shingles import compared_words
from transforms.events.frames.codes import rows, tables
from transforms.schema import hash_id

HERE = Path(__file__).parent
SENTENCES = HERE / "sentences"
OUTPUT = HERE / "data" / "sentences.jsonl"
SPLITS = ("train", "dev", "test")
SAME = 0.5  # two sentences this alike are one
ALIKE = 0.3  # what no two sentences of different splits may reach
META = ("region", "decade", "register", "construction")


@dataclass(frozen=True, slots=True)
class Record:
    """One sentence with where it stands and what it is."""

    place: str
    labelled: Labelled
    meta: Mapping[str, str]
    split: str

    def as_json(self) -> dict[str, Any]:
        """Return the record as it is written; spans are {start, end, text}."""
        return {
            "id": hash_id(self.labelled.text),
            "place": self.place,
            "text": self.labelled.text,
            "events": [asdict(event) for event in self.labelled.events],
            "none_reason": self.labelled.none_reason,
            "meta": dict(self.meta),
            "split": self.split,
        }


class DataError(ValueError):
    """Mistakes in the sentences, one a line, each with file and line."""


def compile_files(paths: Sequence[Path]) -> list[Record]:
    """Return the sentences of all files, in their order.

    Raises:
        DataError: Lines that cannot be read, duplicates, near-duplicates; all of them at once.
    """
    vocabulary = {cells[1]: cells[0] for _, cells in rows(HERE / "vocabulary.tsv", 3)}
    exceptions = {(cells[0], cells[1]) for _, cells in rows(HERE / "exceptions.tsv", 4)}
    splits = {(cells[0], cells[1]): cells[2] for _, cells in rows(HERE / "splits.tsv", 3)}
    records: list[Record] = []
    mistakes: list[str] = []
    for path in paths:
        meta = {"topic": path.stem}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            place = f"{path.name}:{number}"
            if not line.strip() or line.startswith("#"):
                continue
            try:
                if line.startswith("@"):
                    meta = _changed(meta, line[1:].split(), vocabulary)
                    continue
                labelled = read_line(line, tables(), exceptions)
                records.append(_record(place, labelled, meta, splits))
            except MarkupError as error:
                mistakes.append(f"{place}: {error}")
    mistakes += repeats(records)
    if mistakes:
        raise DataError("\n".join(mistakes))
    return records


def unknown_splits(topics: Collection[str]) -> list[str]:
    """Return the mistakes of rows of `splits.tsv` that hold out nothing there is.

    Args:
        topics: All there are.
    """
    words = {(cells[0], cells[1]) for _, cells in rows(HERE / "vocabulary.tsv", 3)}
    known = words | {("topic", topic) for topic in topics}
    return [
        f"splits.tsv:{number}: {key} {value} {split}: no such topic, construction or split"
        for number, (key, value, split) in rows(HERE / "splits.tsv", 3)
        if (key, value) not in known or split not in SPLITS
    ]


def _changed(
    meta: Mapping[str, str], words: Sequence[str], vocabulary: Mapping[str, str]
) -> dict[str, str]:
    unknown = [word for word in words if word not in vocabulary]
    if unknown:
        raise MarkupError(f"{', '.join(unknown)}: not in vocabulary.tsv")
    return {**meta, **{vocabulary[word]: word for word in words}}


def _record(
    place: str,
    labelled: Labelled,
    meta: Mapping[str, str],
    splits: Mapping[tuple[str, str], str],
) -> Record:
    missing = [name for name in META if name not in meta]
    if missing:
        raise MarkupError(f"no {', '.join(missing)} is set above this line")
    named = {splits.get((key, value), "train") for key, value in meta.items()} - {"train"}
    if len(named) > 1:
        raise MarkupError(
            f"topic and construction ask for the splits {' and '.join(sorted(named))}"
        )
    return Record(place, labelled, meta, named.pop() if named else "train")


def repeats(records: Sequence[Record]) -> list[str]:
    """Return the mistakes of sentences that repeat another or are too like one of another split."""
    seen: dict[str, str] = {}
    found: list[str] = []
    for record in records:
        words = compared_words(record.labelled.text)
        if words in seen:
            found.append(f"{record.place}: the same words as {seen[words]}")
        seen.setdefault(words, record.place)
    texts = [record.labelled.text for record in records]
    for one, other, jaccard in near_pairs(texts, least=ALIKE):
        crossing = records[one].split != records[other].split
        if jaccard < 1 and (crossing or jaccard >= SAME):
            where = f" ({records[one].split} and {records[other].split})" if crossing else ""
            found.append(
                f"{records[one].place}: too like {records[other].place}, {jaccard:.2f}{where}"
            )
    return found


def lines(records: Sequence[Record]) -> Iterator[str]:
    """Yield one JSON line per record."""
    for record in records:
        yield json.dumps(record.as_json(), ensure_ascii=False, sort_keys=True) + "\n"


def main() -> int:
    """Write the data; return 1 after printing the mistakes."""
    try:
        paths = sorted(SENTENCES.glob("*.txt"))
        records = compile_files(paths)
        wrong = unknown_splits([path.stem for path in paths])
        if wrong:
            raise DataError("\n".join(wrong))
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("".join(lines(records)), encoding="utf-8")
    counts = {name: sum(record.split == name for record in records) for name in SPLITS}
    sys.stdout.write(f"{len(records)} sentences {counts} → {OUTPUT.relative_to(HERE.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
