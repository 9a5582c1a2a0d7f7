"""`wirelake feeds …`: the command line of what people do with lists of feeds."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.flags import AsJson, Config
from pipeline.settings import FetchSettings, ParseSettings, read_settings
from transforms.failures import UsageError

app = typer.Typer(
    help="Import, export, discover and list feeds.", no_args_is_help=True, add_completion=False
)

SOME_FAILED = 3


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.", show_default=False)],
    into: Annotated[
        Path | None,
        typer.Option(help="Add to this configuration what it lacks, or make it; default: print."),
    ] = None,
) -> None:
    """Turn a feed reader's OPML file into [[feeds]] tables."""
    from pipeline.import_feeds import add_to, configuration, read_subscriptions  # noqa: PLC0415

    found = read_subscriptions(file)
    if into is None:
        sys.stdout.write(configuration(found.feeds))
        added = len(found.feeds)
    else:
        added = add_to(into, found.feeds)
    for line in found.unusable:
        print(f"wirelake: {file}: {line}", file=sys.stderr)
    known = len(found.feeds) - added
    print(
        f"{added} feeds; {found.merged} named twice, {known} there already, "
        f"{len(found.unusable)} that cannot be polled",
        file=sys.stderr,
    )
    if found.unusable:
        raise typer.Exit(SOME_FAILED)


@app.command("export")
def export(
    config: Config,
    opml: Annotated[
        Path | None, typer.Option(help="Write this file, which must not exist; default: print.")
    ] = None,
) -> None:
    """Turn the configured feeds into an OPML file for a feed reader."""
    from transforms.feeds.opml import Subscription, write_opml  # noqa: PLC0415

    settings = read_settings(config)
    data = write_opml(
        [
            Subscription(
                url=url, title=feed.title or feed.id, group=feed.group, language=feed.language
            )
            for feed, url in zip(settings.feeds, settings.urls(config), strict=True)
        ],
        title=f"Feeds of {config.name}",
    )
    if opml is None:
        sys.stdout.write(data.decode())
        return
    try:
        with opml.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise UsageError(f"{opml} exists; name a file that does not") from error
    except OSError as error:
        raise UsageError(f"{opml}: {error.strerror or error}") from error


@app.command("discover")
def discover(
    url: Annotated[str, typer.Argument(help="A page, a site, or a feed.", show_default=False)],
    config: Annotated[
        Path | None, typer.Option(help="Take [fetch] and [parse] of this configuration.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Ask private and loopback addresses, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the feeds of a site and read each of them once."""
    from pipeline.discover import discover as find  # noqa: PLC0415
    from pipeline.discover import print_discovered  # noqa: PLC0415
    from pipeline.options import web_settings  # noqa: PLC0415

    settings = read_settings(config) if config else None
    found = find(
        url,
        web_settings(settings.fetch if settings else FetchSettings()),
        settings.parse if settings else ParseSettings(),
        private=allow_private,
    )
    print_discovered(found, as_json=as_json)
    if not found["feeds"]:
        raise typer.Exit(SOME_FAILED)


@app.command("list")
def list_(
    config: Config,
    lake: Annotated[
        str | None, typer.Option(help="Folder or URL of the lake, instead of the configured one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the configured feeds with their health."""
    settings = read_settings(config)
    from pipeline.feed_list import list_feeds, print_feeds  # noqa: PLC0415

    rows = list_feeds(settings, config, lake or settings.lake, now=dt.datetime.now(dt.UTC))
    print_feeds(rows, as_json=as_json)
