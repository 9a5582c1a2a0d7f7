"""What an evaluation counts, and the ratios it comes to."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from transforms.events.gold import TYPES

DEPTHS: Final = ("type", "country-type-country", "dyad", "cameo root")
CONFIDENCE_EDGES: Final = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(slots=True, kw_only=True)
class Score:
    """Counts at one depth; every ratio is None where nothing was counted.

    Attributes:
        right: The coder's keys that some gold event allows.
        wrong: The coder's keys that none allows.
        wrong_lenient: The same, but on partial sentences at most as many as events were missed.
        found, missed: Gold events found and not found.
    """

    right: int = 0
    wrong: int = 0
    wrong_lenient: int = 0
    found: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the coder's keys that are right."""
        return _ratio(self.right, self.right + self.wrong)

    @property
    def precision_lenient(self) -> float | None:
        """The same, not counting what a partial sentence may hold besides its label."""
        return _ratio(self.right, self.right + self.wrong_lenient)

    @property
    def recall(self) -> float | None:
        """Share of gold events that were found."""
        return _ratio(self.found, self.found + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)

    @property
    def f1_lenient(self) -> float | None:
        """Harmonic mean of lenient precision and recall."""
        return _harmonic(self.precision_lenient, self.recall)


@dataclass(slots=True, kw_only=True)
class Bin:
    """Rows whose confidence lies in [low, high), the last bin in [low, high]."""

    low: float
    high: float
    rows: int = 0
    right: int = 0
    confidence: float = 0.0  # sum over the rows

    @property
    def precision(self) -> float | None:
        """Share of these rows with right type and actors."""
        return _ratio(self.right, self.rows)

    @property
    def mean_confidence(self) -> float | None:
        """What the coder thought that share was."""
        return self.confidence / self.rows if self.rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One sentence that was not coded as the gold says, by country-type-country keys."""

    sentence_id: str
    text: str
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Report:
    """All figures of one evaluation.

    Attributes:
        scores: By depth, see `DEPTHS`.
        types: By PLOVER type, at the depth "type".
        confusion: (gold type, coder's type) → events; "-" for missed and for made up.
        attributes: Of events matched in type and actors: name → (right, asked). "said by, where
            someone does" leaves out events that the text itself asserts.
        empty_sentences, empty_rows, empty_hit: Sentences that hold no event, the rows with a PLOVER
            type that were coded from them, and how many of them yielded any.
    """

    sentences: int = 0
    rows: int = 0
    scores: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in DEPTHS})
    types: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in TYPES})
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    attributes: dict[str, tuple[int, int]] = field(default_factory=dict)
    bins: list[Bin] = field(
        default_factory=lambda: [
            Bin(low=low, high=high) for low, high in itertools.pairwise(CONFIDENCE_EDGES)
        ]
    )
    empty_sentences: int = 0
    empty_rows: int = 0
    empty_hit: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def rows_per_100_empty(self) -> float | None:
        """Rows with a PLOVER type per 100 sentences that hold no event."""
        return 100 * self.empty_rows / self.empty_sentences if self.empty_sentences else None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data for JSON; ratios rounded to four places."""
        return {
            "sentences": self.sentences,
            "rows": self.rows,
            "scores": {name: _figures(score) for name, score in self.scores.items()},
            "types": {name: _figures(score) for name, score in self.types.items()},
            "confusion": [
                {"gold": gold, "coded": coded, "events": count}
                for (gold, coded), count in self.confusion.most_common()
            ],
            "attributes": {
                name: {"right": right, "asked": asked}
                for name, (right, asked) in self.attributes.items()
            },
            "reliability": [
                {
                    "low": bin_.low,
                    "high": bin_.high,
                    "rows": bin_.rows,
                    "confidence": _rounded(bin_.mean_confidence),
                    "precision": _rounded(bin_.precision),
                }
                for bin_ in self.bins
            ],
            "no_event": {
                "sentences": self.empty_sentences,
                "rows": self.empty_rows,
                "sentences_with_rows": self.empty_hit,
                "rows_per_100": _rounded(self.rows_per_100_empty),
            },
            "mistakes": [dataclasses.asdict(mistake) for mistake in self.mistakes],
        }


def _figures(score: Score) -> dict[str, Any]:
    figures: dict[str, Any] = dataclasses.asdict(score)
    for name in ("precision", "recall", "f1", "precision_lenient", "f1_lenient"):
        figures[name] = _rounded(getattr(score, name))
    return figures


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _harmonic(first: float | None, second: float | None) -> float | None:
    if first is None or second is None:
        return None
    return 2 * first * second / (first + second) if first + second else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
