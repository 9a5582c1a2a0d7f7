"""Who is speaking from one sentence to the next."""

# ruff: noqa: RUF001 - typographic marks are meant

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from transforms.events.model import Attribution, Mention, Sentence
from transforms.events.tree import Doc

_MARKS = '"“”«»'
_VERBS = r"said|says|added|told|asked|wrote|announced|warned|declared|stated|insisted|claimed"
_NAME = r"(?P<{0}>(?:[\w.'’-]+ ){{0,9}}?[\w.'’-]+)"
# …," said Putin   …," the adviser said   The adviser said: "…
_AFTER = re.compile(
    rf"[,?!.][\"”»]\s+(?:(?:{_VERBS})\s+{_NAME.format('inverted')}(?=[,.]|\s(?:on|in|at|during|told)\b|$)"
    rf"|{_NAME.format('plain')}\s+(?:{_VERBS})\b)"
)
_BEFORE = re.compile(
    rf"(?:^|[.,]\s){_NAME.format('before')}\s+(?:{_VERBS})[^\"“«]{{0,60}}[:,]?\s*[\"“«]"
)
MAX_AHEAD = 8  # sentences a quotation may run on before it names its speaker


class QuoteContext:
    """The running speaker of one article.

    Args:
        sentences: All sentences of the article in order, so that a quotation whose speaker is named
            only at its end can be given to him; empty: it cannot.
        find: The actors named in a raw sentence, for speakers of sentences that are not parsed; None:
            such speakers have words but no actor.

    Attributes:
        speaker: Who spoke last; None: nobody yet.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence] = (),
        find: Callable[[str], Sequence[Mention]] | None = None,
    ) -> None:
        self.speaker: Attribution | None = None
        self._sentences = sentences
        self._find = find
        self._position = {sentence.index: n for n, sentence in enumerate(sentences)}
        self._sentence: Sentence | None = None
        self._known: dict[str, Attribution] = {}

    def begin(self, sentence: Sentence) -> None:
        """Move on to the next sentence; to be called for each one, parsed or not, in order."""
        if self._sentence is not None:
            self._learn_from_surface(self._sentence)
        self._sentence = sentence
        self._read = False

    def read(self, doc: Doc, mentions: Sequence[Mention]) -> None:
        """Learn the speakers of the sentence begun last from its parse."""
        from transforms.events.attribution.reports import reports  # noqa: PLC0415 - a cycle
        from transforms.events.attribution.speakers import speaker  # noqa: PLC0415 - a cycle

        self._read = True
        for report in sorted(reports(doc, mentions), key=lambda r: -len(r.content)):
            found = speaker(doc, report, mentions, self)
            if found is not None:
                self._remember(found)
                break

    def find(self, text: str) -> Sequence[Mention]:
        """Return the actors that a raw text names; none where there is no gazetteer."""
        return self._find(text) if self._find is not None else ()

    def known(self, name: str) -> Attribution | None:
        """Return the earlier speaker of this surname; None: there is none."""
        return self._known.get(name.lower())

    def quoting(self, doc: Doc, trigger: int) -> Attribution | None:
        """Return whose quotation the trigger stands in, where its own sentence does not say so."""
        sentence = self._sentence
        text = doc.text.strip()
        if sentence is not None and sentence.quoted:
            return self._ahead() or self.speaker
        if not text or text[0] not in _MARKS:
            return None
        closing = next(
            (t.i for t in doc if t.i > 0 and t.text[:1] in {'"', "”", "'", "»"}), len(doc)
        )
        if closing < trigger:
            return None
        rest = doc[closing:].text.strip(_MARKS + " .!?,") if closing < len(doc) else ""
        if rest:
            return None
        return self._ahead() or self.speaker

    def _remember(self, found: Attribution) -> None:
        self.speaker = found
        for word in found.text.split():
            if word[:1].isupper():
                self._known[word.lower()] = found

    def _learn_from_surface(self, sentence: Sentence) -> None:
        if self._read:
            return
        found = self._surface_speaker(sentence)
        if found is not None:
            self._remember(found)

    def _ahead(self) -> Attribution | None:
        """Return the speaker named at the end of the quotation that is open now; None: nobody."""
        if self._sentence is None or self._sentence.index not in self._position:
            return None
        at = self._position[self._sentence.index]
        for sentence in self._sentences[at + 1 : at + 1 + MAX_AHEAD]:
            inside = sentence.quoted or sentence.text[:1] not in _MARKS
            if not inside:
                return None
            found = _AFTER.search(sentence.text)
            if found is not None:
                return self._attribution(sentence, found["inverted"] or found["plain"])
            if not sentence.quoted:
                return None
        return None

    def _surface_speaker(self, sentence: Sentence) -> Attribution | None:
        found = _AFTER.search(sentence.text)
        if found is not None:
            return self._attribution(sentence, found["inverted"] or found["plain"])
        found = _BEFORE.search(sentence.text)
        return self._attribution(sentence, found["before"]) if found is not None else None

    def _attribution(self, sentence: Sentence, words: str) -> Attribution | None:
        name = words.strip(" .,")
        if name.lower() in {"he", "she", "they", "it", "who"}:
            return self.speaker
        earlier = self.known(name.split()[-1])
        mentions = self.find(sentence.text)
        start = sentence.text.find(name)
        inside = [m for m in mentions if start <= m.char_start < start + len(name)]
        actor = inside[0].actor if inside else (earlier.actor if earlier else None)
        return Attribution(text=name, actor=actor, verb="say")
