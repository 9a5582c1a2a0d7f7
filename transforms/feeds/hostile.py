"""XML documents made to harm: refused with a reason before any parser sees them.

The parsers behind expand no external entity and stop at bounds of their own, but would then read
what is left as if it were a feed. A document that wants such things is refused as a whole.

Honest documents may declare entities: the names of HTML's characters, one by one or by the public
sets of the W3C. What counts is what a document would become, not that it declares something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.failures import InputFault

MAX_ENTITY_CHARS = 1_000_000  # that all references together may grow a document by
MAX_DEPTH = 1_000  # elements within each other; honest feeds hold articles of some tens
_DTD = 65_536  # characters of an internal subset that are read; a longer one is refused
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]*+\[", re.IGNORECASE)
_ENTITY = re.compile(
    r"""<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[^\s%<>"']+)\s+
    (?:(?P<external>SYSTEM|PUBLIC)\s*(?P<ids>(?:"[^"]*"|'[^']*'|\s)*+)
    |"(?P<double>[^"]*)"|'(?P<single>[^']*)')""",
    re.VERBOSE | re.IGNORECASE,
)
_REFERENCE = re.compile(r"&([^\s#&;<>\"']{1,100});")
_W3C = "-//W3C//ENTITIES"
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*+)"
    r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""",
    re.DOTALL,
)
# Elements of HTML that are never closed (WHATWG HTML, 13.1.2): feeds that escape nothing hold them.
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class _Entity:
    value: str
    external: str | None


def refuse_hostile(text: str) -> None:
    """Raise InputFault for an XML document that is made to harm.

    Raises:
        InputFault: "external-entity" where it wants something else read into it, "entity-bomb" where
            its entities would grow it beyond measure, "nesting" where elements lie too deep.
    """
    _refuse_entities(text)
    _refuse_depth(text)


def _refuse_entities(text: str) -> None:
    doctype = _DOCTYPE.search(text[:_DTD])
    if doctype is None:
        return
    entities = _entities(text[doctype.end() : doctype.end() + _DTD])
    if not entities:
        return
    body = text[doctype.end() :]
    for name, entity in entities.items():
        reference = name if name.startswith("%") else f"&{name}"
        if entity.external is not None and f"{reference};" in body:
            raise InputFault(
                "external-entity", f"the document wants {entity.external[:200]} read into it"
            )
    sizes: dict[str, int] = {}
    grown = 0
    for match in _REFERENCE.finditer(_without_subset(body)):
        grown += _size(match[1], entities, sizes, ())
        if grown > MAX_ENTITY_CHARS:
            raise InputFault(
                "entity-bomb",
                f"its entities would grow it by more than {MAX_ENTITY_CHARS} characters",
            )


def _entities(subset: str) -> dict[str, _Entity]:
    """Return the declared entities, the first of each name (XML 1.0, 4.2); parameters as "%name"."""
    found: dict[str, _Entity] = {}
    for match in _ENTITY.finditer(subset):
        ids = match["ids"] or ""
        public = match["parameter"] is not None and _W3C in ids
        name = f"%{match['name']}" if match["parameter"] else match["name"]
        found.setdefault(
            name,
            _Entity(
                value=match["double"] or match["single"] or "",
                external=" ".join(ids.split()) if match["external"] and not public else None,
            ),
        )
    return found


def _without_subset(body: str) -> str:
    end = re.search(r"\]\s*>", body)
    return body[end.end() :] if end else body


def _size(
    name: str, entities: dict[str, _Entity], sizes: dict[str, int], above: tuple[str, ...]
) -> int:
    """Return the characters an entity becomes, counted up to one more than is allowed."""
    if name in sizes:
        return sizes[name]
    if name not in entities:
        return 0
    if name in above or len(above) > 100:  # noqa: PLR2004 - no honest entity is built so
        raise InputFault(
            "entity-bomb", f"its entities refer to each other in a circle: {name[:60]}"
        )
    value = entities[name].value
    size = len(value)
    for match in _REFERENCE.finditer(value):
        size += _size(match[1], entities, sizes, (*above, name))
        if size > MAX_ENTITY_CHARS:
            break
    sizes[name] = min(size, MAX_ENTITY_CHARS + 1)
    return sizes[name]


def _refuse_depth(text: str) -> None:
    if text.count("<") <= MAX_DEPTH:
        return
    stack: list[str] = []
    open_: dict[str, int] = {}
    for token in _TOKEN.finditer(text):
        name = token["name"]
        if name is None or token[0].endswith("/>") or name.lower() in _VOID:
            continue
        if not token["end"]:
            stack.append(name)
            open_[name] = open_.get(name, 0) + 1
            if len(stack) > MAX_DEPTH:
                raise InputFault("nesting", f"more than {MAX_DEPTH} elements within each other")
        elif open_.get(name):
            while (closed := stack.pop()) != name:
                open_[closed] -= 1
            open_[name] -= 1
