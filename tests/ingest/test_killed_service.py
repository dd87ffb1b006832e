"""The service is killed, again and again, while events arrive: what it acknowledged becomes facts, once."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from contextlib import closing
from typing import Any

import httpx

from identity_graph.graph import engine_status, open_graph, stop_engine
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import ApplierThread, apply_all
from identity_graph.journal import JournalEvent, Submission, open_journal
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.events.messages import at, event
from tests.ingest.test_applier import facts
from tests.tracking.running import free_port, running, write_key

_KILLED_AFTER = (2, 12, 5)
_BATCH = 20


def message(number: int) -> dict[str, Any]:
    """Return one message; its time is in the past, so that it does not depend on when it is received."""
    ids = {"userId": f"u{number % 7}"} if number % 3 else {"anonymousId": f"a{number % 5}", "userId": f"u{number % 5}"}
    told = {"traits": {"email": f"mail{number % 7}@mail.test", "plan": f"p{number % 11}"}} if number % 2 else {}
    kind = "identify" if told else "page"
    return {"type": kind, "messageId": f"m{number}", "timestamp": at(number % 50), **ids, **told}


def test_nothing_acknowledged_is_lost_or_doubled(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    key, port = write_key(embedded_settings), free_port()
    acknowledged = 0
    for kill_after in _KILLED_AFTER:
        with running(embedded_settings, port) as service:
            killer: threading.Timer | None = None
            for answers in itertools.count(1):
                first = acknowledged * _BATCH
                batch = [message(number) for number in range(first, first + _BATCH)]
                if answers > kill_after and killer is None:
                    killer = threading.Timer(0.05 * kill_after % 0.17, service.process.kill)
                    killer.start()
                try:
                    answer = httpx.post(
                        f"{service.url}/v1/batch", json={"batch": batch, "writeKey": key}, trust_env=False
                    )
                    assert answer.status_code == 200
                except httpx.TransportError:
                    break  # nobody knows whether it was kept; the next process gets the same batch again
                acknowledged += 1
    with running(embedded_settings, port), closing(open_journal(embedded_settings)) as journal:
        deadline = time.monotonic() + 120
        while (backlog := journal.backlog()).events and time.monotonic() < deadline:
            time.sleep(0.1)
    assert (backlog.events, backlog.dead_letters) == (0, {})
    kept = backlog.accepted
    assert acknowledged * _BATCH <= kept <= (acknowledged + 1) * _BATCH
    found = facts(embedded_graph)
    assert sum(one[0] == "Touchpoint" for one in found) == kept
    assert found == _undisturbed(embedded_graph, embedded_settings, kept)


def test_an_engine_that_is_killed_while_events_are_applied_loses_and_doubles_nothing(settings: Settings) -> None:
    with open_graph(settings) as graph, closing(open_journal(settings)) as journal:
        thread = ApplierThread(graph, settings)
        try:
            for start in range(0, 300, 30):
                journal.append([Submission(tuple(_event(number) for number in range(start, start + 30)))])
                if start in (60, 180):
                    _kill_engine(settings)
            deadline = time.monotonic() + 120
            while (backlog := journal.backlog()).events and time.monotonic() < deadline:
                time.sleep(0.1)
            assert (backlog.events, backlog.dead_letters) == (0, {})
            found = facts(graph)
            assert sum(one[0] == "Touchpoint" for one in found) == 300
            thread.close()
            assert found == _undisturbed(graph, settings, 300)
        finally:
            thread.close()
            stop_engine(settings)


def _kill_engine(settings: Settings) -> None:
    """Kill the engine, once it runs (again)."""
    deadline = time.monotonic() + 60
    while (pid := engine_status(settings).pid) is None:
        assert time.monotonic() < deadline, "the engine did not come back"
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)


def _event(number: int) -> JournalEvent:
    body = {name: value for name, value in message(number).items() if name not in ("messageId", "type")}
    return event(f"m{number}", str(message(number)["type"]), **body)


def _undisturbed(graph: BoltGraph, settings: Settings, count: int) -> set[tuple[Any, ...]]:
    """Apply the same events with nobody killed."""
    clear(graph)
    other = settings.model_copy(update={"data_dir": settings.data_dir / "other"})
    other.data_dir.mkdir()
    (other.data_dir / "engine").symlink_to(settings.data_dir / "engine", target_is_directory=True)
    with closing(open_journal(other)) as journal:
        journal.append([Submission(tuple(_event(number) for number in range(count)))])
    apply_all(graph, other, threading.Event(), until_empty=True)
    return facts(graph)
