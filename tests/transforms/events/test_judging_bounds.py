"""Whatever the sentence: every judge returns, in bounded time."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from transforms.events.attribution import QuoteContext, attribute
from transforms.events.confidence import confidence
from transforms.events.context import contexts
from transforms.events.dates import event_date
from transforms.events.judgement import judge
from transforms.events.model import Sentence
from transforms.events.places import place

PUBLISHED = dt.datetime(2024, 11, 22, tzinfo=dt.UTC)
LONG = {
    "nested": "Putin said that Russia feared that " * 150 + "Iran attacked Israel on Friday.",
    "conjoined": "Russia attacked Ukraine in Kyiv on Monday and " * 150 + "Iran left.",
    "names": "Iran " * 1_200,
    "quotes": '"Iran attacked," said Putin, ' * 150,
    "according": "according to Iran, " * 300,
    "commas": "Iran, attacked, said, in, " * 250,
}
ODD = [
    "",
    "\x00 attacked \x00",
    "😀 said 😀 attacked 😀.",
    "إيران said Russia attacked סוריה.",
    "said said said said",
    '"',
    '" " " "',
    ": said :",
    "according to",
    "If if if unless may may not not.",
    "Not no never neither nor nobody.",
    "In in in on Friday on in.",
    "RUSSIA ATTACKED UKRAINE, SEOUL SAYS",
]


def judged(doc, frame_at, mentions, *, every: int = 1) -> int:
    """Judge a frame at every n-th word; return how many."""
    context = QuoteContext([Sentence(index=0, text=doc.text, char_start=0)], lambda _: mentions)
    context.begin(Sentence(index=0, text=doc.text, char_start=0, quoted=True))
    count = 0
    for token in list(doc)[::every]:
        frame = frame_at(doc, "", trigger=token.i, action=(token.i,))
        judgement = judge(doc, frame)
        attribute(doc, frame, mentions, context)
        event_date(doc, frame, PUBLISHED)
        place(doc, frame, "KYIV (AP) —", mentions)
        assert 0 <= confidence(frame, judgement, doc) <= 1
        count += 1
    context.read(doc, mentions)
    contexts(doc.text)
    return count


@pytest.fixture
def any_frame(frame_at):
    """Return a maker of frames whose trigger need not be found by its lemma."""

    def made(doc, _lemma, **fields):
        return frame_at(doc, doc[0].lower_, **fields)

    return made


@pytest.mark.parametrize("text", ODD, ids=repr)
def test_odd_sentences(parse, any_frame, mentions_in, text) -> None:
    doc = parse(text)
    assert judged(doc, any_frame, mentions_in(doc)) == len(doc)


@pytest.mark.parametrize("name", LONG)
def test_long_sentences_take_bounded_time(parse, any_frame, mentions_in, name) -> None:
    doc = parse(LONG[name])
    mentions = mentions_in(doc)
    start = time.process_time()
    count = judged(doc, any_frame, mentions, every=max(1, len(doc) // 20))
    assert (time.process_time() - start) / count < 0.25
