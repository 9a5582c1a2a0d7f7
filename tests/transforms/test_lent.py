"""What the threads of a worker share: one of each, closed once; processes as many as are needed."""

import pickle
import threading

from transforms.lent import Lent
from transforms.pool import SupervisorPool


class Thing:
    def __init__(self):
        self.closed = 0

    def close(self):
        self.closed += 1


def test_copies_share_one_thing_and_the_last_closes_it():
    one = Lent()
    other = pickle.loads(pickle.dumps(one))
    thing = one.borrow(Thing)
    assert other.borrow(Thing) is thing
    one.give_back()
    assert thing.closed == 0
    other.give_back()
    assert thing.closed == 1
    assert one.borrow(Thing) is not thing
    one.give_back()


def test_two_that_were_made_apart_share_nothing():
    one, other = Lent(), Lent()
    assert one.borrow(Thing) is not other.borrow(Thing)
    one.give_back()
    other.give_back()


class Worker:
    """A supervisor that meets the others at a barrier."""

    made = 0
    meet = threading.Barrier(2, timeout=20)

    def __init__(self):
        Worker.made += 1

    def start(self):
        pass

    def close(self):
        pass

    def map(self, items):
        Worker.meet.wait()
        return [item + 1 for item in items]


def test_a_pool_has_as_many_workers_as_are_needed_at_once_and_no_more():
    pool = SupervisorPool(Worker, most=2)
    pool.start()
    results = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(pool.map([n])), daemon=True)
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [[n] for n in range(1, 7)]
    assert Worker.made == 2
    pool.close()
