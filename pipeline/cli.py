"""The command line: reads flags, calls the application, turns errors into exit codes.

Exit codes: 0 done; 1 failed; 2 wrong usage or configuration; 3 done, but some feeds or documents
failed; 75 another run holds the lake; 130 and 143 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import io
import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from pipeline import feeds, maintain, stream_cli
from pipeline.flags import (
    AsJson,
    BeamFlags,
    CoderConfig,
    Config,
    Lake,
    LogJson,
    Metrics,
    OtherLake,
    Verbose,
    require_named,
)
from pipeline.interrupt import interruptible
from pipeline.logs import AS_JSON, name_run, set_up_logging
from pipeline.memory import give_memory_back
from pipeline.prometheus import Textfile
from pipeline.settings import ID, read_settings
from transforms.failures import UsageError, WirelakeError
from transforms.records import Run

app = typer.Typer(
    name="wirelake",
    help="News feeds in, an analysable table of political events out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SOME_FAILED = 3
DISTRIBUTION = "wirelake-pipeline"

_log = logging.getLogger(__name__)


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"wirelake {importlib.metadata.version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def main_options(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_say_version)
    ] = False,
) -> None:
    """News feeds in, an analysable table of political events out."""


@app.command()
def run(  # noqa: PLR0917 - one parameter per flag
    config: Config,
    beam: BeamFlags = None,
    lake: OtherLake = None,
    run_id: Annotated[
        str | None, typer.Option(help="Id of the run; one that exists is replayed.")
    ] = None,
    interval_start: Annotated[
        str | None, typer.Option(help="Start of the data interval, ISO; default: now.")
    ] = None,
    interval_end: Annotated[
        str | None, typer.Option(help="End of the data interval, ISO; default: now.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Poll this feed only; may be repeated.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes of this machine.")] = 1,
    runner: Annotated[
        str | None, typer.Option(help="Beam runner; DirectRunner means the in-memory one.")
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    log_json: LogJson = False,
    metrics: Metrics = None,
) -> None:
    """Poll every feed once, code what is new, commit it to the lake."""
    if run_id is not None and not ID.fullmatch(run_id):
        raise UsageError(f"--run-id {run_id!r}: use letters, digits, _ and - only")
    require_named(lake)
    settings = read_settings(config)
    textfile = None if metrics is None else Textfile(metrics)
    interval = (
        _moment("--interval-start", interval_start),
        _moment("--interval-end", interval_end),
    )
    set_up_logging(verbose=verbose, as_json=log_json)
    give_memory_back()
    # Beam takes a second to import; a wrong flag or key should not wait for it.
    from pipeline.run import RunRequest, execute  # noqa: PLC0415
    from pipeline.runners import worker_flags  # noqa: PLC0415
    from pipeline.summary import log_figures, show, summarize  # noqa: PLC0415
    from pipeline.watch import progress_display  # noqa: PLC0415
    from transforms.lake.manifests import manifest_of  # noqa: PLC0415

    flags = (*([f"--runner={runner}"] if runner else []), *worker_flags(workers), *(beam or []))
    request = RunRequest(
        config=config,
        settings=settings,
        lake=lake or settings.lake,
        run_id=run_id,
        interval=interval,
        only=tuple(only or ()),
        beam_flags=flags,
    )
    begun: list[Run] = []
    with contextlib.ExitStack() as screen, interruptible(lambda: _go_on(begun), screen.close):
        progress = screen.enter_context(progress_display(Console(stderr=True)))
        done = execute(request, progress=progress, begun=lambda run: _begin(begun, run))
    figures = summarize(request.lake, done.run_id)
    if textfile is not None:
        textfile.add(manifest_of(request.lake, done.run_id))
    log_figures(figures)
    if as_json:
        print(json.dumps(figures, indent=2, default=str))
    else:
        show(figures, Console())
    if figures["feeds"]["failed"]:
        raise typer.Exit(SOME_FAILED)


@app.command()
def code(
    file: Annotated[str, typer.Argument(help="JSON lines or plain text; - reads the input.")] = "-",
    config: CoderConfig = None,
) -> None:
    """Code text without feeds: one JSON line per event, on standard output."""
    from pipeline.code import code_documents  # noqa: PLC0415

    if not code_documents(file, config):
        raise typer.Exit(SOME_FAILED)


@app.command()
def evaluate(
    gold: Annotated[
        Path, typer.Argument(help="Hand-coded sentences, JSON lines.", show_default=False)
    ],
    config: CoderConfig = None,
    mistakes: Annotated[
        int, typer.Option(min=0, help="How many wrongly coded sentences to list.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the coder on hand-coded sentences of yours."""
    from pipeline.evaluate import evaluate_gold  # noqa: PLC0415

    evaluate_gold(gold, config, as_json=as_json, mistakes=mistakes)


@app.command()
def explain(
    what: Annotated[
        str,
        typer.Argument(
            help="A text, - for the input, or an article's id or URL in the lake.",
            show_default=False,
        ),
    ],
    lake: Lake = "lake",
    config: CoderConfig = None,
    published: Annotated[
        str | None, typer.Option(help="When the text was published, ISO.", show_default=False)
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with dependency arcs here.", show_default=False),
    ] = None,
) -> None:
    """Say why each row was coded: actors, trigger, entry, judgement, what was rejected."""
    from pipeline.explain import explain as tell  # noqa: PLC0415

    tell(what, lake=lake, config=config, published=_moment("--published", published), html=html)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="DuckDB SQL over the tables.", show_default=False)],
    lake: Lake = "lake",
    format_: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="How to print the rows.")
    ] = "table",
) -> None:
    """Ask the committed rows: articles, events, duplicates, feeds, polls, rejects, signatures, files."""
    from transforms.lake.formats import format_rows  # noqa: PLC0415
    from transforms.lake.query import query as ask  # noqa: PLC0415

    sys.stdout.write(format_rows(ask(lake, sql), format_))


@app.command()
def check(config: Config, as_json: AsJson = False) -> None:
    """Validate the configuration, then poll every feed once and say what answered."""
    settings = read_settings(config)
    from pipeline.check import check_feeds  # noqa: PLC0415

    if not check_feeds(settings, config, as_json=as_json):
        raise typer.Exit(SOME_FAILED)


@app.command()
def schema(
    format_: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Markdown text or JSON Schema.")
    ] = "text",
) -> None:
    """Describe the tables."""
    from transforms.describe import as_json_schema, as_markdown  # noqa: PLC0415

    print(json.dumps(as_json_schema(), indent=2) if format_ == "json" else as_markdown())


app.add_typer(feeds.app, name="feeds")
maintain.register(app)
stream_cli.register(app)


def _begin(begun: list[Run], run: Run) -> None:
    begun.append(run)
    name_run(run.run_id)
    _log.info("run begun", extra={"interval_start": run.interval_start.isoformat()})


def _go_on(begun: list[Run]) -> str:
    return f"stopped; go on with --run-id {begun[0].run_id}" if begun else "stopped"


def _moment(flag: str, text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{flag} {text!r}: give an ISO date or date-time") from error
    return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)


def main() -> None:
    """Run the command line; the exit code says how it went."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # JSON is UTF-8 in every locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except WirelakeError as error:
        if os.environ.get(AS_JSON):
            _log.error("%s", error, extra={"exit_code": error.exit_code})
        else:
            print(f"wirelake: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
