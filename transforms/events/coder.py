"""The coder: articles in, rows of `events` out.

Sentences of many articles go through spaCy together, sorted by length, but only those that are worth
it (`selection`); the rest is never parsed.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import functools
import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.attrs import SENT_START  # type: ignore[import-not-found] # compiled, without stubs
from spacy.language import Language
from spacy.tokens import Doc as Parse

from transforms.events import dates, headlines, places, sentences
from transforms.events.actors import ActorBook, Memory
from transforms.events.attribution import QuoteContext, attribute
from transforms.events.confidence import confidence
from transforms.events.first_look import FirstLook, load_first_look
from transforms.events.frames.lexicon import Lexicon
from transforms.events.frames.matching import match_with_reasons
from transforms.events.frames.traps import topic_trap
from transforms.events.gates import why_no_event
from transforms.events.homes import at_home
from transforms.events.judgement import is_planned, judge
from transforms.events.learned import policy
from transforms.events.learned.candidates import Candidate, candidates
from transforms.events.learned.policy import Decision
from transforms.events.learned.proposals import propose
from transforms.events.learned.votes import Votes
from transforms.events.learned.votes import load_model as load_learned
from transforms.events.mend import mend
from transforms.events.model import Frame, Mention, Sentence
from transforms.events.options import CoderOptions, require_model
from transforms.events.pipes import Parser
from transforms.events.rows import Finding, distinct, events
from transforms.events.selection import Selection
from transforms.events.tree import Doc
from transforms.events.version import coder_version
from transforms.failures import ConfigError
from transforms.schema import Article, Event

MAX_TOKENS = 160  # a longer "sentence" is a list or a table; parsing it wins nothing
_HALF = re.compile("[\ud800-\udfff]")
_TOPIC_SENTENCES = 12
_TOPIC_SHARE = 0.34


@dataclass(slots=True)
class SentenceTrace:
    """What the coder did with one sentence, for `wirelake explain`.

    Attributes:
        sentence: The sentence.
        skipped: Why it was not parsed; None: it was.
        chance: 0-1, how likely its words were to give a row, at the first look; None: not looked at.
        doc: Its parse.
        tree: The same in plain Python, which the reading works on.
        named: Actors that the gazetteer found.
        mentions: Actors after the parse.
        findings: Frames with all that was found out about them.
        rows: The rows it gave.
        rejected: (words, lexicon entry, reason) of what gave none.
        votes: What the learned model says; None: it was not asked.
        candidates: The rows that rules and model propose, where the model was asked.
        decisions: What the policy made of them.
    """

    sentence: Sentence
    skipped: str | None = None
    chance: float | None = None
    doc: Parse | None = None
    tree: Doc | None = None
    named: list[Mention] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: list[Event] = field(default_factory=list)
    rejected: list[tuple[str, str, str]] = field(default_factory=list)
    votes: Votes | None = None
    candidates: list[Candidate] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


@functools.cache
def load_model(name: str) -> Language:
    """Return a spaCy pipeline by name or path, without entity recognition.

    Raises:
        ConfigError: It is not installed or lacks a parser or lemmatizer.
    """
    try:
        return spacy.load(require_model(name), exclude=["ner", "senter"])
    except OSError as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f"coder.model = {name!r} cannot be loaded: {reason}") from error


class Coder:
    """Codes articles.

    Args:
        settings: Model, extra actors, extra lexicon entries.
        asking: About which of the parsed sentences the learned model is asked.
        first_look: In place of ours, where the settings ask for one; None: ours.
        parse_all: Parse every sentence, to measure what choosing them loses.

    Raises:
        ConfigError: The model is not installed, or a data file holds a mistake.
    """

    def __init__(
        self,
        settings: CoderOptions | None = None,
        *,
        asking: policy.Asking = policy.IN_DOUBT,
        first_look: FirstLook | None = None,
        parse_all: bool = False,
    ) -> None:
        settings = settings or CoderOptions()
        self._asking = asking
        self.nlp = load_model(settings.model)
        self._parser = Parser(self.nlp)
        self.book = ActorBook.load([Path(path) for path in settings.actors])
        self.lexicon = Lexicon.load([Path(path) for path in settings.lexicon])
        self._look = first_look or load_first_look()
        look = self._look if settings.first_look else None
        self._selection = Selection(self.book, self.lexicon, look, everything=parse_all)
        self._model = load_learned() if settings.learned else None
        self._policy = policy.load_policy()
        # What was loaded stays: the garbage collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        atexit.register(gc.unfreeze)  # else nanobind takes all that was loaded for leaked
        meta = self.nlp.meta
        self.version = coder_version(
            f"{meta['name']} {meta['version']}",
            [Path(path) for path in (*settings.actors, *settings.lexicon)],
        )

    def code(self, articles: Sequence[Article]) -> list[list[Event]]:
        """Return the events of each article, in the order of the text."""
        with _without_collector():
            coded = []
            for traces in self.traces(articles):
                coded.append([row for trace in traces for row in trace.rows])
                for trace in traces:
                    if trace.tree is not None:
                        trace.tree.dissolve()
        return coded

    def trace(self, article: Article) -> list[SentenceTrace]:
        """Return what was done with each sentence of one article, the title first."""
        return self.traces([article])[0]

    def traces(self, articles: Sequence[Article]) -> list[list[SentenceTrace]]:
        """Return what was done with each sentence of each article."""
        traces = [
            [
                SentenceTrace(one.sentence, one.skipped, one.chance, named=one.named)
                for one in self._selection.of(article, _day(article))
            ]
            for article in articles
        ]
        self._parse([one for group in traces for one in group if one.skipped is None])
        for article, group in zip(articles, traces, strict=True):
            self._read(article, group)
        return traces

    def _parse(self, traces: Iterable[SentenceTrace]) -> None:
        """Parse sentences, each as one Doc of one sentence."""
        docs: list[Parse] = []
        titles: list[tuple[SentenceTrace, Parse, headlines.Wording]] = []
        for trace in traces:
            # Half a character, which UTF-8 cannot hold, would stop the tokenizer.
            doc = self.nlp.make_doc(_HALF.sub("\ufffd", trace.sentence.text))
            if len(doc) > MAX_TOKENS:
                trace.skipped = f"longer than {MAX_TOKENS} words"
            elif trace.sentence.index == sentences.TITLE:
                titles.append((trace, doc, headlines.plain(doc, trace.named, self.lexicon)))
            else:
                trace.doc = doc
                docs.append(doc)
        self._parse_titles(titles, docs)

    def _parse_titles(
        self, titles: Sequence[tuple[SentenceTrace, Parse, headlines.Wording]], others: list[Parse]
    ) -> None:
        """Parse titles in plain words, and the other sentences with them."""
        parsed = [Parse(doc.vocab, words=wording.words) for _, doc, wording in titles]
        self._parse_whole([*others, *parsed])
        again: dict[int, Parse] = {}
        for i, (_, doc, wording) in enumerate(titles):
            plainer = headlines.reworded(wording, parsed[i])
            if plainer is not None:
                again[i] = Parse(doc.vocab, words=plainer.words)
        self._parse_whole(list(again.values()))
        for i, (trace, doc, wording) in enumerate(titles):
            trace.doc = headlines.laid_over(doc, wording, again.get(i, parsed[i]))

    def _parse_whole(self, docs: Sequence[Parse]) -> None:
        """Parse in place, each as one sentence."""
        for doc in docs:
            starts: Any = np.full(len(doc), -1, np.int64)  # -1: no sentence begins here
            starts[:1] = 1
            doc.from_array([SENT_START], starts.astype(np.uint64))
        self._parser.parse(docs)

    def _read(self, article: Article, traces: Sequence[SentenceTrace]) -> None:
        """Match, judge, attribute, date and place in the order of the sentences."""
        when = _day(article)
        memory = Memory(dateline=_home(article))
        context = QuoteContext(
            [trace.sentence for trace in traces], lambda text: self.book.find(text, when)
        )
        for trace in traces:
            if trace.doc is not None:
                trace.tree = Doc(trace.doc)
                mend(trace.tree)
        # Of all sentences, so that it does not depend on which of them were parsed.
        topic = article_topic(trace.sentence.text for trace in traces)
        for trace in traces:
            context.begin(trace.sentence)
            doc = trace.tree
            if doc is None:
                continue
            trace.mentions = self.book.resolve(doc, trace.named, memory, when)
            found = match_with_reasons(doc, trace.mentions, self.lexicon)
            trace.rejected = [(doc[i].text, entry, reason) for i, entry, reason in found.rejected]
            read = functools.partial(
                self._weighed,
                article,
                trace,
                context=context,
                topic=topic or topic_trap(trace.sentence.text),
            )
            weighed = [read(frame) for frame in found.frames]
            if self._model is not None:
                if trace.chance is None:
                    trace.chance = self._look.chance(trace.sentence.text, trace.named)
                sure = policy.confidences(weighed)
                if (sure or trace.named) and self._asking.worth(sure, trace.chance):
                    trace.votes = self._model.vote(doc.text)
                    weighed += map(read, propose(doc, trace.mentions, trace.votes))
            self._decide(article, trace, weighed)
            context.read(doc, trace.mentions)

    def _weighed(
        self,
        article: Article,
        trace: SentenceTrace,
        matched: Frame,
        *,
        context: QuoteContext,
        topic: str | None,
    ) -> tuple[Finding, str | None]:
        """Judge, attribute, date and place one frame; return it with why it is no event of the news."""
        doc = trace.tree
        assert doc is not None
        where = places.place(doc, matched, article.dateline, trace.mentions)
        frame = at_home(matched, where, trace.sentence.text, trace.mentions)
        judgement = judge(doc, frame)
        finding = Finding(
            sentence=trace.sentence,
            doc=doc,
            frame=frame,
            judgement=judgement,
            attribution=attribute(doc, frame, trace.mentions, context),
            date=dates.event_date(doc, frame, article.published_at, planned=is_planned(judgement)),
            place=where,
            confidence=confidence(frame, judgement, doc),
        )
        return finding, why_no_event(finding, article.published_at, topic)

    def _decide(
        self, article: Article, trace: SentenceTrace, weighed: Sequence[tuple[Finding, str | None]]
    ) -> None:
        """Make a sentence's rows: by the rules alone, or by the policy from both votes."""
        rows: list[tuple[Event, float]] = []
        for finding, gate in weighed:
            frame = finding.frame
            if gate is not None:
                trace.rejected.append((finding.doc[frame.trigger].text, frame.entry, gate))
                continue
            trace.findings.append(finding)
            own = events(article, finding, self.version)
            if trace.votes is None:
                rows += [(row, frame.weight) for row in own]
            else:
                trace.candidates += candidates(finding, own, trace.votes, trace.chance or 0.0)
        if trace.votes is not None:
            trace.decisions = policy.decide(trace.candidates, self._policy)
            rows = policy.standing(trace.decisions)
        trace.rows = distinct(rows)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector from walking a batch's words again and again while they are in use."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def article_topic(texts: Iterable[str]) -> str | None:
    """Return "sport", "market" or "art" where an article's beginning is of that field; None.

    Args:
        texts: Its sentences, in order.
    """
    opening = [topic_trap(text) for text in islice(texts, _TOPIC_SENTENCES)]
    for topic in ("sport", "market", "art"):
        if len(opening) > 1 and opening.count(topic) / len(opening) >= _TOPIC_SHARE:
            return topic
    return None


def _home(article: Article) -> str | None:
    """Return the country of an article's dateline; None: it has none, or an unknown one."""
    place = places.dateline_place(article.dateline) if article.dateline else None
    return place.country if place is not None else None


def _day(article: Article) -> dt.date | None:
    return article.published_at.date() if article.published_at else None
