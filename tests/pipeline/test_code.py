"""`wirelake code` hands documents to the coder in batches of about equal work."""

from pipeline.code import in_batches
from pipeline.documents import document
from transforms.failures import InputFault


def test_batches_hold_so_many_words_and_keep_the_order():
    sizes = [3, 4, 20, 0, 9, 1, 1]
    documents = [document(str(n), "word " * size) for n, size in enumerate(sizes)]
    batches = [[int(one.article_id) for one in batch] for batch in in_batches(documents, 10)]
    assert batches == [[0, 1], [2], [3, 4, 5], [6]]


def test_a_fault_takes_its_place():
    fault = InputFault("not-json", "line 2")
    one = document("a", "word")
    assert list(in_batches([one, fault, one], 10)) == [[one, fault, one]]
    assert list(in_batches([])) == []
