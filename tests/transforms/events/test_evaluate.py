"""Scoring a coder against hand-coded sentences: what counts as right, wrong, found and missed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from learning.agency import STORIES, read_agency
from transforms.events.evaluate import articles_of, evaluate, gold_keys, report
from transforms.events.gold import GoldEvent, GoldSentence, read_gold
from transforms.events.pairing import party
from transforms.events.scorecard import render
from transforms.failures import UsageError
from transforms.schema import Article, Event

GOLD = Path(__file__).parents[2] / "data" / "events"
SHARED = Path(__file__).parents[3] / ".." / "shared" / "data" / "gold" / "plover_gsr_dev.jsonl"


def row(source: str | None, kind: str | None, target: str | None, **more: Any) -> Event:
    """Return a coded event; its actors by code, country from the code's head."""
    parties = {"source": party(source), "target": party(target)}
    countries = {k: v if v not in {"IGO", "IMG", "MNC"} else None for k, v in parties.items()}
    values: dict[str, Any] = {
        "event_id": "e",
        "article_id": "a",
        "sentence_index": 0,
        "sentence": "s",
        "char_start": 0,
        "char_end": 1,
        "event_date": None,
        "event_date_precision": "published",
        "published_at": None,
        "source_text": source,
        "source_country": countries["source"],
        "source_org": None,
        "source_sector": None,
        "source_code": source,
        "target_text": target,
        "target_country": countries["target"],
        "target_org": None,
        "target_sector": None,
        "target_code": target,
        "action_text": "x",
        "action_lemma": "x",
        "object_text": None,
        "plover_type": kind,
        "plover_mode": None,
        "context": None,
        "cameo_code": "010",
        "cameo_root": "01",
        "quad_class": 0,
        "goldstein": None,
        "polarity": "positive",
        "modality": "asserted",
        "tense": "past",
        "confidence": 0.9,
        "said_by_text": None,
        "said_by_country": None,
        "said_by_org": None,
        "said_by_sector": None,
        "said_by_verb": None,
        "place_text": None,
        "place_country": None,
        "place_geonameid": None,
        "latitude": None,
        "longitude": None,
        "event_key": "k",
        "rule": "r",
        "coder_version": "0",
        "run_id": "r",
    }
    return Event(**(values | more))


def gold(
    *events: GoldEvent, partial: bool = False, text: str = "A sentence of news."
) -> GoldSentence:
    return GoldSentence(sentence_id="s1", text=text, published=None, events=events, partial=partial)


def event(source: str | None, kind: str | None, target: str | None, **more: Any) -> GoldEvent:
    return GoldEvent(sources=(source,), types=(kind,), targets=(target,), **more)


RAID = event("ISRMIL", "ASSAULT", "PSE", cameos=("195",))


def test_actors_count_by_country_whatever_their_sector() -> None:
    scores = report([gold(RAID)], [[row("ISR", "ASSAULT", "PSEREBHMS", cameo_root="19")]]).scores
    for score in scores.values():
        assert (score.right, score.wrong, score.found, score.missed) == (1, 0, 1, 0)
        assert score.f1 == 1.0


def test_swapped_roles_keep_the_type_and_lose_the_dyad() -> None:
    scores = report([gold(RAID)], [[row("PSE", "ASSAULT", "ISR")]]).scores
    assert scores["type"].f1 == 1.0
    assert scores["dyad"].f1 == 0.0
    assert scores["country-type-country"].f1 == 0.0


def test_missing_and_made_up_events_lower_recall_and_precision() -> None:
    appeal = event("UNO", "REQUEST", "ISR")
    coded = [row("ISR", "ASSAULT", "PSE"), row("ISR", "ACCUSE", "PSE"), row("USA", "AID", None)]
    score = report([gold(RAID, appeal)], [coded]).scores["country-type-country"]
    assert score.precision == pytest.approx(1 / 3)
    assert score.recall == pytest.approx(1 / 2)
    assert score.f1 == pytest.approx(2 / 5)


def test_the_same_row_twice_counts_once() -> None:
    twice = [row("ISR", "ASSAULT", "PSE"), row("ISR", "ASSAULT", "PSE")]
    score = report([gold(RAID)], [twice]).scores["country-type-country"]
    assert (score.right, score.wrong) == (1, 0)


def test_any_of_several_answers_is_right() -> None:
    pact = GoldEvent(sources=("RUS",), types=("SUPPORT", "AGREE"), targets=("PRK", None))
    for kind, target in (("AGREE", "PRKGOV"), ("SUPPORT", None)):
        assert report([gold(pact)], [[row("RUSGOV", kind, target)]]).scores["type"].f1 == 1.0
        score = report([gold(pact)], [[row("RUS", kind, target)]]).scores["country-type-country"]
        assert score.f1 == 1.0


