"""What every store does, in a folder and in a bucket."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from transforms.lake.store import check_writable, open_store


@pytest.fixture
def store(any_lake):
    return open_store(any_lake)


def names(stats):
    return [stat.name for stat in stats]


def test_what_was_put_is_read_whole_and_in_parts(store):
    store.put("a/b.json", b"0123456789")
    assert store.read("a/b.json") == b"0123456789"
    assert store.read("a/b.json", 3) == b"3456789"
    assert store.read("a/b.json", 3, 4) == b"3456"
    assert store.read("a/b.json", 3, 0) == b""
    store.put("a/b.json", b"new", durable=False)
    assert store.read("a/b.json") == b"new"


def test_what_is_not_there(store):
    assert not store.exists("a/b")
    assert store.token("a/b") is None
    assert store.listing("a") == []
    assert store.folders("a") == []
    assert list(store.walk("a")) == []
    with pytest.raises(FileNotFoundError):
        store.read("a/b")
    with pytest.raises(FileNotFoundError):
        store.read("a/b", 1, 2)
    store.remove("a/b")
    store.remove_tree("a")
    store.sweep("a")


def test_folders_and_listings(store):
    for path in ("a/2", "a/1", "a/b/3", "a/c/d/4", "ab/5"):
        store.put(path, path.encode())
    assert names(store.listing("a")) == ["1", "2"]
    assert store.folders("a") == ["b", "c"]
    assert [path for path, _ in store.walk("a")] == ["a/1", "a/2", "a/b/3", "a/c/d/4"]
    assert store.listing("a")[0].size == 3
    store.remove_tree("a")
    assert not store.exists("a/b/3")
    assert store.exists("ab/5")


def test_a_token_changes_with_the_content(store):
    store.put("a", b"1")
    first = store.token("a")
    assert store.listing("")[0].token == first
    store.put("a", b"22")
    assert store.token("a") != first


def test_create_once(store):
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: store.create("a/b", b"%d" % number), range(8)))
    assert sum(won) == 1
    assert store.read("a/b") == b"%d" % won.index(True)


def test_exchange_only_what_was_read(store):
    with store.mutex("m"):
        assert store.exchange("a", b"1", None)
        assert not store.exchange("a", b"2", None)
        token = store.token("a")
        assert store.exchange("a", b"22", token)
        assert not store.exchange("a", b"333", token)
        assert not store.exchange("none", b"333", token)
    assert store.read("a") == b"22"


def test_move_replaces(store):
    store.put("a/b", b"old")
    store.put("s", b"new")
    store.move("s", "a/b")
    store.settle({"a"})
    assert store.read("a/b") == b"new"
    assert not store.exists("s")


def test_a_mutex_lets_one_in_at_a_time(store):
    store.put("n", b"0")

    def add(_):
        with store.mutex("_staging/_commit.lock"):
            store.put("n", b"%d" % (int(store.read("n")) + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(12)))
    assert store.read("n") == b"12"


def test_it_travels_to_workers(store):
    store.put("a", b"1")
    assert pickle.loads(pickle.dumps(store)).read("a") == b"1"


def test_looking_whether_it_can_be_written_leaves_nothing(store, any_lake):
    check_writable(any_lake)
    assert list(store.walk("")) == []
