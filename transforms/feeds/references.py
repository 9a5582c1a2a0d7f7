"""References in damaged XML → references that any XML parser knows."""

from __future__ import annotations

import re
from html.entities import name2codepoint

_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?[^>]*+>|&(#?\w*+;?)", re.DOTALL
)
_XML_NAMES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_DECLARED_ENTITY = re.compile(r"<!ENTITY\s+(\w+)")


def with_sound_references(text: str) -> str:
    """Return the document with each & outside CDATA a reference that any XML parser knows.

    Names of HTML entities that the document does not declare become their characters, references to
    what no document may hold are dropped, and a bare & is escaped.
    """
    declared = set(_DECLARED_ENTITY.findall(text[:100_000]))

    def sound(match: re.Match[str]) -> str:
        reference = match[1]
        if reference is None or reference in _XML_NAMES:
            return match[0]
        if reference.startswith("#") and len(reference) > 1:
            return _character(reference, match[0])
        name = reference.removesuffix(";")
        if name in declared and reference.endswith(";"):
            return match[0]
        if reference.endswith(";") and name in name2codepoint:
            return chr(name2codepoint[name])
        return f"&amp;{reference}"

    return _REFERENCE.sub(sound, text)


def _character(reference: str, whole: str) -> str:
    digits = reference[1:].removesuffix(";")
    try:
        code = int(digits[1:], 16) if digits[:1] in {"x", "X"} else int(digits)
    except ValueError:
        return f"&amp;{reference}"
    if code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE:  # noqa: PLR2004
        return whole if whole.endswith(";") else f"&#{code};"
    return f"&#{code};" if 0x10000 <= code <= 0x10FFFF else ""  # noqa: PLR2004 - XML 1.0, 2.2