def test_an_event_with_two_right_types_counts_for_the_one_it_was_found_as() -> None:
    pact = GoldEvent(sources=("RUS",), types=("SUPPORT", "AGREE"), targets=("PRK",))
    types = report([gold(pact)], [[row("RUS", "AGREE", "PRK")]]).types
    assert (types["AGREE"].found, types["SUPPORT"].missed) == (1, 0)
    types = report([gold(pact)], [[]]).types
    assert (types["AGREE"].missed, types["SUPPORT"].missed) == (0, 1)


def test_an_optional_event_is_neither_asked_for_nor_held_against_the_coder() -> None:
    sentence = gold(RAID, event("USA", "REQUEST", "ISR", optional=True))
    with_it = [row("ISR", "ASSAULT", "PSE"), row("USA", "REQUEST", "ISR")]
    for coded in (with_it, with_it[:1]):
        result = report([sentence], [coded])
        score = result.scores["country-type-country"]
        assert (score.precision, score.recall) == (1.0, 1.0)
        assert not result.mistakes
        assert ("-", "REQUEST") not in result.confusion


def test_a_partial_sentence_may_hold_more_than_its_label() -> None:
    extra = [row("ISR", "ASSAULT", "PSE"), row("USA", "ACCUSE", "ISR")]
    score = report([gold(RAID, partial=True)], [extra]).scores["type"]
    assert score.precision == 0.5
    assert score.precision_lenient == 1.0
    other = [row("USA", "ACCUSE", "ISR"), row("USA", "REQUEST", "ISR")]
    score = report([gold(RAID, partial=True)], [other]).scores["type"]
    assert (score.wrong, score.wrong_lenient) == (2, 1)


def test_mere_statements_are_not_scored() -> None:
    statement = event("USAGOV", None, None, optional=True)
    result = report([gold(statement)], [[row("USAGOV", None, None)]])
    assert result.rows == 0
    assert result.scores["type"].precision is None
    assert result.empty_sentences == 1


def test_rows_from_sentences_without_events_are_counted_per_hundred() -> None:
    nothing = [gold(), gold(), gold(), gold()]
    rows = [row("ARG", "ASSAULT", "FRA"), row("FRA", "ASSAULT", "ARG")]
    result = report(nothing, [rows, [], [row("ARG", None, None)], []])
    assert (result.empty_sentences, result.empty_rows, result.empty_hit) == (4, 2, 1)
    assert result.rows_per_100_empty == 50.0


def test_confusion_says_what_was_taken_for_what() -> None:
    coded = [row("ISR", "COERCE", "PSE"), row("USA", "AID", "ISR")]
    confusion = report([gold(RAID)], [coded]).confusion
    assert confusion == {("ASSAULT", "COERCE"): 1, ("-", "AID"): 1}
    assert report([gold(RAID)], [[]]).confusion == {("ASSAULT", "-"): 1}


def test_attributes_are_judged_on_events_matched_in_type_and_actors_only() -> None:
    said = event(
        "PRK",
        "AID",
        "RUS",
        cameos=("072",),
        modalities=("alleged",),
        polarities=("positive",),
        said_by=("KORGOV", "USA"),
    )
    by_seoul = {"said_by_text": "Seoul", "said_by_country": "KOR", "modality": "alleged"}
    right = report([gold(said)], [[row("PRK", "AID", "RUS", **by_seoul)]]).attributes
    assert right["modality"] == right["said by"] == right["polarity"] == (1, 1)
    assert right["cameo root"] == (0, 1)
    by_tokyo = by_seoul | {"said_by_country": "JPN", "modality": "asserted"}
    wrong = report([gold(said)], [[row("PRK", "AID", "RUS", **by_tokyo)]]).attributes
    assert wrong["modality"] == wrong["said by"] == (0, 1)
    assert report([gold(said)], [[row("PRK", "AID", "KOR", **by_seoul)]]).attributes == {}


@pytest.mark.parametrize(
    ("answer", "text", "right"),
    [("witnesses", "two witnesses", True), ("witnesses", None, False), (None, None, True)],
)
def test_a_speaker_who_is_no_actor_agrees_by_words(
    answer: str | None, text: str | None, right: bool
) -> None:
    said = event("ISR", "ASSAULT", "PSE", said_by=(answer,))
    coded = [row("ISR", "ASSAULT", "PSE", said_by_text=text)]
    assert report([gold(said)], [coded]).attributes["said by"] == (int(right), 1)


def test_reliability_compares_confidence_with_precision() -> None:
    rows = [
        row("ISR", "ASSAULT", "PSE", confidence=0.95),
        row("ISR", "AID", "PSE", confidence=0.85),
        row("ISR", "ACCUSE", "PSE", confidence=0.0),
    ]
    bins = {bin_.low: bin_ for bin_ in report([gold(RAID)], [rows]).bins}
    assert bins[0.9].precision == 1.0
    assert bins[0.9].mean_confidence == pytest.approx(0.95)
    assert bins[0.8].precision == 0.0
    assert bins[0.0].rows == 1
    assert bins[0.5].precision is None
    top = report([gold(RAID)], [[row("ISR", "ASSAULT", "PSE", confidence=1.0)]]).bins[-1]
    assert (top.rows, top.right) == (1, 1)


