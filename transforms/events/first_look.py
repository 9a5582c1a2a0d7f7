"""The first look at a sentence: how likely its words are to give a row, before anything is parsed.

A linear model over which words stand in the sentence and which kinds of actors it names. A parse costs
a hundred times as much. Its weights (`data/first_look.tsv`) are learned from our own sentences by
`python -m learning.first_look`; words it has not seen weigh nothing, and the sum begins high, so that
what it knows little about is parsed.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transforms.events.frames.lexicon import lower_words
from transforms.events.model import Mention
from transforms.events.wordlists import DATA, Row, rows
from transforms.failures import ConfigError

WEIGHTS: Final = DATA / "first_look.tsv"
INTERCEPT: Final = "(intercept)"
LEAST: Final = "(least)"
_DIGIT = re.compile(r"\d")
_WORDS_A_STEP, _MOST_STEPS = 6, 8  # lengths are told apart in steps of so many words, up to so many
_MOST_ACTORS = 4
_UNIT = 1_000  # weights are whole thousandths, so that their sum does not depend on its order
_MARGIN = 30.0  # of a logistic sum, beyond which its exponential says nothing more


@dataclass(frozen=True, slots=True)
class FirstLook:
    """A model of the first look.

    Attributes:
        intercept: What the sum begins with, in thousandths.
        weights: Of each feature, in thousandths; one that is not among them weighs 0.
        least: The probability from which a sentence is parsed.
    """

    intercept: int
    weights: Mapping[str, int]
    least: float

    def chance(self, text: str, named: Sequence[Mention]) -> float:
        """Return 0-1: how likely a sentence is to give a row.

        Args:
            text: The sentence.
            named: The actors that the gazetteer found in it, in order.
        """
        return self.chance_of(features(text, named))

    def chance_of(self, seen: Iterable[str]) -> float:
        """Return the same for a sentence's features."""
        weigh = self.weights.get
        total = (self.intercept + sum([weigh(one, 0) for one in seen])) / _UNIT
        return 1 / (1 + math.exp(-max(-_MARGIN, min(_MARGIN, total))))


def features(text: str, named: Sequence[Mention]) -> set[str]:
    """Return what the model looks at: words in lower case, kinds of actors for their names, lengths."""
    found: set[str] = set()
    length = end = 0
    for mention in named:
        if mention.char_start >= end:
            said = lower_words(text[end : mention.char_start])
            found.update(said)
            length += len(said) + 1
            end = mention.char_end
        found.add(_kind(mention))
    said = lower_words(text[end:])
    found.update(said)
    length += len(said)
    if _DIGIT.search(text):
        found.add("(number)")
    places = len({mention.char_start for mention in named})
    found.add(f"(actors {min(places, _MOST_ACTORS)})")
    found.add(f"(length {min(length // _WORDS_A_STEP, _MOST_STEPS)})")
    return found


def _kind(mention: Mention) -> str:
    actor = mention.actor
    plain = "demonym" if mention.how == "demonym" else "country"
    return f"({actor.sector or actor.kind or (plain if actor.country else 'other')})"


def write_first_look(look: FirstLook, learned_on: str, path: Path = WEIGHTS) -> None:
    """Write a model in the form that `load_first_look` reads."""
    lines = [
        "# What the first look knows: feature, weight; words as they are, all else in brackets.",
        f"# Learned by python -m learning.first_look from {learned_on}.",
        f"{LEAST}\t{look.least:.4f}",
        f"{INTERCEPT}\t{look.intercept / _UNIT:.3f}",
        *(f"{name}\t{weight / _UNIT:.3f}" for name, weight in sorted(look.weights.items())),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@functools.cache
def load_first_look(path: Path = WEIGHTS) -> FirstLook:
    """Return the model in a file.

    Raises:
        ConfigError: It cannot be read, or a line holds a mistake or repeats a feature; names file and
            line.
    """
    weights: dict[str, float] = {}
    for row in rows(path, 2):
        name = row.required(0)
        if name in weights:
            raise ConfigError(f"{row.place}: {name!r} has a weight already")
        weights[name] = _number(row)
    missing = [name for name in (INTERCEPT, LEAST) if name not in weights]
    if missing:
        raise ConfigError(f"{path}: there is no {' and no '.join(missing)}")
    least = weights.pop(LEAST)
    if not 0 <= least < 1:
        raise ConfigError(f"{path}: {LEAST} {least} is no probability below 1")
    whole = {name: round(weight * _UNIT) for name, weight in weights.items()}
    return FirstLook(whole.pop(INTERCEPT), whole, least)


def _number(row: Row) -> float:
    try:
        value = float(row.required(1))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConfigError(f"{row.place}: {row.fields[1]!r} is no finite number")
    return value
