"""Why each row was coded: per sentence the actors, the trigger, the entry, what was rejected.

`lines` is for the terminal, `page` a self-contained HTML page with the dependency arcs.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from spacy import displacy

from transforms.events.coder import SentenceTrace
from transforms.events.learned.candidates import SCALE
from transforms.events.learned.policy import Decision
from transforms.events.learned.votes import Votes, share
from transforms.events.model import Mention
from transforms.events.rows import Finding
from transforms.schema import Event

_STYLE = """
body { font: 15px/1.5 sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; }
section { border-top: 1px solid #ccc; padding: 0.7em 0; }
mark.actor { background: #cfe3ff; } mark.action { background: #ffe2a8; }
.arcs { overflow-x: auto; } li.no { color: #777; } p.skipped { color: #777; }
"""


def lines(traces: Sequence[SentenceTrace]) -> Iterator[str]:
    """Yield what was done with each sentence, as plain lines."""
    for trace in traces:
        place = "title" if trace.sentence.index < 0 else f"sentence {trace.sentence.index}"
        yield f"{place}: {' '.join(trace.sentence.text.split())}"
        if trace.skipped is not None:
            yield f"  not parsed: {trace.skipped}"
            continue
        if trace.chance is not None:
            yield f"  chance    {trace.chance:.2f} of a row, at the first look"
        for mention in trace.mentions:
            yield f"  actor     {actor_line(mention)}"
        for finding in trace.findings:
            yield f"  event     {finding_line(finding)}"
        if trace.votes is not None:
            yield f"  model     {votes_line(trace.votes)}"
        for decision in trace.decisions:
            yield f"  policy    {decision_line(decision)}"
        for row in trace.rows:
            yield f"  row       {row_line(row)}"
        for words, entry, reason in trace.rejected:
            yield f"  rejected  {words!r} ({entry}): {reason}"


def actor_line(mention: Mention) -> str:
    """Return who a mention is and how that was found out."""
    return f"{mention.text!r} is {mention.actor.code or 'nobody known'} ({mention.how})"


def finding_line(finding: Finding) -> str:
    """Return trigger, entry, construction, and what judged, dated and attributed the frame."""
    frame, judgement = finding.frame, finding.judgement
    said = finding.attribution.text if finding.attribution else "the text itself"
    why = f" because of {judgement.reason}" if judgement.reason else ""
    return (
        f"{finding.doc[frame.trigger].text!r}: entry {frame.entry!r}, {frame.construction}; "
        f"{judgement.polarity}, {judgement.modality}, {judgement.tense}{why}; "
        f"says {said}; date {finding.date.date} ({finding.date.precision})"
    )


def row_line(row: Event) -> str:
    """Return source, type and code, target and confidence of a row."""
    kind = row.plover_type or "statement"
    return (
        f"{row.source_code or '-'} → {kind} {row.cameo_code} → {row.target_code or '-'}"
        f"  [{row.confidence:.2f}]"
    )


def votes_line(votes: Votes) -> str:
    """Return what the learned model takes a sentence and its words for."""
    acts = [
        f"{votes.text(act)!r} {act.kind} {act.root} ({share(votes.is_event(act.piece)):.2f}, "
        f"{'not ' if votes.is_negative(act.piece) else ''}{votes.modality_of(act.piece)})"
        for act in votes.acts()
    ]
    return (
        f"{votes.about()} ({share(votes.holds_event()):.2f} that it holds an event): "
        f"{', '.join(acts) or 'no word is one'}"
    )


def decision_line(decision: Decision) -> str:
    """Return a candidate row with what rules and model gave it, and what became of it."""
    one, row = decision.candidate, decision.candidate.row
    rules = "not seen by the rules" if one.learned else f"rules {row.confidence:.2f}"
    fate = "stands" if decision.reason is None else f"left out: {decision.reason}"
    return (
        f"{row.source_code or '-'} → {row.plover_type or 'statement'} → {row.target_code or '-'}"
        f"  {rules}, model {share(one.features['event'] * SCALE):.2f} an event, "
        f"{share(one.features['type'] * SCALE):.2f} of this type: {decision.confidence:.2f}, {fate}"
    )


def page(traces: Sequence[SentenceTrace], title: str) -> str:
    """Return a self-contained HTML page with highlighted sentences and dependency arcs."""
    body = "\n".join(_section(trace) for trace in traces)
    name = html.escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{name}</h1>\n{body}\n</body></html>\n"
    )


def _section(trace: SentenceTrace) -> str:
    if trace.skipped is not None or trace.doc is None:
        reason = html.escape(trace.skipped or "")
        text = html.escape(trace.sentence.text)
        return f'<section><p class="skipped">{text} <em>({reason})</em></p></section>'
    items = [
        *(f"<li>{html.escape(actor_line(one))}</li>" for one in trace.mentions),
        *(f"<li>{html.escape(finding_line(one))}</li>" for one in trace.findings),
        *(
            f"<li>model: {html.escape(votes_line(votes))}</li>"
            for votes in ([trace.votes] if trace.votes is not None else [])
        ),
        *(f"<li>policy: {html.escape(decision_line(one))}</li>" for one in trace.decisions),
        *(f"<li><b>{html.escape(row_line(one))}</b></li>" for one in trace.rows),
        *(
            f'<li class="no">{html.escape(f"{words!r} ({entry}): {reason}")}</li>'
            for words, entry, reason in trace.rejected
        ),
    ]
    arcs = ""
    if trace.rows:
        arcs = displacy.render(
            trace.doc, style="dep", page=False, jupyter=False, options={"compact": True}
        )
    return (
        f"<section><p>{_marked(trace)}</p><ul>{''.join(items)}</ul>"
        f'<div class="arcs">{arcs}</div></section>'
    )


def _marked(trace: SentenceTrace) -> str:
    """Return the sentence with actors and actions marked; overlapping marks go to the first."""
    assert trace.doc is not None
    spans = [(one.char_start, one.char_end, "actor") for one in trace.mentions]
    for finding in trace.findings:
        for i in finding.frame.action:
            token = trace.doc[i]
            spans.append((token.idx, token.idx + len(token), "action"))
    text, at, parts = trace.sentence.text, 0, []
    for start, end, kind in sorted(spans):
        if start < at:
            continue
        parts.append(html.escape(text[at:start]))
        parts.append(f'<mark class="{kind}">{html.escape(text[start:end])}</mark>')
        at = end
    return "".join([*parts, html.escape(text[at:])])
