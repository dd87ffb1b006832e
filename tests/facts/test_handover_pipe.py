"""What a process stored reaches the one that resolves it, and the process that stores never waits for that."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from identity_graph.facts import Handover
from identity_graph.facts.handover_pipe import HandoverSender, receive_rows

_VALUES = st.none() | st.text(max_size=5) | st.booleans()
_SAID = st.dictionaries(st.sampled_from(("email", "given_name")), _VALUES)
_PAIRS = st.lists(st.tuples(st.sampled_from(("email", "user_id")), st.text(max_size=3)), max_size=2).map(tuple)
_TRANSACTIONS = st.lists(st.lists(st.tuples(_SAID, _PAIRS), min_size=1, max_size=4), max_size=5)


@given(transactions=_TRANSACTIONS)
def test_what_goes_in_at_one_end_comes_out_at_the_other(transactions: list[list[Any]]) -> None:
    numbers = iter(range(1, 100))
    rows = [[({**said, "key": "crm:1", "seq": next(numbers)}, pairs) for said, pairs in some] for some in transactions]
    taken = Handover()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as there:
        with os.fdopen(writing, "wb") as here:
            reader = threading.Thread(target=receive_rows, args=(there, taken))
            reader.start()
            sent = threading.Semaphore(0)

            def send(said: bytes) -> None:
                here.write(said)
                here.flush()
                sent.release()

            with closing(HandoverSender(send)) as sender:
                for some in rows:
                    sender.note("g", some)
                    assert sent.acquire(timeout=10)
        reader.join()
    assert taken.take("g", 1, 99)[0] == [row for some in rows for row in some]


def test_a_message_that_breaks_off_is_passed_over() -> None:
    whole: list[bytes] = []
    told = threading.Event()

    def send(said: bytes) -> None:
        whole.append(said)
        told.set()

    with closing(HandoverSender(send)) as sender:
        sender.note("g", [({"key": "crm:1", "seq": 1}, ())])
        assert told.wait(10)
    taken = Handover()
    reading, writing = os.pipe()
    os.write(writing, whole[0] + whole[0][:-1])
    os.close(writing)
    with os.fdopen(reading, "rb") as there:
        receive_rows(there, taken)
    assert taken.take("g", 1, 2) == ([({"key": "crm:1", "seq": 1}, ())], [(2, 2)])


def test_who_stores_does_not_wait_for_who_does_not_read() -> None:
    released, sent = threading.Event(), []

    def send(said: bytes) -> None:
        released.wait(30)
        sent.append(said)

    sender = HandoverSender(send, most=2)
    for seq in range(1, 50):
        sender.note("g", [({"key": "crm:1", "seq": seq}, ())])
    assert not sent  # all 49 were taken while the first is still on its way
    released.set()
    sender.close()
    assert len(sent) <= 3
