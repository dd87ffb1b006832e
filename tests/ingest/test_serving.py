"""`identity-graph serve` applies events in a process beside it: which is started again, and ends with the service."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import httpx
import psutil
import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import open_journal
from identity_graph.settings import Settings
from tests.tracking.running import SERVE, Service, running, write_key

_WAIT_SECONDS = 90


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def appliers(service: psutil.Process) -> list[psutil.Process]:
    return _children(service, "run_applier")


def resolvers(applier: psutil.Process) -> list[psutil.Process]:
    return _children(applier, "run_resolver")


def _children(parent: psutil.Process, program: str) -> list[psutil.Process]:
    alive = [one for one in parent.children() if not _ended(one)]
    with suppress(psutil.Error):  # it may end just now
        return [one for one in alive if program in " ".join(one.cmdline())]
    return []


def _ended(process: psutil.Process) -> bool:
    """Say whether a process does nothing any more, whoever has to bury it."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@contextmanager
def applied(service: Service, settings: Settings, key: str, id: str) -> Iterator[None]:
    """Send an event, do what the block does, and wait until the event is applied."""
    body = {"userId": "u", "messageId": id, "writeKey": key}
    assert httpx.post(f"{service.url}/v1/page", json=body, trust_env=False).status_code == 200
    yield
    with closing(open_journal(settings)) as journal:
        until(lambda: journal.backlog().events == 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_applier_and_resolver_beside_the_service_are_started_again_and_end_with_it(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    key = write_key(embedded_settings)
    with running(embedded_settings, command=SERVE) as service:
        process = psutil.Process(service.process.pid)
        (first,) = appliers(process)
        with applied(service, embedded_settings, key, "m1"):
            pass
        with applied(service, embedded_settings, key, "m2"):
            first.kill()
        until(lambda: [one.pid for one in appliers(process)] not in ([], [first.pid]))
        (second,) = appliers(process)
        until(lambda: resolvers(second) != [])
        (resolver,) = resolvers(second)
        resolver.kill()
        until(lambda: [one.pid for one in resolvers(second)] not in ([], [resolver.pid]))
        (another,) = resolvers(second)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(_WAIT_SECONDS) == 128 + signal.SIGTERM
        assert not second.is_running()
        assert not another.is_running()
    assert embedded_graph.read("facts/count_touchpoints")[0]["count"] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_applier_and_resolver_end_when_the_service_is_killed(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    with running(embedded_settings, command=SERVE) as service:
        (applier,) = appliers(psutil.Process(service.process.pid))
        until(lambda: resolvers(applier) != [])
        (resolver,) = resolvers(applier)
        os.kill(service.process.pid, signal.SIGKILL)
        until(lambda: _ended(applier) and _ended(resolver))
        assert _ended(applier)
        assert _ended(resolver)
