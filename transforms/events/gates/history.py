"""What happened long ago: told by its year, by who took part, or by who tells it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from transforms.events.clauses import clause_verb, governor
from transforms.events.frames.parse import kids
from transforms.events.gates.words import words
from transforms.events.model import Frame
from transforms.events.tree import Doc, Token

if TYPE_CHECKING:
    from transforms.events.rows import Finding

_YEARS = 2  # what is older is history
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_ZONES = frozenset(
    {"gmt", "utc", "hours", "hrs", "local", "est", "edt", "cet", "hkt"}
)  # 1500 GMT is no year
_WHEN = frozenset({"in", "from", "between", "during", "on", "of", "since", "until", "after", "by"})
_IN = frozenset({"in", "from", "between", "during", "on", "of"})
_MAX_STEPS = 8
_CLAUSES = frozenset({"relcl", "advcl", "acl", "ccomp", "xcomp", "conj", "parataxis", "appos"})
_DEEDS = frozenset({"04", "06", "07", "08", "14", "15", "16", "17", "18", "19", "20"})
# States and armies that are no more, and the last year of which they can be news.
_GONE = re.compile(r"\b(?:soviet union|red army|czechoslovakia|east germany|wehrmacht|ussr)\b")
_GONE_SINCE = 1993


def why_history(finding: Finding, published_at: dt.datetime | None) -> str | None:
    """Return why a frame is history; None: it may be news.

    Args:
        finding: The frame with its attribution and date.
        published_at: Of the article; None: unknown.
    """
    year = published_at.year if published_at is not None else None
    date = finding.date.date if finding.date.precision != "published" else None
    if year is not None and date is not None and year - date.year > _YEARS:
        return f"history: {finding.date.text or date.year}"
    if year is not None:
        gone = _gone(finding.frame) if year > _GONE_SINCE else None
        undated = finding.date.precision == "published" and finding.frame.cameo[:2] in _DEEDS
        old = gone or _old_year(finding.doc, finding.frame, year, anywhere=undated)
        if old is not None:
            return f"history: {old}"
    named = [word for word in finding.doc if word.lower_ in words("ancients")]
    if named:
        return f"history: {named[0].text}"
    said = finding.attribution
    told = set(re.findall(r"[a-z]+", said.text.lower())) & words("tellers") if said else None
    return f"history, told by a {min(told)}" if told else None


def _gone(frame: Frame) -> str | None:
    """Return the name of a state that was long gone."""
    for one in (*frame.sources, *frame.targets):
        found = _GONE.search(one.text.lower())
        if found is not None:
            return found.group()
    return None


def _old_year(doc: Doc, frame: Frame, published: int, *, anywhere: bool) -> str | None:
    """Return the old year of the frame's clause or of one that it hangs on: "In 1962 … when China".

    Args:
        doc, frame: The sentence, the frame.
        published: Year of publication.
        anywhere: A year deep in the clause counts too.
    """
    verb = clause_verb(doc[frame.trigger])
    for _ in range(_MAX_STEPS):
        times = [*_times(verb), *(_named_in(verb) if anywhere else ())]
        years = [year for token in times if (year := _year_in(token)) is not None]
        if years:
            return str(max(years)) if published - max(years) > _YEARS else None
        above = governor(verb)
        if above.i == verb.i:
            return None
        verb = above
    return None


def _named_in(verb: Token) -> list[Token]:
    """Return the years that a clause names anywhere but in clauses below it: "the fall of X in 1968"."""
    found, queue = [], [verb]
    for token in queue:
        for child in token.children:
            if child.dep_ not in _CLAUSES:
                queue.append(child)
                if child.dep_ == "pobj" and token.lower_ in _IN:
                    found.append(child)
    return found


def _times(verb: Token) -> list[Token]:
    """Return what says when: the objects of a word's temporal prepositions, bare time nouns."""
    found = [
        noun for prep in kids(verb, "prep") if prep.lower_ in _WHEN for noun in kids(prep, "pobj")
    ]
    return [*found, *kids(verb, "npadvmod"), *(n for n in kids(verb, "appos") if n.like_num)]


def _is_time_of_day(word: Token) -> bool:
    return word.i + 1 < len(word.doc) and word.nbor().lower_ in _ZONES


def _year_in(token: Token) -> int | None:
    """Return the year that a phrase of time is or ends with: "1962", "February 1921"."""
    for word in (token, *kids(token, "nummod", "appos", "pobj", "npadvmod")):
        if _YEAR.fullmatch(word.text) and not _is_time_of_day(word):
            return int(word.text)
    return None
