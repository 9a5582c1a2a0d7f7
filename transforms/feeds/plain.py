"""Markup → plain text, for titles, names and for comparing contents; not for articles' text."""

from __future__ import annotations

import html
import re

# Raw text and comments go with what is in them, blocks and breaks part words, other tags do not.
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_MAY_HIDE = re.compile(r"<!|\]\]>|<s[ct]", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|"
    r"hr|img|li|ol|p|pre|section|table|td|th|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# Control characters but tab and line ends, lone surrogates, non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(markup: str) -> str:
    """Return markup's text on one line: tags gone, entities decoded once.

    >>> plain("<b>AT&amp;amp;T</b><br/>grows &lt;5%")
    'AT&amp;T grows <5%'
    """
    if "<" in markup:
        if _MAY_HIDE.search(markup):
            markup = _HIDDEN.sub(" ", markup)
        markup = _TAG.sub("", _BREAK.sub(" ", markup))
    return line(html.unescape(markup) if "&" in markup else markup)


def line(text: str) -> str:
    """Return text on one line: runs of white space are one space, control characters are gone."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def clean(text: str) -> str:
    """Return text without characters that no document may hold (XML 1.0, section 2.2)."""
    return _FORBIDDEN.sub("", text).strip()
