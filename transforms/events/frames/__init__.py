"""Frames: the lexicon as data, and the constructions that put actors into the roles of its acts."""

from transforms.events.frames.lexicon import Lexicon
from transforms.events.frames.matching import match

__all__ = ["Lexicon", "match"]
