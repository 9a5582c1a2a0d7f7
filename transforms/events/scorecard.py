"""An evaluation's report as tables for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table

from transforms.events.gold import TYPES
from transforms.events.scores import Report, Score


def render(report: Report, *, title: str, mistakes: int = 0) -> RenderableType:
    """Return the report as rich tables; `mistakes` sentences that went wrong are listed last."""
    parts: list[RenderableType] = [
        _scores(report, title),
        _types(report),
        _confusion(report),
        _attributes(report),
        _reliability(report),
    ]
    if report.empty_sentences:
        parts.append(
            f"{report.empty_sentences} sentences hold no event: {report.empty_rows} rows from "
            f"{report.empty_hit} of them, {report.rows_per_100_empty:.1f} per 100"
        )
    if mistakes:
        parts.append(_mistakes(report, mistakes))
    return Group(*parts)


def _scores(report: Report, title: str) -> Table:
    lenient = any(score.wrong != score.wrong_lenient for score in report.scores.values())
    table = Table(title=f"{title}: {report.sentences} sentences, {report.rows} rows")
    table.add_column("depth")
    heads = ["precision", "recall", "F1", *(["P lenient", "F1 lenient"] if lenient else [])]
    for head in (*heads, "right", "wrong", "found", "missed"):
        table.add_column(head, justify="right")
    for name, score in report.scores.items():
        ratios = [score.precision, score.recall, score.f1]
        ratios += [score.precision_lenient, score.f1_lenient] if lenient else []
        counts = (score.right, score.wrong, score.found, score.missed)
        table.add_row(name, *map(_ratio, ratios), *map(str, counts))
    return table


def _types(report: Report) -> Table:
    table = Table(title="By type")
    table.add_column("type")
    for head in ("precision", "recall", "F1", "right", "wrong", "missed"):
        table.add_column(head, justify="right")
    for name, score in report.types.items():
        if any((score.right, score.wrong, score.missed)):
            table.add_row(name, *_type_cells(score))
    return table


def _type_cells(score: Score) -> tuple[str, ...]:
    ratios = map(_ratio, (score.precision, score.recall, score.f1))
    return (*ratios, str(score.right), str(score.wrong), str(score.missed))


def _confusion(report: Report) -> Table:
    """One row per gold type, one column per coded type; "-": missed, or made up."""
    names = (*TYPES, "-")
    table = Table(title="Gold (rows) against coded (columns); -: missed, made up", box=None)
    table.add_column("")
    for name in names:
        table.add_column(name[:4], justify="right")
    for gold in names:
        counts = [report.confusion[gold, coded] for coded in names]
        if any(counts):
            table.add_row(gold, *(str(count) if count else "·" for count in counts))
    return table


def _attributes(report: Report) -> Table:
    table = Table(title="Of events right in type and actors")
    table.add_column("attribute")
    table.add_column("right", justify="right")
    table.add_column("of", justify="right")
    table.add_column("share", justify="right")
    for name, (right, asked) in report.attributes.items():
        table.add_row(name, str(right), str(asked), _ratio(right / asked))
    return table


def _reliability(report: Report) -> Table:
    table = Table(title="Reliability")
    table.add_column("confidence")
    for head in ("rows", "mean confidence", "precision"):
        table.add_column(head, justify="right")
    for bin_ in report.bins:
        if bin_.rows:
            span = f"{bin_.low:.1f} - {bin_.high:.1f}"
            ratios = map(_ratio, (bin_.mean_confidence, bin_.precision))
            table.add_row(span, str(bin_.rows), *ratios)
    return table


def _mistakes(report: Report, count: int) -> Table:
    table = Table(title=f"{min(count, len(report.mistakes))} of {len(report.mistakes)} mistakes")
    for head in ("id", "sentence", "missed", "wrong"):
        table.add_column(head, overflow="fold")
    for mistake in report.mistakes[:count]:
        cells = ("\n".join(mistake.missed), "\n".join(mistake.wrong))
        table.add_row(mistake.sentence_id, mistake.text, *cells)
    return table


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
