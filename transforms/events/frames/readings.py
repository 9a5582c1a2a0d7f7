"""One reading of one trigger: the act, its code and who fills its roles."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from transforms.events.frames.codes import tables
from transforms.events.frames.entries import Entry
from transforms.events.frames.scene import is_known
from transforms.events.model import Frame, Mention

_STATES = frozenset({"country", "capital"})
_RULERS = frozenset({"GOV", "MIL", "REB", "UAF"})
_LOCAL_ROOTS = frozenset({"14", "17", "18", "19"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One act as read at one trigger, before it is accepted as a frame.

    The fields are those of `Frame`; besides:

    Attributes:
        entry: The lexicon entry.
        words: How many words of the entry's trigger stood in the text.
        covers: Tokens of acts that this one takes in (the base of an operator); they are no acts of
            their own.
        contents: Acts that are said, asked or alleged by this one.
        specific: The code rests on the object's class or on a base act.
    """

    trigger: int
    action: tuple[int, ...]
    entry: Entry
    lemma: str
    cameo: str
    plover: str | None
    mode: str | None
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    construction: str
    object: tuple[int, int] | None = None
    reciprocal: bool = False
    weight: float = 0.7
    modality: str | None = None
    speaker: Mention | None = None
    words: int = 1
    specific: bool = False
    covers: frozenset[int] = frozenset()
    contents: tuple[Reading, ...] = field(default=())

    def coded(self, cameo: str) -> Reading:
        """Return the reading with another code and that code's own type and mode."""
        code = tables().codes[cameo]
        return replace(self, cameo=cameo, plover=code.plover, mode=code.mode)

    @property
    def complete(self) -> bool:
        """Whether the roles that the entry needs are filled, and one of them by a known actor."""
        source, target = bool(self.sources), bool(self.targets)
        enough = {
            "both": source and target,
            "source": source,
            "target": target,
            "any": source or target,
        }[self.entry.need]
        if not enough or (self.cameo[:2] == "14" and self._by_rulers):
            return False
        # Who is hurt, arrested or protests may be named by his role only: the place says whose he is.
        return self.cameo[:2] in _LOCAL_ROOTS or any(
            is_known(one) for one in (*self.sources, *self.targets)
        )

    @property
    def _by_rulers(self) -> bool:
        """Whether countries, governments, troops or rebels do it, who do not protest in the street."""
        if self.construction in {"nominal", "light"}:  # "France's largest protests"
            return False
        return bool(self.sources) and all(
            one.how in _STATES or one.actor.sector in _RULERS for one in self.sources
        )

    @property
    def rank(self) -> tuple[bool, bool, int, int, float]:
        """Which reading of one trigger wins: complete, specific, long, filled, reliable."""
        filled = bool(self.sources) + bool(self.targets)
        return self.complete, self.specific, self.words, filled, self.weight

    def frame(self) -> Frame:
        """Return the frame."""
        code = tables().codes[self.cameo]
        return Frame(
            trigger=self.trigger,
            action=self.action,
            sources=self.sources,
            targets=self.targets,
            object=self.object,
            lemma=self.lemma,
            cameo=self.cameo,
            plover=self.plover,
            mode=self.mode,
            context=code.context,
            entry=self.entry.name,
            construction=self.construction,
            reciprocal=self.reciprocal,
            weight=round(min(self.weight, 1.0), 3),
            forced_modality=self.modality,
            speaker=self.speaker,
        )


def plover_of(entry: Entry, cameo: str) -> tuple[str | None, str | None]:
    """Return PLOVER type and mode: the entry's own, else the code's."""
    if entry.plover:
        return entry.plover, entry.mode
    code = tables().codes[cameo]
    return code.plover, code.mode
