"""The lexicon: loading names every mistake; the quick test loses no trigger."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.frames.codes import tables
from transforms.events.frames.entries import NO_ACT
from transforms.events.frames.inflection import noun_forms, past, verb_forms
from transforms.events.frames.lexicon import Lexicon, lower_words
from transforms.failures import ConfigError

LINE = "bribe\tv\tbribe, grease palm\tsubj > obj\t112\tneed=both w=0.6\n"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def test_lexicon_is_large_and_covers_every_type(lexicon: Lexicon) -> None:
    triggers = [t for index in (lexicon.verbs, lexicon.nouns) for ts in index.values() for t in ts]
    assert len({trigger.words for trigger in triggers}) > 1000
    entries = [trigger.entry for trigger in triggers]
    types = {entry.plover for entry in entries} | {
        tables().codes[rule.cameo].plover
        for entry in entries
        for rule in entry.codes
        if rule.cameo != NO_ACT
    }
    assert set(tables().modes) <= types


def test_extra_file_is_read_and_changes_the_version(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("# mine\n" + LINE, encoding="utf-8")
    extended = Lexicon.load([path])
    assert [trigger.entry.name for trigger in extended.verbs["bribe"]] == ["bribe"]
    assert extended.may_hold_event(lower_words("He bribed the guards"))
    assert extended.version != lexicon.version


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (LINE.replace("112", "999"), "unknown CAMEO code '999'"),
        (LINE.replace("obj\t", "object\t"), "unknown slot 'object'"),
        (LINE.replace("\tv\t", "\tx\t"), "kind 'x' is neither v nor n"),
        (LINE.replace("need=both", "need=all"), "need is one of"),
        (LINE.replace("w=0.6", "w=6"), "no number from 0 to 1"),
        (LINE.replace("w=0.6", "plover=BRIBE"), "unknown PLOVER type 'BRIBE'"),
        (LINE.replace("w=0.6", "plover=AID/cash"), "AID has no mode 'cash'"),
        (LINE.replace("112", "gold:112"), "unknown class 'gold'"),
        (LINE.replace("112", "@bribe"), "unknown operator '@bribe'"),
        (LINE.replace("w=0.6", "colour=red"), "unknown option 'colour'"),
        (LINE.replace(" > ", " "), "no '>'"),
        ("bribe\tv\t\tsubj > obj\t112\t\n", "at least one trigger"),
        ("bribe\tv\tbribe\tsubj > obj\t\t\n", "a code or an operator"),
        (LINE.strip() + "\ta\tb\n", "columns"),
    ],
)
def test_mistake_is_named_with_file_and_line(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("# first\n" + line, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Lexicon.load([path])
    assert problem in str(error.value)
    assert f"{path}:2" in str(error.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.tsv"):
        Lexicon.load([tmp_path / "nowhere.tsv"])


@pytest.mark.parametrize(
    "text",
    ["Troops WITHDREW.", "two airstrikes", "he was deported", "a counter-offensive", "cease-fire"],
)
def test_quick_test_sees_any_form(lexicon: Lexicon, text: str) -> None:
    assert lexicon.may_hold_event(lower_words(text))


def test_quick_test_lets_the_rest_go(lexicon: Lexicon) -> None:
    assert not lexicon.may_hold_event(lower_words("The garden is green and its roses are red."))


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("ban", {"ban", "bans", "banned", "banning"}),
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("shoot", {"shoot", "shoots", "shot", "shooting"}),
        ("free", {"free", "frees", "freed", "freeing"}),
    ],
)
def test_verb_forms(lemma: str, forms: set[str]) -> None:
    assert forms <= verb_forms(lemma)


def test_noun_forms_and_past() -> None:
    assert {"treaty", "treaties"} <= noun_forms("treaty")
    assert (past("meet"), past("impose")) == ("met", "imposed")


LEXICON = Lexicon.load()


@given(st.text(max_size=200))
def test_quick_test_does_not_see_case_or_surroundings(text: str) -> None:
    assert LEXICON.may_hold_event(lower_words(f"{text} ATTACKED {text}"))
