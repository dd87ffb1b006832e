"""The feed: every change once, in order of commit, whoever writes at the same time; a cursor continues anywhere."""

from __future__ import annotations

import json
import threading

import pytest

from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.errors import InvalidSettingError
from identity_graph.feed import NOW, ChangeFeed
from identity_graph.graph.bolt import BoltGraph

_AT = "2026-01-01T00:00:00.000000Z"


def _change(id: str, kind: str = "created", customer_id: str = "c1", **data: object) -> dict[str, object]:
    properties = {"kind": kind, "customer_id": customer_id, "at": _AT, "run": 1, "cause": "run 1"}
    return {"id": id, "properties": {**properties, "data": json.dumps(data)}}


def _write(graph: BoltGraph, *changes: dict[str, object]) -> None:
    CustomerStore(graph).apply(ChangeSet(changes=changes), _AT)


def _ids(graph: BoltGraph, after: int = 0, limit: int = 100, *types: str) -> list[str]:
    return [event.id for event in ChangeFeed(graph).page(after, limit, types).events]


def test_a_reader_beside_writers_meets_every_change_once_and_in_order(graph: BoltGraph) -> None:
    """Each writer's change sets are of several changes, so that one could be seen half written."""
    writers, sets, size = 4, 12, 3
    done = threading.Event()

    def write(writer: int) -> None:
        for number in range(sets):
            _write(graph, *(_change(f"{writer}.{number}.{place}") for place in range(size)))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    met: list[str] = []
    numbers: list[int] = []

    def read() -> None:
        feed, after = ChangeFeed(graph), 0
        while True:
            ended = done.is_set()
            page = feed.page(after, 7)
            met.extend(event.id for event in page.events)
            numbers.extend(event.seq for event in page.events)
            if ended and not page.more:
                return
            after = page.seq

    reader = threading.Thread(target=read)
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert sorted(met) == sorted(f"{w}.{n}.{p}" for w in range(writers) for n in range(sets) for p in range(size))
    assert numbers == list(range(1, writers * sets * size + 1))
    for writer in range(writers):
        own = [id for id in met if id.startswith(f"{writer}.")]
        assert own == [f"{writer}.{n}.{p}" for n in range(sets) for p in range(size)]


def test_a_change_written_twice_keeps_its_place(embedded_graph: BoltGraph) -> None:
    """A transaction whose outcome was lost with the connection runs again."""
    _write(embedded_graph, _change("a"))
    _write(embedded_graph, _change("b"))
    _write(embedded_graph, _change("a"))
    _write(embedded_graph, _change("c"))
    assert _ids(embedded_graph) == ["a", "b", "c"]
    assert _ids(embedded_graph, 1) == ["b", "c"]


def test_a_change_that_shows_late_is_waited_for(embedded_graph: BoltGraph) -> None:
    _write(embedded_graph, _change("a"), _change("b"), _change("c"))
    late = {"id": "b", "properties": {**_change("b")["properties"], "seq": 2}}  # type: ignore[dict-item]
    with embedded_graph._session("WRITE") as session:
        session.run("MATCH (change:Change {id: 'b'}) DELETE change").consume()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        embedded_graph.write("facts/create_changes", rows=[late])

    page = ChangeFeed(embedded_graph, wait).page(0)
    assert [event.id for event in page.events] == ["a", "b", "c"]
    assert len(waits) == 1


def test_pages_continue_and_filters_pass_over(embedded_graph: BoltGraph) -> None:
    _write(embedded_graph, *(_change(f"{n}", "created" if n % 3 else "retired", successor=None) for n in range(1, 11)))
    feed = ChangeFeed(embedded_graph)
    page = feed.page(0, 4)
    assert ([event.id for event in page.events], page.more) == (["1", "2", "3", "4"], True)
    rest = feed.page(feed.position(page.cursor), 100)
    assert ([event.id for event in rest.events], rest.more) == (["5", "6", "7", "8", "9", "10"], False)
    retired = feed.page(0, 2, ["customer.retired"])
    assert ([event.id for event in retired.events], retired.more) == (["3", "6"], True)
    last = feed.page(retired.seq, 2, ["customer.retired"])
    assert ([event.id for event in last.events], last.more) == (["9"], False)
    assert feed.position(last.cursor) == feed.position(NOW) == 10
    assert feed.page(10).events == ()


def test_what_cannot_be_understood_is_refused(embedded_graph: BoltGraph) -> None:
    feed = ChangeFeed(embedded_graph)
    assert (feed.position(None), feed.position(NOW), feed.page(0).events) == (0, 0, ())
    _write(embedded_graph, _change("a"))
    ahead = feed.page(0).cursor
    assert feed.position(ahead) == 1
    with embedded_graph._session("WRITE") as session:
        session.run("MATCH (counter:Counter {name: 'change_seq'}) SET counter.value = 0").consume()
    for cursor in ("nonsense", "WyJhIl0", ahead):
        with pytest.raises(InvalidSettingError):
            feed.position(cursor)
    with pytest.raises(InvalidSettingError, match=r"customer\.born"):
        feed.page(0, 10, ["customer.born"])
