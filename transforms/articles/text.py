"""Text as readers see it: paragraphs of clean Unicode, one blank line between them.

Every function here does nothing the second time: cleaning twice is cleaning once.
"""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy
import lxml.etree
import lxml.html

# ftfy mends encodings that were mixed up; it is told to leave alone what was written on purpose:
# curly quotes, dashes and ligatures stay, full-width Latin letters too, entities are decoded by us.
_MEND = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    fix_line_breaks=True,
    normalization="NFC",
    explain=False,
)
# Zero-width and soft characters that layout leaves behind. Zero-width joiner and non-joiner are
# kept between letters: Persian, Hindi and emoji sequences need them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]"
)
_LOOSE_JOINER = re.compile(r"(?<![^\W\d_])[\u200c\u200d]+|[\u200c\u200d]+(?![^\W\d_])")
_EMOJI_JOINER = re.compile(
    "(?<=[\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])"
)
_SPACE = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*\n\s*")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_WORD = re.compile(r"\w+(?:['\u2019.,\-]\w+)*")
_MARKUP = re.compile(
    r"<(?:/?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|img|table|tr|td|blockquote|figure|"
    r"section|article|hr|iframe|font|pre|code|u|sup|sub|small)\b[^<>]*|!--.*?--)/?>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_SCRIPT = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
DEEP = 2048
_PARAGRAPH_ENDS = '.!?\u2026"\u201d\u2019\u00bb)]:;'
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """
        address article aside blockquote body caption center dd details dialog dir div dl dt
        fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main
        menu nav ol p pre section summary table tbody td tfoot th thead tr ul
        """,
    )
)
# What is not text, or not the author's: scripts, controls, embeds.
_SILENT = frozenset(
    re.findall(
        r"\w+",
        """
        audio button canvas embed head iframe input math noscript object option script select
        style svg template textarea title video
        """,
    )
)


def clean_line(text: str | None) -> str | None:
    """Return one line of clean text (a title, a name); None where nothing is left."""
    if text is None:
        return None
    line = " ".join(_mended(text).split())
    return line or None


def clean_text(text: str) -> str:
    """Return paragraphs of clean text, one blank line between them; "" where nothing is left.

    A blank line ends a paragraph; a single line break is a space. Unicode is NFC, mojibake is mended,
    invisible characters are gone, quotes and dashes are as written.
    """
    paragraphs = (
        _SPACE.sub(" ", _LINE_BREAK.sub(" ", part)).strip() for part in _BREAKS.split(_mended(text))
    )
    return "\n\n".join(part for part in paragraphs if part)


def content_text(content: str) -> str:
    """Return the text of a feed's own content, HTML or plain, with all its paragraphs.

    Entities are decoded once: by the HTML parser where there is markup, else by `html.unescape`.
    Plain text without any blank line has a paragraph a line if its lines look like paragraphs.
    """
    if _MARKUP.search(content):
        return clean_text(html_paragraphs(content))
    plain = html.unescape(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\n" in plain.strip() and not re.search(r"\n\s*\n", plain):
        lines = [line.strip() for line in plain.split("\n") if line.strip()]
        if all(line[-1] in _PARAGRAPH_ENDS for line in lines):
            plain = "\n\n".join(lines)
    return clean_text(plain)


def html_paragraphs(markup: str) -> str:
    """Return a fragment's visible text; blocks and doubled line breaks end a paragraph."""
    try:
        root = lxml.html.fragment_fromstring(
            _without_nul(markup),
            create_parent="div",
            parser=lxml.html.HTMLParser(
                encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
            ),
        )
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, AssertionError):
        return html.unescape(_TAG.sub(" ", _SCRIPT.sub("", markup)))
    pieces: list[str] = []
    _collect(root, pieces)
    text = "".join(pieces)
    if not text.strip() and markup.count("<") > DEEP:  # nested deeper than libxml2 reads
        return html.unescape(_TAG.sub("\n\n", _SCRIPT.sub("", markup)))
    return text


def _without_nul(markup: str) -> bytes:
    # libxml2 stops at NUL, and lone surrogates have no bytes.
    return markup.replace("\x00", "").encode("utf-8", "replace")


def _collect(root: lxml.html.HtmlElement, pieces: list[str]) -> None:
    """Walk without recursion: markup nests deeper than Python's stack."""
    stack: list[tuple[lxml.html.HtmlElement, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        block = tag in _BLOCKS
        if leaving:
            if block:
                pieces.append("\n\n")
            pieces.append(_inline(element.tail))
            continue
        if tag in _SILENT or not tag or _hidden(element):
            pieces.append(_inline(element.tail) if element is not root else "")
            continue
        if tag == "br":
            pieces.append("\n")
            pieces.append(_inline(element.tail))
            continue
        if block:
            pieces.append("\n\n")
        pieces.append(_inline(element.text))
        stack.append((element, True)) if element is not root else None
        stack.extend((child, False) for child in reversed(element))


def _hidden(element: lxml.html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def _inline(text: str | None) -> str:
    return " ".join(re.split(r"\s+", text)) if text else ""


def _mended(text: str) -> str:
    """Mend, drop what is invisible, compose; repeated until nothing changes, so twice is once."""
    for _ in range(4):
        mended = ftfy.fix_text(text, config=_MEND)
        mended = _INVISIBLE.sub("", mended)
        mended = _without_loose_joiners(mended)
        mended = unicodedata.normalize("NFC", mended.replace("\u00a0", " "))
        if mended == text:
            break
        text = mended
    return text


def _without_loose_joiners(text: str) -> str:
    if "\u200c" not in text and "\u200d" not in text:
        return text
    kept = _EMOJI_JOINER.sub("\ue000", text)
    return _LOOSE_JOINER.sub("", kept).replace("\ue000", "\u200d")


def word_count(text: str) -> int:
    """Return the number of words; a contraction or a number like 1,000 is one.

    Scripts written without spaces count as the runs of letters between punctuation.
    """
    return sum(1 for _ in _WORD.finditer(text))
