"""The command line of a lake's upkeep: status, compact, expire, verify, recode, rejects."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from typing import Annotated, Any, Literal

import typer

from pipeline.ages import age
from pipeline.flags import AsJson, CoderConfig, Lake
from transforms.failures import UsageError

SOME_FAILED = 3
FINDINGS = 1

rejects = typer.Typer(
    help="List rejects, show what was captured, try again.",
    no_args_is_help=True,
    add_completion=False,
)

RunId = Annotated[str | None, typer.Option(help="Of this run only.")]
Feed = Annotated[str | None, typer.Option(help="Of this feed only.")]
Stage = Annotated[
    str | None, typer.Option(help="Of this stage only: poll, parse, fetch, normalize, code.")
]
Unit = Annotated[str | None, typer.Option(help="Of this unit only: feed, entry, page, article.")]
Error = Annotated[str | None, typer.Option(help="With this error only.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (status, compact, expire, verify, recode):
        app.command()(command)
    app.add_typer(rejects, name="rejects")


def status(
    lake: Lake = "lake",
    runs: Annotated[int, typer.Option(min=1, help="How many of the last commits to show.")] = 10,
    max_age: Annotated[
        str | None,
        typer.Option(help="Exit 1 where the last run is older: 1h.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the last runs, feeds in trouble, lag and the lake's sizes."""
    from pipeline.status import print_status  # noqa: PLC0415
    from pipeline.status import status as look  # noqa: PLC0415

    limit = None if max_age is None else age("--max-age", max_age).total_seconds()
    found = look(lake, _now(), runs)
    print_status(found, as_json=as_json)
    since = found["since_last_run_s"]
    if limit is not None and (since is None or since > limit):
        raise typer.Exit(FINDINGS)


def compact(
    older_than: Annotated[
        str, typer.Option(help="Age of the days to rewrite: 1d; 0d includes today.")
    ] = "1d",
    lake: Lake = "lake",
    as_json: AsJson = False,
) -> None:
    """Make few large files of the many small ones of closed days."""
    from transforms.lake.compact import compact as rewrite  # noqa: PLC0415

    done = rewrite(lake, age("--older-than", older_than), _now())
    _print(
        done,
        f"{done.days} days: {done.files_before} files ({done.bytes_before:,} bytes) became "
        f"{done.files_after} ({done.bytes_after:,} bytes); {done.removed} superseded files removed",
        as_json=as_json,
    )
    if done.dropped:
        print(f"wirelake: {done.dropped} days left alone: a rerun replaced files", file=sys.stderr)


def expire(
    keep: Annotated[
        list[str],
        typer.Option(help="TABLE=AGE, as in raw=30d; may be repeated.", show_default=False),
    ],
    lake: Lake = "lake",
    as_json: AsJson = False,
) -> None:
    """Take out what is older than its retention: `--keep raw=30d --keep rejects=90d`."""
    from transforms.lake.expire import expire as take_out  # noqa: PLC0415

    done = take_out(lake, _retention(keep), _now())
    files = ", ".join(f"{name} {count}" for name, count in done.files.items()) or "nothing"
    said = f"files taken out: {files}; {done.removed} superseded files removed"
    _print(done, said, as_json=as_json)


