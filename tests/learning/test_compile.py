import json
import re
from pathlib import Path

import pytest

from learning.compile import OUTPUT, SENTENCES, DataError, compile_files, lines, unknown_splits
from learning.near import near_pairs
from learning.second import read, sample, second_labels

ROOT = Path(__file__).parents[2]
SHARED_GOLD = ROOT / ".." / "shared" / "data" / "gold" / "plover_gsr_dev.jsonl"
HEADER = "@ europe 2020s wire plain\n"


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_committed_data_are_the_compiled_sentences():
    records = compile_files(sorted(SENTENCES.glob("*.txt")))
    assert "".join(lines(records)) == OUTPUT.read_text(encoding="utf-8")


def test_every_mistake_is_named_with_file_and_line(tmp_path):
    path = write(tmp_path, "a.txt", "Oslo met. | none local\n" + HEADER + "Oslo met.\n@ mars\n")
    with pytest.raises(DataError) as raised:
        compile_files([path])
    assert [line.split(" ")[0] for line in str(raised.value).splitlines()] == [
        "a.txt:1:",
        "a.txt:3:",
        "a.txt:4:",
    ]


def test_repeats_and_near_repeats_are_mistakes(tmp_path):
    one = "The ferry to Bergen was late again on Tuesday because of fog. | none local\n"
    path = write(tmp_path, "a.txt", HEADER + one + one.replace("Tuesday", "Friday") + one.upper())
    with pytest.raises(DataError, match=r"a.txt:3: too like a.txt:2"):
        compile_files([path])


def test_splits_follow_topic_and_construction():
    records = compile_files(sorted(SENTENCES.glob("*.txt")))
    for record in records:
        if record.meta["topic"] == "islands" and record.meta["construction"] != "fronted":
            assert record.split == "test"
        if record.meta["construction"] == "plain" and record.meta["topic"] != "islands":
            assert record.split == ("dev" if record.meta["topic"] == "andes" else "train")


def test_every_row_of_the_splits_holds_something_out():
    topics = [path.stem for path in SENTENCES.glob("*.txt")]
    assert unknown_splits(topics) == []
    assert [line.split(": ")[1] for line in unknown_splits(set(topics) - {"andes"})] == [
        "topic andes dev"
    ]


def test_held_out_sentences_are_unlike_training_ones():
    records = read()
    train = [record["text"] for record in records if record["split"] == "train"]
    held = [record["text"] for record in records if record["split"] != "train"]
    assert not list(near_pairs(held, train, least=0.3))


def gold_texts(path):
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["wire", "none", "heldout", "heldout_none", "fresh", "fresh_none"])
def test_no_sentence_is_one_of_the_gold_sets(name):
    # The texts are compared by hashes; no message shows a sentence of a held-out set.
    texts = gold_texts(ROOT / "tests" / "data" / "events" / f"{name}.jsonl")
    found = near_pairs([record["text"] for record in read()], texts, least=0.5)
    assert [read()[one]["place"] for one, _, _ in found] == []


def test_no_sentence_is_one_of_the_shared_gold_set():
    if not SHARED_GOLD.exists():
        pytest.skip("../shared is not here")
    found = near_pairs([record["text"] for record in read()], gold_texts(SHARED_GOLD), least=0.5)
    assert [read()[one]["place"] for one, _, _ in found] == []


def test_near_pairs_measures_jaccard_of_word_3_grams():
    assert list(near_pairs(["a b c d e", "A, b c d f"], least=0.4)) == [(1, 0, 0.5)]
    assert not list(near_pairs(["a b c d e", "v w x y z"], least=0.01))


def test_ids_are_distinct_and_spans_are_in_the_text():
    records = read()
    assert len({record["id"] for record in records}) == len(records)
    for record in records:
        for event in record["events"]:
            spans = [*event["source"], *event["target"], event["trigger"], event["said_by"]]
            for span in filter(None, spans):
                assert record["text"][span["start"] : span["end"]] == span["text"]


def test_no_markup_is_left_in_the_text():
    assert not [r["place"] for r in read() if re.search(r"[\[\]{}|]|\s\s", r["text"])]


def test_a_tenth_is_labelled_twice():
    known = {record["id"] for record in read()}
    assert len(known & set(second_labels())) >= 0.08 * len(known)
    assert sample(read(), 5) == sample(read(), 5)
