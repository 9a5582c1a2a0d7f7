"""Which of an entry's texts is its content, and whether that is the article or a teaser."""

from __future__ import annotations

import re

from transforms.feeds.plain import plain

# Teasers of news feeds are one to three sentences. In feedjira's 37 real feeds, of 173 descriptions
# that stand beside a longer full text, 131 have at most 490 characters and 42 (of three feeds, one of
# them podcasts with long show notes) have 634 and more; the bound lies in that gap.
TEASER_CHARS = 600
# How teasers end. Invitations that are ordinary English too count as a sentence of their own only.
_REST = r"(?:[^.!?]|\.(?=\S)){0,60}"
_BREAKS_OFF = re.compile(
    r"(?:…|\.\.\.|\[\s*(?:…|\.{2,}|more)\s*\]|"
    rf"\b(?:read|see|view)\s+(?:the\s+)?(?:more|full|rest|whole)\b{_REST}|"
    rf"\bcontinue\s+reading\b{_REST}|"
    rf"(?:^|[.!?…\"”\u2019)\]]\s+)(?:read on|keep reading|learn more|find out more|click here|"
    rf"(?:the\s+)?full (?:story|article|text|post|report))\b{_REST}|"
    r"\bmore\s*(?:»|\u203a|→|>+)|"
    r"\bthe post .{1,200} (?:first )?appeared (?:first )?on .{1,100}|[»\u203a→]|>>)\W*$",
    re.IGNORECASE,
)


def chosen(content: str | None, summary: str | None) -> tuple[str | None, str | None, str]:
    """Return an entry's text, its source ("feed" or "summary"; None: no text) and its plain form.

    The rule:
    - What the format itself calls the content (content:encoded, Atom and JSON Feed content, an xhtml
      body) is the article: "feed". It must hold words: one that is only an image does not count.
    - Otherwise a description or summary is the article where it is at least TEASER_CHARS characters
      of plain text and does not break off ("…", "read more", "The post … appeared first on …").
    - Otherwise it is a teaser: "summary".
    - A content shorter than a description that passes for an article gives way to it.
    """
    content_plain = plain(content) if content else ""
    if content_plain and content == summary:
        return content, "feed", content_plain
    summary_plain = plain(summary) if summary else ""
    article = len(summary_plain) >= TEASER_CHARS and not breaks_off(summary_plain)
    if content_plain and not (article and len(content_plain) < len(summary_plain)):
        return content, "feed", content_plain
    if summary_plain:
        return summary, "feed" if article else "summary", summary_plain
    return None, None, ""


def breaks_off(text: str) -> bool:
    """Whether plain text ends as teasers do.

    >>> breaks_off("He left the city on Monday. Continue reading...")
    True
    """
    return _BREAKS_OFF.search(text[-400:]) is not None
