"""How well the model reads held-out sentences, before any policy: F1 of triggers, types and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from learning.train.examples import Example
from transforms.events.learned.labels import ROLES

Array = np.ndarray[Any, Any]


@dataclass(slots=True)
class Tally:
    """Right, wrong and missed answers to one question."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where there was nothing."""
        twice = 2 * self.right
        return twice / (twice + self.wrong + self.missed) if twice else 0.0


@dataclass(slots=True)
class Figures:
    """What `measure` counts."""

    types: Tally = field(default_factory=Tally)
    roots: Tally = field(default_factory=Tally)
    roles: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in ROLES})
    modality: Tally = field(default_factory=Tally)
    polarity: Tally = field(default_factory=Tally)
    empty: int = 0
    empty_hit: int = 0

    def line(self) -> str:
        """Return the figures in one line."""
        shares = {"type": self.types, "root": self.roots, **self.roles}
        shares |= {"modality": self.modality, "polarity": self.polarity}
        figures = " ".join(f"{name} {tally.f1:.3f}" for name, tally in shares.items())
        return f"{figures}; {self.empty_hit} of {self.empty} empty sentences hit"


def measure(examples: Iterable[Example], outputs: Iterable[Mapping[str, Array]]) -> Figures:
    """Return figures: types and roots by sentence, roles by piece at the marked trigger.

    Args:
        examples: The sentences.
        outputs: The logits of each, without padding.
    """
    figures = Figures()
    for example, logits in zip(examples, outputs, strict=True):
        found = logits["types"].argmax(-1)
        given = set(found[found > 0]) - {1}
        wanted = set(example.kinds[:, 0]) - {1}
        _count(figures.types, given, wanted)
        roots = {int(logits["roots"][i].argmax()) for i in np.flatnonzero(found > 1)}
        _count(figures.roots, roots, set(example.kinds[:, 1]) - {0})
        if not len(example.kinds):
            figures.empty += 1
            figures.empty_hit += bool(given)
        for trigger, roles, kinds in zip(
            example.triggers, example.roles, example.kinds, strict=True
        ):
            at = np.flatnonzero(trigger)
            for number, name in enumerate(ROLES):
                scores = logits["roles"][number, at].mean(0)
                _count(
                    figures.roles[name],
                    set(np.flatnonzero(scores > 0)),
                    set(np.flatnonzero(roles[number])),
                )
            for number, tally in ((2, figures.modality), (3, figures.polarity)):
                name = "modality" if number == 2 else "polarity"  # noqa: PLR2004
                seen = logits[name][at].mean(0)
                answer = int(seen.argmax()) if len(seen) > 1 else int(seen[0] > 0)
                _count(tally, {answer}, {int(kinds[number])})
    return figures


def _count(tally: Tally, given: set[Any], wanted: set[Any]) -> None:
    tally.right += len(given & wanted)
    tally.wrong += len(given - wanted)
    tally.missed += len(wanted - given)
