"""A captured article page → what it says of its article.

trafilatura finds the main text (F1 .938 on 258 news pages, best of six). It, htmldate and lxml are
libraries that can hang or grow on hostile markup: this module runs in a supervised process. What they
raise on a page is that page's fault ("unreadable"); everything else raised here is a mistake of ours.
"""

from __future__ import annotations

import copy
import datetime as dt
import html
import re
from collections.abc import Sequence
from typing import Any

import htmldate
import lxml.etree
import lxml.html
import trafilatura
from trafilatura.metadata import extract_metadata
from trafilatura.settings import use_config

from transforms.articles import dates, lines
from transforms.articles.language import iso_639_1
from transforms.articles.printed_days import printed_day
from transforms.articles.text import clean_line, clean_text
from transforms.articles.urls import declared_canonical
from transforms.failures import InputFault
from transforms.records import Capture, Page

MAX_BODY_BYTES = 20_000_000
_HTML_TYPES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")
_BY = re.compile(r"^by\s+", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:\-]+)", re.IGNORECASE)


def load_extractor() -> Any:
    """Return the function that a supervised process runs over captures."""
    # ~1 s: data files and models of the libraries, so that no page pays for them with its deadline.
    extract_page(_WARM_UP)
    return extract_pages


def extract_pages(captures: Sequence[Capture]) -> list[Page]:
    """Return one page per capture.

    Raises:
        InputFault: as `extract_page`, for the first that is no page.
    """
    return [extract_page(capture) for capture in captures]


def extract_page(capture: Capture) -> Page:
    """Return what a captured page says; its text without byline and furniture.

    Raises:
        InputFault: "not-html" for anything but a page, "too-large", "empty-page" for a body without
            any element.
    """
    kind = (capture.header("content-type") or "").split(";")[0].strip().lower()
    if kind and not kind.startswith(_HTML_TYPES):
        raise InputFault("not-html", f"{capture.final_url} is {kind}, not a page")
    if len(capture.body) > MAX_BODY_BYTES:
        raise InputFault("too-large", f"{capture.final_url} has {len(capture.body)} bytes")
    markup = _decoded(capture)
    tree = _tree(markup)
    if tree is None:
        raise InputFault("empty-page", f"{capture.final_url} holds no page")
    objects = dates.json_objects(tree)
    article = next((item for item in objects if dates.is_article(item)), {})
    declared = dates.declared_date(tree, objects, capture.fetched_at)
    canonical = _canonical(tree, capture.final_url)
    guessed = None if declared else _guessed_date(tree, capture)
    publisher = _publisher(article, tree)
    title = _json_text(article.get("headline")) or _meta(tree, "property", "og:title")
    authors = _people(article.get("author"))
    if title is None or not authors:
        title, authors = _title_and_authors(tree, title, authors)
    title = _without_publisher(title, publisher)
    text = clean_text(_main_text(tree, capture.final_url))
    story = lines.read_page_text(_without_title(text, title))
    return Page(
        text=story.text or None,
        title=title,
        authors=authors,
        published_at=declared or guessed,
        published_declared=declared is not None,
        publisher=publisher,
        language=iso_639_1(tree.get("lang") or _meta(tree, "property", "og:locale")),
        canonical_url=canonical,
        final_url=capture.final_url,
        dateline=story.dateline,
        byline=story.byline,
        types=dates.types_of(article),
    )


def _decoded(capture: Capture) -> str:
    """Decode by byte order mark, header, meta declaration; then as UTF-8 or what browsers assume."""
    body = capture.body
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    declared = _CHARSET.search(capture.header("content-type") or "")
    in_page = _CHARSET.search(body[:4096].decode("ascii", "ignore"))
    for found in (declared, in_page):
        if found is not None:
            name = found[1].lower()
            # The web's "latin-1" is windows-1252 (WHATWG Encoding, section 4.2).
            name = (
                "cp1252"
                if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}
                else name
            )
            try:
                return body.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _tree(markup: str) -> lxml.html.HtmlElement | None:
    if not markup.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(
            markup.replace("\x00", "").encode("utf-8", "replace"), parser=parser
        )
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None
    return tree if len(tree) else None


def _main_text(tree: lxml.html.HtmlElement, url: str) -> str:
    """Return the text as trafilatura finds it, a blank line between paragraphs; "" without any."""
    try:
        document: Any = trafilatura.bare_extraction(
            tree,
            url=url,
            include_comments=False,
            include_tables=False,
            include_images=False,
            config=_CONFIG,
        )
    except _STOPS:
        raise
    except Exception as error:
        raise _unreadable("trafilatura", error) from error
    # A line is a paragraph: trafilatura ends each with a line break.
    return re.sub(r"\n+", "\n\n", (document.text if document is not None else None) or "")


