"""The configuration: TOML read into pydantic models, every mistake named with its key.

Each key's meaning, unit and default stand in its `Field`; `docs/configuration.md` is generated from
them. Only `lake` and each feed's `id` and `url` are required.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from pipeline.feed_headers import checked_headers, header_values, missing_variables
from pipeline.feed_urls import absolute_url, without_secrets
from pipeline.mistakes import mistake
from transforms.failures import ConfigError
from transforms.records import FeedSource
from transforms.schema import hash_id

MB = 1_000_000
ID = re.compile(r"[A-Za-z0-9_-]+")

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class FeedSettings(_Section):
    """One `[[feeds]]` table."""

    id: str = Field(description="Unique and stable: letters, digits, `_` and `-`")
    url: str = Field(description="http, https, file, or a path relative to this file")
    title: str | None = Field(None, description="Name of the feed; default: its own title")
    outlet: str | None = Field(None, description="Who publishes it")
    country: str | None = Field(
        None, description="Country of the outlet, ISO 3166-1 alpha-3; INT for international"
    )
    kind: str | None = Field(None, description="Agency, newspaper, broadcaster, government, …")
    ownership: str | None = Field(None, description="Who owns it: state, private, public, …")
    group: str | None = Field(None, description="Any name, to tell feeds apart in queries")
    language: str | None = Field(
        None, pattern=r"^[a-z]{2}$", description="ISO 639-1, assumed where none can be detected"
    )
    full_text: bool = Field(default=False, description="Fetch each article's page")
    allow_private: bool = Field(
        default=False,
        description="Let this feed and its pages be on private and loopback addresses, any port",
    )
    headers: dict[str, str] = Field(
        {},
        description="Sent with each request to this feed, not to its pages: name and value, or "
        '`"env:NAME"` for the value of an environment variable',
    )
    min_interval_minutes: float | None = Field(
        None,
        gt=0,
        description="For streams: at least this long between two polls; default: that of [stream]",
    )
    max_interval_minutes: float | None = Field(
        None,
        gt=0,
        description="For streams: at most this long between two polls that go well; default: that "
        "of [stream]",
    )

    @field_validator("id")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not ID.fullmatch(value):
            raise ValueError("use letters, digits, _ and - only")
        return value

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, value: dict[str, str]) -> dict[str, str]:
        checked_headers(value)
        return value


# What a FeedSource has under another name, or in another form.
_NOT_SOURCES = {"id", "url", "headers", "min_interval_minutes", "max_interval_minutes"}


class FetchSettings(_Section):
    """`[fetch]`: how servers are asked."""

    contact: str | None = Field(
        None, description="URL or mail address of who runs this, sent with each request: set it"
    )
    connect_timeout_s: Seconds = Field(10.0, description="Seconds for a connection to stand")
    read_timeout_s: Seconds = Field(15.0, description="Seconds of silence after which to give up")
    total_timeout_s: Seconds = Field(
        60.0, description="Seconds for one answer, redirects and retries included"
    )
    max_mb: Seconds = Field(32.0, description="Megabytes of one answer, as sent and as decoded")
    max_redirects: int = Field(6, ge=0, description="Redirects followed for one answer")
    slow_bytes: int = Field(
        10_000, ge=0, description="Bytes that must come in each `slow_after_s`, or it is dripping"
    )
    slow_after_s: Seconds = Field(20.0, description="Seconds in which `slow_bytes` must come")
    tries: Count = Field(3, description="Tries, where the network fails or a server answers 5xx")
    retry_wait_s: float = Field(
        1.0, ge=0, description="Longest first pause before the next try, in seconds; it doubles"
    )
    per_domain: Count = Field(4, description="Requests at once to one registered domain")
    delay_s: float = Field(
        0.25, ge=0, description="Seconds between two polls of feeds of one domain"
    )
    page_delay_s: float = Field(
        1.0,
        ge=0,
        description="Seconds between two pages of one domain; robots.txt may ask for more",
    )
    max_wait_s: Seconds = Field(
        600.0, description="Seconds that one domain's pages may keep a run waiting for their turn"
    )
    parallel: Count = Field(200, description="Requests that one worker has under way at once")
    ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = Field(
        (80, 443, 8080, 8443), description="Ports that may be asked"
    )
    respect_robots: bool = Field(default=True, description="Obey robots.txt for article pages")


class ParseSettings(_Section):
    """`[parse]`: feeds and pages are read in a supervised process."""

    max_entries: Count = Field(10_000, description="Entries read of one feed document")
    deadline_s: Seconds = Field(20.0, description="Seconds for one feed or page to be read")
    memory_mb: Count = Field(1_500, description="Megabytes that reading may take")


class DedupSettings(_Section):
    """`[dedup]`: what counts as a copy."""

    days: Count = Field(30, description="Days of the lake in which copies are looked for")


class CoderSettings(_Section):
    """`[coder]`: how events are coded."""

    model: str = Field(
        "en_core_web_sm",
        description="spaCy pipeline with tagger, parser and lemmatizer: its name, where it is "
        "installed, or its folder, relative to this file",
    )
    actors: tuple[str, ...] = Field(
        (), description="Files with more actors, paths relative to this file"
    )
    lexicon: tuple[str, ...] = Field(
        (), description="Files with more lexicon entries, paths relative to this file"
    )
    first_look: bool = Field(
        default=True,
        description="Leave out, before the parse, sentences whose words make an event unlikely; "
        "false: parse every sentence that names an actor and holds a word of an event",
    )
    learned: bool = Field(
        default=True,
        description="Let the learned model vote beside the rules; false: the rules alone",
    )
    deadline_s: Seconds = Field(60.0, description="Seconds for one batch of articles to be coded")
    memory_mb: Count = Field(1_500, description="Megabytes that the coder may take")


class LakeSettings(_Section):
    """`[write]`: how the lake is written."""

    shards: Count = Field(1, description="Files per table and run; more for large runs")


class StreamSettings(_Section):
    """`[stream]`: how `wirelake stream` goes on."""

    min_interval_minutes: float = Field(
        5.0, gt=0, description="At least this long between two polls of one feed"
    )
    max_interval_minutes: float = Field(
        1440.0,
        gt=0,
        validate_default=True,
        description="At most this long between two polls of one feed that go well",
    )
    window_s: float = Field(
        10.0, ge=1, description="Shortest time between the beginnings of two windows, in seconds"
    )
    poll_budget_s: Seconds = Field(
        60.0,
        description="Seconds for which one domain's feeds may be polled in one window, at "
        "`fetch.delay_s` each; the rest wait for the next",
    )
    max_lag_s: Seconds = Field(
        600.0, description="Seconds late that feeds may be polled before a warning says so"
    )

    @field_validator("max_interval_minutes")
    @classmethod
    def _not_below(cls, value: float, info: ValidationInfo) -> float:
        least = info.data.get("min_interval_minutes", 0.0)
        if value < least:
            raise ValueError(f"below min_interval_minutes = {least:g}")
        return value

    def bounds_s(self, feed: FeedSettings) -> tuple[float, float]:
        """Return the shortest and the longest interval of one feed, in seconds."""
        least, most = feed.min_interval_minutes, feed.max_interval_minutes
        least = self.min_interval_minutes if least is None else least
        most = self.max_interval_minutes if most is None else most
        return least * 60, most * 60


class Settings(_Section):
    """The whole configuration.

    Attributes:
        path: The file it was read from.
    """

    lake: str = Field(
        description="Folder (relative to where you run) or `s3://bucket/prefix`; where and as whom "
        "says the environment: `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, …"
    )
    feeds: tuple[FeedSettings, ...] = Field(description="At least one [[feeds]] table")
    fetch: FetchSettings = FetchSettings()
    parse: ParseSettings = ParseSettings()
    dedup: DedupSettings = DedupSettings()
    coder: CoderSettings = CoderSettings()
    write: LakeSettings = LakeSettings()
    stream: StreamSettings = StreamSettings()

    @field_validator("lake")
    @classmethod
    def _lake_named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("name a folder or an object-store URL")
        return value

    def sources(
        self, path: Path, environment: Mapping[str, str] = os.environ
    ) -> tuple[FeedSource, ...]:
        """Return the feeds, each with an absolute URL and its headers' values.

        Args:
            path: The configuration; paths are relative to it.
            environment: Where headers find their values.

        Raises:
            ConfigError: A header names a variable that is not set.
        """
        mistakes = missing_variables(self.feeds, environment)
        if mistakes:
            raise ConfigError("\n".join(f"{path}: {line}" for line in mistakes))
        bounds = [self.stream.bounds_s(feed) for feed in self.feeds]
        return tuple(
            FeedSource(
                feed_id=feed.id,
                url=url,
                headers=header_values(feed, environment),
                min_interval_s=least_s,
                max_interval_s=most_s,
                **feed.model_dump(exclude=_NOT_SOURCES),
            )
            for feed, url, (least_s, most_s) in zip(
                self.feeds, self.urls(path), bounds, strict=True
            )
        )

    def urls(self, path: Path) -> list[str]:
        """Return the feeds' absolute URLs; paths are relative to the file at `path`."""
        return [absolute_url(feed.url, path.parent) for feed in self.feeds]

    def digest(self) -> str:
        """Return a hash of all that decides a run's rows (not where the lake is)."""
        return hash_id(self.model_dump_json(exclude={"lake"}))