def verify(
    lake: Lake = "lake",
    repair: Annotated[
        bool, typer.Option(help="Remove files that no manifest needs; nothing else.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the manifests with the files: hashes, rows, missing files, orphans."""
    from transforms.lake.verify import verify as look  # noqa: PLC0415

    found = look(lake, _now(), repair=repair)
    if as_json:
        print(json.dumps([dataclasses.asdict(item) for item in found], indent=1))
    else:
        for item in found:
            print(f"{item.kind}: {item.path}: {item.detail}{' (removed)' * item.repaired}")
        print(f"{len(found)} findings" if found else "clean")
    if not all(item.repaired for item in found):
        raise typer.Exit(FINDINGS)


def recode(
    since: Annotated[
        str, typer.Option(help="First day (dt) of the articles, ISO date.", show_default=False)
    ],
    lake: Lake = "lake",
    config: CoderConfig = None,
    as_json: AsJson = False,
) -> None:
    """Code stored articles anew; their old events are replaced in one commit."""
    from pipeline.recode import recode_lake  # noqa: PLC0415

    done = recode_lake(lake, config, _now(), since=_date("--since", since))
    _print(done, _recoded(done), as_json=as_json)


@rejects.command("list")
def list_(  # noqa: PLR0917 - one parameter per flag
    lake: Lake = "lake",
    run_id: RunId = None,
    feed: Feed = None,
    stage: Stage = None,
    unit: Unit = None,
    error: Error = None,
    format_: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="How to print the rows.")
    ] = "table",
) -> None:
    """List what could not be used, newest run first; each has an id for `show`."""
    import pyarrow as pa  # noqa: PLC0415

    from pipeline.rejects import find_rejects  # noqa: PLC0415
    from transforms.lake.formats import format_rows  # noqa: PLC0415

    rows = find_rejects(lake, _wanted(run_id, feed, stage, unit, error))
    names = list(rows[0]) if rows else ["id"]
    if format_ == "table":
        names = ["id", "run_id", "feed_id", "unit", "stage", "error", "source", "detail"]
    table = pa.table({name: [row[name] for row in rows] for name in names})
    sys.stdout.write(format_rows(table, format_))


@rejects.command()
def show(
    reject: Annotated[str, typer.Argument(help="Id of the reject, or its beginning.")],
    lake: Lake = "lake",
) -> None:
    """Print the input of a reject as it was captured; what is known of it on standard error."""
    from pipeline.rejects import captured_input  # noqa: PLC0415

    found = captured_input(lake, reject)
    for line in found.head:
        print(line, file=sys.stderr)
    sys.stdout.buffer.write(found.body)
    sys.stdout.buffer.flush()


@rejects.command()
def retry(  # noqa: PLR0917 - one parameter per flag
    lake: Lake = "lake",
    run_id: RunId = None,
    feed: Feed = None,
    error: Error = None,
    config: CoderConfig = None,
    as_json: AsJson = False,
) -> None:
    """Code again the articles whose coding failed; says of all others why not."""
    from pipeline.rejects import WHY_NOT, retry_rejects  # noqa: PLC0415

    done = retry_rejects(lake, config, _now(), _wanted(run_id, feed, None, None, error))
    _print(done, _recoded(done.recoded), as_json=as_json)
    for unit, count in done.left.items():
        print(f"wirelake: {count} of unit {unit} not tried: {WHY_NOT[unit]}", file=sys.stderr)
    if done.recoded.failed:
        raise typer.Exit(SOME_FAILED)


def _recoded(done: Any) -> str:
    return (
        f"{done.articles} articles coded, {done.failed} failed; events replaced on {done.days} "
        f"days: {done.events_before} became {done.events_after}"
    )


def _wanted(
    run_id: str | None, feed: str | None, stage: str | None, unit: str | None, error: str | None
) -> dict[str, str | None]:
    return {"run_id": run_id, "feed_id": feed, "stage": stage, "unit": unit, "error": error}


def _retention(keep: list[str]) -> dict[str, dt.timedelta]:
    found: dict[str, dt.timedelta] = {}
    for item in keep:
        name, equals, text = item.partition("=")
        if not equals or not name:
            raise UsageError(f"--keep {item!r}: give TABLE=AGE, as in raw=30d")
        found[name] = age(f"--keep {name}", text)
    return found


def _date(flag: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{flag} {text!r}: give an ISO date, as in 2024-11-22") from error


def _print(done: Any, said: str, *, as_json: bool) -> None:
    print(json.dumps(dataclasses.asdict(done), indent=1) if as_json else said)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
