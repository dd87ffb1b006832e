"""The feed goes back as far as it is kept: readers further behind are told so, and lineage that matters stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.errors import ChangesGoneError
from identity_graph.feed import NOW, Broadcast, ChangeFeed, ChangePruner, CloudEvent, Pruned, prune_changes
from identity_graph.graph.bolt import BoltGraph

_NOW = datetime(2026, 6, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def _write(graph: BoltGraph, days_ago: float, *ids: str, kind: str = "updated") -> None:
    at = (_NOW - days_ago * _DAY).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    properties = {"kind": kind, "customer_id": "c1", "at": at, "run": 1, "cause": "run 1", "data": "{}"}
    CustomerStore(graph).apply(ChangeSet(changes=[{"id": id, "properties": properties} for id in ids]), at)


def _prune_all(graph: BoltGraph, days: int) -> Pruned:
    passed = deleted = 0
    while (pruned := prune_changes(graph, _NOW - days * _DAY)) is not None:
        passed, deleted = passed + pruned.passed, deleted + pruned.deleted
    return Pruned(passed, deleted)


def _stored(graph: BoltGraph) -> set[str]:
    return {row["id"] for row in graph.read("customers_read/changes_of_customers", ids=["c1"], after=-1, limit=10_000)}


def test_old_updates_are_deleted_and_what_became_of_an_id_stays(graph: BoltGraph) -> None:
    _write(graph, 40, "old-created", kind="created")
    _write(graph, 39, "old-1", "old-2")
    _write(graph, 38, "old-merged", kind="merged")
    _write(graph, 5, "young-1", "young-2")
    assert _prune_all(graph, 30) == Pruned(passed=4, deleted=2)
    assert _stored(graph) == {"old-created", "old-merged", "young-1", "young-2"}
    assert prune_changes(graph, _NOW - 30 * _DAY) is None


def test_the_feed_begins_with_what_is_kept_and_a_reader_behind_it_is_told_what_to_do(graph: BoltGraph) -> None:
    _write(graph, 40, "a", "b", kind="created")
    feed = ChangeFeed(graph)
    behind, at_the_edge = feed.page(0, 1).cursor, feed.page(0, 2).cursor
    _write(graph, 5, "c", "d")
    _prune_all(graph, 30)
    assert [event.id for event in feed.page(feed.position(None)).events] == ["c", "d"]
    assert [event.id for event in feed.page(feed.position(at_the_edge)).events] == ["c", "d"]
    assert feed.page(feed.position(NOW)).events == ()
    with pytest.raises(ChangesGoneError) as caught:
        feed.position(behind)
    assert "cursor=now" in caught.value.next_step
    with pytest.raises(ChangesGoneError):
        feed.page(1)


def test_a_page_that_is_pruned_while_it_is_read_is_an_error_and_no_gap(embedded_graph: BoltGraph) -> None:
    _write(embedded_graph, 40, "a", "b", "c")
    with embedded_graph._session("WRITE") as session:
        session.run("MATCH (change:Change {id: 'b'}) DELETE change").consume()  # so that the reader waits for it
    feed = ChangeFeed(embedded_graph, wait=lambda _: _prune_all(embedded_graph, 30) and None)
    with pytest.raises(ChangesGoneError):
        feed.page(0)


def test_pruning_stops_before_the_first_young_change_and_passes_over_numbers_nobody_used(graph: BoltGraph) -> None:
    _write(graph, 40, "a")
    graph.write("facts/reserve_changes", count=2_500)
    _write(graph, 39, "b")
    _write(graph, 2, "young")
    _write(graph, 38, "late")  # of a transaction that began earlier
    assert _prune_all(graph, 30) == Pruned(passed=2, deleted=2)
    assert [event.id for event in ChangeFeed(graph, lambda _: None).page(2_502).events] == ["young", "late"]
    assert _prune_all(graph, 1) == Pruned(passed=2, deleted=2)


def test_a_piece_is_bounded_and_many_who_prune_do_it_once(graph: BoltGraph) -> None:
    for part in range(3):
        _write(graph, 40, *(f"{part}.{number}" for number in range(800)))
    _write(graph, 1, "young")
    first = prune_changes(graph, _NOW - 30 * _DAY)
    assert first == Pruned(passed=1_000, deleted=1_000)
    threads = [threading.Thread(target=_prune_all, args=(graph, 30)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _stored(graph) == {"young"}
    assert ChangeFeed(graph).bounds().gone == 2_400


def test_a_writer_beside_it_loses_nothing(graph: BoltGraph) -> None:
    _write(graph, 40, *(f"old-{number}" for number in range(3_000)))
    wrote = threading.Thread(target=lambda: [_write(graph, 0, f"new-{number}") for number in range(40)])
    wrote.start()
    _prune_all(graph, 30)
    wrote.join()
    assert [event.id for event in ChangeFeed(graph).page(3_000).events] == [f"new-{number}" for number in range(40)]


def test_who_prunes_beside_other_work_does_a_piece_now_and_then(embedded_graph: BoltGraph) -> None:
    seconds = [0.0]
    pruner = ChangePruner(embedded_graph, 30, lambda: seconds[0], lambda: _NOW)
    _write(embedded_graph, 40, *(f"old-{number}" for number in range(1_500)))

    def after(wait: float) -> int | None:
        seconds[0] += wait
        pruned = pruner.prune_when_due()
        return None if pruned is None else pruned.passed

    assert [after(wait) for wait in (0, 0.1, 1, 1)] == [1_000, None, 500, None]
    _write(embedded_graph, 31, "later")
    assert [after(wait) for wait in (60, 3_600)] == [None, 1]
    keeper = ChangePruner(embedded_graph, 0, lambda: 0.0, lambda: _NOW + 999 * _DAY)
    assert keeper.prune_when_due() is None


def test_listeners_that_fell_behind_what_is_kept_are_not_told_less_in_silence() -> None:
    answers: list[tuple[list[tuple[int, CloudEvent]] | None, int]] = [([], 5), ([], 6), (None, 90), ([], 90)]
    looked = threading.Semaphore(0)

    def look(after: int | None) -> tuple[list[tuple[int, CloudEvent]] | None, int]:
        looked.release()
        return answers.pop(0) if len(answers) > 1 else answers[0]

    broadcast: Broadcast[CloudEvent] = Broadcast("test", look, 0.01)
    wake: Callable[[], None] = lambda: None  # noqa: E731
    with broadcast.listen(wake):
        for _ in range(6):
            looked.acquire()
        assert broadcast.after(6) is None, "what came between is not known"
        assert broadcast.after(90) == []
    broadcast.close()
