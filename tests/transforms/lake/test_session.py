"""A stream's session: who may begin runs and commit them."""

import pytest
from lake_rows import NO_INTERVAL, NOON, poll

from transforms.lake.commit import commit
from transforms.lake.runs import begin
from transforms.lake.session import (
    SessionOver,
    ask_to_stop,
    end_session,
    note_end,
    open_session,
    standing,
)
from transforms.lake.staging import stage


def test_a_session_stands_until_it_is_ended(any_lake):
    session = open_session(any_lake)
    assert standing(any_lake, session.id) == session
    assert not session.stopping
    end_session(any_lake, session.id)
    assert standing(any_lake, session.id) is None


def test_the_next_stream_ends_the_one_before(any_lake):
    old = open_session(any_lake)
    new = open_session(any_lake)
    assert standing(any_lake, old.id) is None
    ask_to_stop(any_lake, old.id)
    end_session(any_lake, old.id)  # both are for a session of their own
    assert standing(any_lake, new.id) == new


def test_a_stream_is_asked_to_stop_and_still_stands(any_lake):
    session = open_session(any_lake)
    ask_to_stop(any_lake, session.id)
    asked = standing(any_lake, session.id)
    assert asked is not None
    assert asked.stopping


def test_a_stream_notes_that_it_begins_no_more_windows(any_lake):
    session = open_session(any_lake)
    ask_to_stop(any_lake, session.id)
    note_end(any_lake, session.id)
    noted = standing(any_lake, session.id)
    assert noted is not None
    assert noted.stopping
    assert noted.ended


def test_any_ingest_ends_it(any_lake):
    end_session(any_lake)  # there is none yet
    session = open_session(any_lake)
    end_session(any_lake)
    assert standing(any_lake, session.id) is None


def test_a_stream_that_was_ended_can_neither_begin_nor_commit(lake):
    session = open_session(lake)
    run = begin(lake, "one", NO_INTERVAL, NOON, "c", session=session.id)
    staged = [stage(lake, run, "polls", 0, [poll("one", 0)])]
    open_session(lake)
    with pytest.raises(SessionOver, match="ended by another ingest"):
        begin(lake, "two", NO_INTERVAL, NOON, "c", session=session.id)
    with pytest.raises(SessionOver, match="ended by another ingest"):
        commit(lake, run, staged, NOON, session=session.id)
    assert commit(lake, run, staged, NOON).counts["polls"] == 1  # who took over goes on with it
