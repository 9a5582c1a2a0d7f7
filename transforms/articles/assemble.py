"""An entry and what its page said → one normalized article.

Which text is kept. The page's, where the feed only has a summary and the page has more; where the feed
has full content, the page's only if it is at least PAGE_SHARE of the feed's (a shorter one is a paywall
or a consent wall) and speaks of the same thing. Otherwise the feed's own: "feed" for full content, "summary"
for a teaser. An entry with a title alone is kept with an empty text, marked "summary": the headline is
news, and the coder codes it.
"""

from __future__ import annotations

import datetime as dt
import re

from transforms.articles import dates, lines
from transforms.articles.forms import form_of
from transforms.articles.language import language_of
from transforms.articles.text import clean_line, content_text, word_count
from transforms.articles.urls import canonical_url, is_shortener
from transforms.failures import InputFault
from transforms.records import Copy, Entry, FeedSource, Page, Run
from transforms.schema import Article, hash_id

PAGE_SHARE = 0.6
TITLE_WORDS = 3  # a title with fewer telling words cannot say whether a page is about it
TELLING_LETTERS = 4

_WORD = re.compile(r"\w+")


def article(entry: Entry, page: Page | None, source: FeedSource | None, run: Run) -> Copy:
    """Return the entry as a normalized article.

    Args:
        entry: As the feed gives it.
        page: What its page says; None: not fetched, or it could not be used.
        source: The feed as configured; None where it is unknown.
        run: The run that brought it.

    Raises:
        InputFault: "empty-entry": neither title nor text is left of it.
    """
    title = clean_line(entry.title) or (page.title if page else None)
    story, text_source = _story(entry, page, title)
    if not story.text and title is None:
        raise InputFault("empty-entry", "the entry has neither title nor text")
    published_at, published_source = _published(entry, page)
    canonical = canonical_of(entry, page)
    guid = clean_line(entry.guid)
    declared = entry.language or (page.language if page else None) or _field(source, "language")
    sample = f"{title}. {story.text}" if title else story.text
    language, score = language_of(sample, declared)
    if canonical is not None:
        identity: tuple[str | None, ...] = (canonical,)
    else:
        identity = (entry.feed_id, guid or title)
    return Copy(
        article=Article(
            article_id=hash_id(*identity, story.text),
            entry_id=entry.entry_id,
            feed_id=entry.feed_id,
            guid=guid,
            url=entry.url,
            canonical_url=canonical,
            publisher=(page.publisher if page else None)
            or clean_line(entry.publisher)
            or _field(source, "outlet")
            or _field(source, "title"),
            title=title,
            authors=_names(entry.authors) or (page.authors if page else ()),
            byline=story.byline,
            dateline=story.dateline,
            published_at=published_at,
            published_source=published_source,
            fetched_at=entry.fetched_at.astimezone(dt.UTC),
            language=language,
            language_score=score,
            text=story.text,
            text_source=text_source,
            word_count=word_count(story.text),
            categories=_names(entry.categories),
            form=form_of(title, canonical, page.types if page else ()),
            revision_of=None,
            run_id=run.run_id,
        ),
        updated_at=dates.believable(entry.updated_at, entry.fetched_at),
        position=entry.position,
    )


def canonical_of(entry: Entry, page: Page | None) -> str | None:
    """Return the entry's canonical address.

    The page's own word where it is given and believed (`urls.declared_canonical`), else where the fetch
    ended if the link only redirects (shorteners, feed proxies), else the link itself.
    """
    if page is not None and page.canonical_url is not None:
        declared = canonical_url(page.canonical_url)
        if declared is not None:
            return declared
    if page is not None and page.final_url and entry.url and is_shortener(entry.url):
        return canonical_url(page.final_url)
    return canonical_url(entry.url) if entry.url else None


def _story(entry: Entry, page: Page | None, title: str | None) -> tuple[lines.Story, str]:
    own = content_text(entry.content) if entry.content else ""
    own_source = entry.content_source if own and entry.content_source else "summary"
    if page is not None and page.text and _is_better(page.text, own, own_source, title):
        return lines.Story(page.text, page.dateline, page.byline), "page"
    return lines.read_feed_text(own), own_source


def _is_better(page_text: str, own: str, own_source: str, title: str | None) -> bool:
    words, own_words = word_count(page_text), word_count(own)
    enough = words > own_words if own_source == "summary" else words >= PAGE_SHARE * own_words
    return enough and _same_subject(page_text, f"{title or ''} {own}")


def _same_subject(page_text: str, known: str) -> bool:
    """Return whether a page shares a telling word with what the feed says of the article.

    A consent wall, an error page or a log-in form shares none.
    """
    telling = {word for word in _WORD.findall(known.casefold()) if len(word) >= TELLING_LETTERS}
    if len(telling) < TITLE_WORDS:
        return True
    return not telling.isdisjoint(_WORD.findall(page_text.casefold()))


def _published(entry: Entry, page: Page | None) -> tuple[dt.datetime | None, str]:
    of_page = page.published_at if page is not None else None
    is_declared = page is not None and page.published_declared
    return dates.choose(
        declared=of_page if is_declared else None,
        feed=dates.believable_feed_date(entry.published_at, entry.fetched_at),
        guessed=None if is_declared else of_page,
    )


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(clean_line, names) if name))


def _field(source: FeedSource | None, name: str) -> str | None:
    value: str | None = getattr(source, name) if source is not None else None
    return value