def test_amnesty_may_be_igo_or_ngo_but_a_rebel_without_country_is_nobody() -> None:
    assert party("IGOUNO") == party("NGOHRI") == "IGO"
    assert party("REB") is None
    assert gold_keys(event("IGO", "ACCUSE", "USA"), "dyad") == {("IGO", "USA")}


def test_the_coder_sees_text_titles_and_dates() -> None:
    line = {"id": "a", "text": "Troops leave", "published": "1999-05-02", "events": []}
    body, title = (
        GoldSentence(
            sentence_id=name, text=str(line["text"]), published=None, events=(), is_title=flag
        )
        for name, flag in (("a", False), ("b", True))
    )
    seen: list[Article] = []

    def code(articles: Sequence[Article]) -> list[list[Event]]:
        seen.extend(articles)
        return [[] for _ in articles]

    result = evaluate([body, title], code)
    assert result.sentences == 2
    assert [(a.title, a.text) for a in seen] == [(None, "Troops leave"), ("Troops leave", "")]
    assert seen[0].article_id != seen[1].article_id


def test_the_report_is_json_and_a_table() -> None:
    coded = [[row("ISR", "COERCE", "PSE")], []]
    result = report([gold(RAID), gold()], coded)
    figures = json.loads(json.dumps(result.as_dict()))
    assert figures["scores"]["dyad"]["f1"] == 1.0
    assert figures["mistakes"][0]["missed"] == ["ISR ASSAULT PSE"]
    console = Console(record=True, width=120, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(render(result, title="wire", mistakes=5))
    text = capture.get()
    assert "country-type-country" in text
    assert "1 sentences hold no event" in text
    assert "ISR ASSAULT PSE" in text


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "Expecting"),
        ("[]", "JSON object"),
        ('{"text": "x", "events": []}', "'id'"),
        ('{"id": "a", "text": " ", "events": []}', "'text'"),
        ('{"id": "a", "text": "x"}', "'events'"),
        ('{"id": "a", "text": "x", "events": [], "published": "2024-13-01"}', "ISO date"),
        ('{"id": "a", "text": "x", "events": [{"type": "AID", "target": null}]}', "'source'"),
        (
            '{"id": "a", "text": "x", "events": [{"source": null, "type": "WAR", "target": null}]}',
            "'type' is 'WAR'",
        ),
        (
            '{"id": "a", "text": "x", "events": [{"source": 7, "event": "AID", "target": null}]}',
            "'source' must be",
        ),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "ok", "text": "Fine.", "events": []}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(complaint)) as error:
        read_gold(path)
    assert f"{path}:2: " in str(error.value)


def test_an_id_used_twice_an_empty_and_a_missing_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    line = '{"id": "a", "text": "x", "events": []}\n'
    path.write_text(line * 2, encoding="utf-8")
    with pytest.raises(UsageError, match="is that of line 1"):
        read_gold(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no sentence"):
        read_gold(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")


def test_types_and_codes_of_2016_become_todays(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    events = [{"source": "JAPMIL", "event": "FIGHT", "target": "ITL"}]
    path.write_text(json.dumps({"id": "a", "text": "x", "events": events}), encoding="utf-8")
    (sentence,) = read_gold(path)
    assert sentence.partial
    assert sentence.events == (event("JPNMIL", "ASSAULT", "ITA"),)


def test_the_shared_gold_set_is_read() -> None:
    if not SHARED.exists():
        pytest.skip("../shared is absent")
    sentences = read_gold(SHARED)
    assert len(sentences) == 103
    assert all(sentence.partial for sentence in sentences)
    assert len(articles_of(sentences)) == 103


@pytest.mark.skipif(not STORIES.exists(), reason="needs ../shared/data/neardup")
def test_labels_of_agency_sentences_find_their_texts() -> None:
    sentences = read_agency(GOLD / "agency.jsonl")
    assert len(sentences) >= 500
    assert all(sentence.text == sentence.text.strip() for sentence in sentences)
    assert any("Condoleezza Rice" in sentence.text for sentence in sentences)


@pytest.mark.parametrize(
    ("name", "least", "with_events"),
    [
        ("wire", 400, 1.0),
        ("none", 300, 0.0),
        ("heldout", 220, 0.5),
        ("heldout_none", 180, 0.0),
        ("fresh", 360, 0.5),
        ("fresh_none", 300, 0.0),
    ],
)
def test_our_gold_sets_are_whole(name: str, least: int, with_events: float) -> None:
    sentences = read_gold(GOLD / f"{name}.jsonl")
    assert len(sentences) >= least
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    holding = sum(not sentence.holds_nothing for sentence in sentences) / len(sentences)
    assert holding == pytest.approx(with_events, abs=0.03)
    coded = [e for s in sentences for e in s.events if not e.optional]
    assert all(e.cameos and e.modalities and e.polarities and e.said_by for e in coded)
