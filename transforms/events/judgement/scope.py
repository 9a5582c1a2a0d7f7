"""What holds at one point of the walk from the root down to a trigger."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.events.judgement import operators as op
from transforms.events.tree import Token


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds at one point of the walk.

    Attributes:
        negative: What stands below did not happen.
        modality: None as long as nothing but assertion was met.
        reported_past: Some verb of saying above is in the past ("said it would").
        future: What stands below lies ahead.
        reason: The word that gave the modality.
        reasons: The words that turned the polarity, in order.
    """

    negative: bool = False
    modality: str | None = None
    reported_past: bool = False
    future: bool = False
    reason: str | None = None
    reasons: tuple[str, ...] = ()

    def flip(self, word: str) -> Scope:
        """Return the scope with the polarity turned."""
        return replace(self, negative=not self.negative, reasons=(*self.reasons, f"not: {word}"))

    def hedge(self, modality: str, word: str) -> Scope:
        """Return the scope with this modality, unless a word further out has set one.

        What a word does otherwise ("talks are under way": plain) is no modality and changes nothing.
        """
        if self.modality is not None or modality not in op.MODALITIES:
            return self
        return replace(self, modality=modality, reason=f"{modality}: {word}")

    def independent(self) -> Scope:
        """Return what still holds in a clause or noun of its own: only that it is alleged."""
        if self.modality == op.ALLEGED:
            return replace(self, negative=False, reasons=())
        return Scope(reported_past=self.reported_past)


@dataclass(frozen=True, slots=True)
class Step:
    """One content word of the walk.

    Attributes:
        before: What held where the word was reached.
        after: That, and what the word's own modifiers do: what holds for the word itself.
        below: What holds for the next word down; the same as after at the end of the walk.
    """

    word: Token
    before: Scope
    after: Scope
    below: Scope
