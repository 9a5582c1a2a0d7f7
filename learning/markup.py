"""The authoring format: one sentence a line, spans marked in the text, labels behind a bar.

    [Kyiv]s1q2 [accused]v [Moscow]t1s2 of [shelling]v2 [a school in Sumy]t2. | 1123; 194 al

`[…]` is a span; the letters behind it are its roles (s source, t target, v trigger, q said by), each
with the numbers of its events (none: the first). Labels are separated by `;`, one per event: CAMEO
code, `/mode` where it is not the code's own (`/-`: none), `!TYPE` where the type is not the code's own
(only pairs of `exceptions.tsv`), `al po in re co` for the modality, `neg` for the polarity. A sentence
without an event ends in `| none REASON`. Pure: text in, records out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from transforms.events.frames.codes import Tables

MODALITIES = {
    "al": "alleged",
    "po": "possible",
    "in": "intended",
    "re": "requested",
    "co": "conditional",
}
ROLES = {"s": "source", "t": "target", "v": "trigger", "q": "said_by"}
REASONS = frozenset(
    {
        "sport",
        "business",
        "history",
        "analysis",
        "hypothetical",
        "culture",
        "science",
        "weather",
        "local",
        "procedural",
        "accident",
    }
)
_ROLE_RUN = re.compile(r"((?:[stvq][1-9]*)+)(?![A-Za-z0-9])")
_ROLE = re.compile(r"([stvq])([1-9]*)")
_LABEL = re.compile(
    r"(?P<cameo>\d{3,4})(?:/(?P<mode>[A-Za-z-]+))?(?:!(?P<type>[A-Z]+))?(?P<flags>(?: \w+)*)"
)


class MarkupError(ValueError):
    """A line that cannot be read; the message says why, the caller adds file and line."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of the sentence."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledEvent:
    """One event as labelled.

    Attributes:
        source, target: Spans in the order of the text; empty: the text names none. An event whose
            sources are its targets too is reciprocal.
        trigger: The word or words that carry the event.
        type: PLOVER type; None: a mere statement (CAMEO 01x).
        mode: PLOVER mode; None: none.
        cameo: CAMEO code, as deep as the text supports.
        modality: asserted, alleged, possible, intended, requested or conditional.
        polarity: positive, or negative where the text says that it did not happen.
        said_by: Who says so; None: the text itself.
    """

    source: tuple[Span, ...]
    target: tuple[Span, ...]
    trigger: Span
    type: str | None
    mode: str | None
    cameo: str
    modality: str = "asserted"
    polarity: str = "positive"
    said_by: Span | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence with its events, or the reason why it has none."""

    text: str
    events: tuple[LabelledEvent, ...]
    none_reason: str | None


def read_line(line: str, codes: Tables, exceptions: Collection[tuple[str, str]]) -> Labelled:
    """Return the labelled sentence of one line.

    Args:
        line: `marked text | labels`.
        codes: The code tables.
        exceptions: (CAMEO code, PLOVER type) pairs that are right beside the tables' own.

    Raises:
        MarkupError: The line breaks the format or a code is not in the tables.
    """
    marked, bar, labels = line.rpartition(" | ")
    if not bar:
        raise MarkupError("no ` | labels` at the end")
    text, spans = read_spans(marked.strip())
    words = labels.split()
    if words[:1] == ["none"]:
        if spans:
            raise MarkupError("spans are marked but there is no event")
        if len(words) != 2 or words[1] not in REASONS:  # noqa: PLR2004 - none and its reason
            raise MarkupError(f"{labels!r}: the reason is one of {', '.join(sorted(REASONS))}")
        return Labelled(text, (), words[1])
    parts = [part.strip() for part in labels.split(";")]
    unused = {number for _, number in spans} - set(range(1, len(parts) + 1))
    if unused:
        raise MarkupError(f"spans of event {min(unused)}, but {len(parts)} labels")
    events = tuple(
        _event(label, number, spans, codes, exceptions) for number, label in enumerate(parts, 1)
    )
    return Labelled(text, events, None)


def read_spans(marked: str) -> tuple[str, dict[tuple[str, int], list[Span]]]:
    """Return the bare text and its spans by (role letter, event number), in the order of the text.

    >>> read_spans("[Oslo]s [met]v [Bern]t.")[0]
    'Oslo met Bern.'

    Raises:
        MarkupError: Brackets do not match, or a span has no role.
    """
    text: list[str] = []
    length = 0
    opened: list[int] = []
    spans: dict[tuple[str, int], list[Span]] = {}
    position = 0
    while position < len(marked):
        char = marked[position]
        position += 1
        if char == "[":
            opened.append(length)
        elif char == "]":
            run = _ROLE_RUN.match(marked, position)
            if run is None or not opened:
                raise MarkupError(
                    f"`]` without role or `[` near {marked[position - 8 : position]!r}"
                )
            position = run.end()
            start = opened.pop()
            span = Span(start, length, "".join(text)[start:length])
            if not span.text or span.text != span.text.strip():
                raise MarkupError(f"span {span.text!r} is empty or has spaces at its ends")
            for role, numbers in _ROLE.findall(run[1]):
                for number in numbers or "1":
                    spans.setdefault((role, int(number)), []).append(span)
        else:
            text.append(char)
            length += 1
    if opened:
        raise MarkupError("`[` is never closed")
    return "".join(text), {key: sorted(found) for key, found in spans.items()}


def _event(
    label: str,
    number: int,
    spans: dict[tuple[str, int], list[Span]],
    codes: Tables,
    exceptions: Collection[tuple[str, str]],
) -> LabelledEvent:
    match = _LABEL.fullmatch(label)
    if match is None:
        raise MarkupError(f"label {label!r} cannot be read")
    code = codes.codes.get(match["cameo"])
    if code is None:
        raise MarkupError(f"{match['cameo']} is no CAMEO code")
    plover = match["type"] or code.plover
    if plover != code.plover and (code.cameo, plover) not in exceptions:
        raise MarkupError(f"{code.cameo} is {code.plover}; {plover} is not in exceptions.tsv")
    mode = match["mode"] or (code.mode if plover == code.plover else None)
    mode = None if mode == "-" else mode
    if mode is not None and (plover is None or mode not in codes.modes[plover]):
        raise MarkupError(f"{plover} has no mode {mode!r}")
    flags = match["flags"].split()
    modality = [MODALITIES[flag] for flag in flags if flag in MODALITIES]
    if len(modality) > 1 or set(flags) - set(MODALITIES) - {"neg"}:
        raise MarkupError(f"label {label!r}: at most one of {' '.join(MODALITIES)}, and neg")
    triggers = spans.get(("v", number), [])
    speakers = spans.get(("q", number), [])
    if len(triggers) != 1 or len(speakers) > 1:
        raise MarkupError(f"event {number}: {len(triggers)} triggers, {len(speakers)} speakers")
    source = tuple(spans.get(("s", number), []))
    target = tuple(spans.get(("t", number), []))
    if not source and not target:
        raise MarkupError(f"event {number} has neither source nor target")
    return LabelledEvent(
        source=source,
        target=target,
        trigger=triggers[0],
        type=plover,
        mode=mode,
        cameo=code.cameo,
        modality=modality[0] if modality else "asserted",
        polarity="negative" if "neg" in flags else "positive",
        said_by=speakers[0] if speakers else None,
    )