def _title_and_authors(
    tree: lxml.html.HtmlElement, title: str | None, authors: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """Return title and authors, what is missing as trafilatura finds it.

    Looked for only where the page does not declare them: it takes as long as finding the text.
    """
    try:
        found = extract_metadata(copy.deepcopy(tree), date_config=_NO_DATE)
    except _STOPS:
        raise
    except Exception as error:
        raise _unreadable("trafilatura", error) from error
    names = (clean_line(part) for part in (found.author or "").split(";"))
    return (
        title or clean_line(found.title),
        authors or tuple(_BY.sub("", name) for name in names if name),
    )


def _unreadable(library: str, error: Exception) -> InputFault:
    """Return what becomes of a page that breaks a library: it is the page's fault, not the run's."""
    return InputFault("unreadable", f"{library}: {type(error).__name__}: {error}"[:300])


def _without_publisher(title: str | None, publisher: str | None) -> str | None:
    """Drop the publisher's name that templates put behind a headline ("… | The Example Times")."""
    if title is None or publisher is None:
        return title
    head, bar, tail = title.rpartition(" | ")
    if not bar:
        head, bar, tail = title.rpartition(" - ")
    return (
        head.strip()
        if bar and head.strip() and tail.strip().casefold() == publisher.casefold()
        else title
    )


def _without_title(text: str, title: str | None) -> str:
    """Drop a first paragraph that only repeats the headline."""
    first, gap, rest = text.partition("\n\n")
    return rest if gap and title and first.casefold() == title.casefold() else text


def _guessed_date(tree: lxml.html.HtmlElement, capture: Capture) -> dt.datetime | None:
    """Return what the page itself lets guess; reads a copy of the tree."""
    tree = copy.deepcopy(tree)
    unclear = dates.unclear_date(tree, capture.fetched_at)
    dates.drop_unclear_dates(tree)
    try:
        found = htmldate.find_date(
            tree,
            original_date=True,
            extensive_search=True,
            url=capture.final_url,
            outputformat="%Y-%m-%d",
            max_date=capture.fetched_at.strftime("%Y-%m-%d"),
        )
    except _STOPS:
        raise
    except Exception as error:
        raise _unreadable("htmldate", error) from error
    read = dates.believable(dates.parse_date(found), capture.fetched_at) if found else None
    guessed = dates.guess(unclear, read)
    return printed_day(tree, guessed, capture.fetched_at) or guessed


def _canonical(tree: lxml.html.HtmlElement, page_url: str) -> str | None:
    """Return the first believable of rel=canonical and og:url."""
    hrefs = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    hrefs.append(_meta(tree, "property", "og:url") or "")
    for href in hrefs:
        found = declared_canonical(href, page_url) if href.strip() else None
        if found is not None:
            return found
    return None


def _meta(tree: lxml.html.HtmlElement, attribute: str, value: str) -> str | None:
    for element in tree.iter("meta"):
        if (element.get(attribute) or "").strip().lower() == value:
            return clean_line(element.get("content"))
    return None


def _publisher(article: dict[str, Any], tree: lxml.html.HtmlElement) -> str | None:
    publisher = article.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return _json_text(name) or _meta(tree, "property", "og:site_name")


def _people(value: Any) -> tuple[str, ...]:
    """Return names of JSON-LD's author: a name, an object, or a list of either."""
    names = []
    for item in value if isinstance(value, list) else [value]:
        name = _json_text(item.get("name") if isinstance(item, dict) else item)
        if name and not name.startswith(("http://", "https://")):
            names.append(name)
    return tuple(dict.fromkeys(_BY.sub("", name) for name in names))


def _json_text(value: Any) -> str | None:
    return clean_line(html.unescape(value)) if isinstance(value, str) else None


# What ends the process or is its supervisor's to judge, not a fault of a library.
_STOPS = (MemoryError, RecursionError)
# htmldate is asked by us; within extract_metadata its quick way is told to find nothing.
_NO_DATE = {"extensive_search": False, "original_date": True, "max_date": "1995-01-02"}
_CONFIG = use_config()
_CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # the supervisor's clock counts, not a signal's
_WARM_UP = Capture(
    kind="page",
    feed_id="",
    url="https://example.com/",
    final_url="https://example.com/",
    fetched_at=dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
    latency_s=0,
    raw_record="",
    status=200,
    body=b"<html><head><title>A</title></head><body><article><p>One.</p></article></body></html>",
)