def read_settings(path: Path) -> Settings:
    """Return the settings in a TOML file.

    Raises:
        ConfigError: The file cannot be read, is no TOML, or has a wrong key or value; one line for
            each mistake, naming the key, the value and what would be right.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path}: not UTF-8 text ({error.reason} at byte {error.start})"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        # JSON mode: strict about types ("yes" is no boolean), yet arrays may become tuples.
        settings = Settings.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        lines = [mistake(Settings, detail) for detail in error.errors()]
        raise ConfigError("\n".join(f"{path}: {line}" for line in lines)) from error
    mistakes = [*_repeated_ids(settings.feeds), *_wrong_urls(settings.feeds, path.parent)]
    mistakes += _wrong_bounds(settings)
    mistakes += _missing_files("coder.actors", settings.coder.actors, path.parent)
    mistakes += _missing_files("coder.lexicon", settings.coder.lexicon, path.parent)
    if mistakes:
        raise ConfigError("\n".join(f"{path}: {line}" for line in mistakes))
    return settings


def _repeated_ids(feeds: Sequence[FeedSettings]) -> list[str]:
    first: dict[str, int] = {}
    mistakes = [] if feeds else ["feeds = []: give at least one [[feeds]] table"]
    for number, feed in enumerate(feeds):
        if feed.id in first:
            mistakes.append(
                f"feeds[{number}].id = {feed.id!r}: feeds[{first[feed.id]}] has it already; "
                "each feed needs an id of its own"
            )
        first.setdefault(feed.id, number)
    return mistakes


def _wrong_urls(feeds: Iterable[FeedSettings], folder: Path) -> list[str]:
    mistakes = []
    for number, feed in enumerate(feeds):
        try:
            absolute_url(feed.url, folder)
        except ValueError as error:
            mistakes.append(f"feeds[{number}].url = {without_secrets(feed.url)!r}: {error}")
    return mistakes


def _wrong_bounds(settings: Settings) -> list[str]:
    bounds = [settings.stream.bounds_s(feed) for feed in settings.feeds]
    return [
        f"feeds[{number}].max_interval_minutes = {most_s / 60}: below min_interval_minutes = "
        f"{least_s / 60}; what a feed does not say is that of [stream]"
        for number, (least_s, most_s) in enumerate(bounds)
        if most_s < least_s
    ]


def _missing_files(key: str, names: Iterable[str], folder: Path) -> list[str]:
    return [
        f"{key} = {name!r}: there is no file {folder / name}"
        for name in names
        if not (folder / name).is_file()
    ]
