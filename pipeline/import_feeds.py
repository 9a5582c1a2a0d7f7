"""Subscriptions of a feed reader → `[[feeds]]` tables."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from pipeline.settings import FeedSettings, Settings, read_settings
from transforms.failures import InputFault, UsageError
from transforms.feeds.opml import Subscription, Subscriptions, feed_url, read_opml
from transforms.schema import hash_id

MAX_ID = 60
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")
_HEAD = 'lake = "lake"\n'


def read_subscriptions(path: Path) -> Subscriptions:
    """Return the feeds of an OPML file.

    Raises:
        UsageError: It cannot be read, is no OPML, or holds no feed.
    """
    try:
        found = read_opml(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except InputFault as fault:
        raise UsageError(f"{path}: {fault.detail}") from fault
    if not found.feeds:
        raise UsageError(f"{path}: there is no feed in it that can be polled")
    return found


def feed_tables(feeds: Iterable[Subscription], taken: Collection[str] = ()) -> str:
    """Return `[[feeds]]` tables, each with an id of its own."""
    return "\n".join(_table(name, feed) for name, feed in with_ids(feeds, taken))


def configuration(feeds: Iterable[Subscription]) -> str:
    """Return a whole configuration of these feeds."""
    return checked(f"{_HEAD}\n{feed_tables(feeds)}")


def add_to(path: Path, feeds: Iterable[Subscription]) -> int:
    """Add the feeds that a configuration does not have; returns how many.

    A file that exists keeps every byte it has, and gets tables at its end.

    Raises:
        ConfigError: The configuration is wrong as it stands.
        UsageError: Its feeds are not written as [[feeds]] tables, or it cannot be written.
    """
    try:
        if not path.exists():
            wanted = list(feeds)
            with path.open("x", encoding="utf-8") as file:
                file.write(configuration(wanted))
            return len(wanted)
        settings = read_settings(path)
        known = {_key(feed.url) for feed in settings.feeds}
        wanted = [feed for feed in feeds if _key(feed.url) not in known]
        if not wanted:
            return 0
        before = path.read_text(encoding="utf-8")
        gap = "\n" if before.endswith("\n") else "\n\n"
        more = gap + feed_tables(wanted, {feed.id for feed in settings.feeds})
        checked(before + more)
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(more)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    return len(wanted)


def checked(text: str) -> str:
    """Return a configuration's text, which can be read.

    Raises:
        UsageError: It cannot: tables were added behind feeds that are written inline.
    """
    try:
        Settings.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise UsageError(
            "feeds cannot be added: write those that are there as [[feeds]] tables, and these "
            f"at the end ({str(error).splitlines()[0]})"
        ) from error
    return text


def with_ids(
    feeds: Iterable[Subscription], taken: Collection[str]
) -> Iterator[tuple[str, Subscription]]:
    """Yield each feed with an id: its title's letters; where that is taken, with its URL's hash.

    So an id does not depend on how many others have the same title.
    """
    used = set(taken)
    for feed in feeds:
        name = _slug(feed.title or "") or _slug(urlsplit(feed.url).hostname or "") or "feed"
        if name in used:
            name = f"{name}-{hash_id(feed.url)[:8]}"
        while name in used:
            name = f"{name}-{hash_id(name, feed.url)[:8]}"
        used.add(name)
        yield name, feed


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore")
    return _NOT_IN_ID.sub("-", plain.decode().lower())[:MAX_ID].strip("-")


def _table(name: str, feed: Subscription) -> str:
    fields = FeedSettings(
        id=name, url=feed.url, title=feed.title, group=feed.group, language=feed.language
    ).model_dump(exclude_defaults=True)
    return "[[feeds]]\n" + "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items()
    )


def _key(url: str) -> str:
    return (feed_url(url) or url).split(":", 1)[-1]
