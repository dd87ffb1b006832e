"""Service, applier and engine are killed in turn while senders send and retry: nothing accepted is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from identity_graph.facts import FactStore
from identity_graph.graph import engine_status, open_graph, stop_engine
from identity_graph.journal import open_journal
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.realtime import LiveResolver
from identity_graph.settings import Settings
from tests.ingest.test_killed_service import message
from tests.tracking.running import UVICORN, free_port, write_key

_BATCHES, _BATCH, _SENDERS = 30, 10, 3
_KILLS = 6
_WAIT_SECONDS = 180
_APPLY = ("-c", "from identity_graph.cli import main; main()", "apply")


class Kept:
    """A process that is started again whenever it ends."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str]) -> None:
        self._command, self._environment = [sys.executable, *command], {**os.environ, **environment}
        self._closing = False
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep)
        self._thread.start()

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._closing = True
        self._process.terminate()  # not SIGINT, which whoever is run in the background may ignore
        self._thread.join()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _keep(self) -> None:
        while self._process.wait() is not None and not self._closing:
            self._process = self._start()


def _send(url: str, key: str, sender: int) -> None:
    """Send batches, each until it is answered with 200, as SDKs do."""
    deadline = time.monotonic() + _WAIT_SECONDS
    for batch in range(sender, _BATCHES, _SENDERS):
        messages = [message(number) for number in range(batch * _BATCH, (batch + 1) * _BATCH)]
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                answer = httpx.post(f"{url}/v1/batch", json={"batch": messages, "writeKey": key}, trust_env=False)
                if answer.status_code == 200:
                    break
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_senders_that_retry_lose_and_double_nothing_whatever_is_killed(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    rows = "".join(f"{n},Ann{n},Doe{n},mail{n}@mail.test\n" for n in range(7))
    file.write_text(f"id,first_name,last_name,email\n{rows}", encoding="utf-8")
    key, port, chance = write_key(settings), free_port(), random.Random(5)
    environment = {"IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir), "IDENTITY_GRAPH_APPLY_EVENTS": "false",
                   "IDENTITY_GRAPH_ENGINE_HEAP": settings.engine_heap or ""}  # fmt: skip
    with open_graph(settings) as graph:
        load(graph, settings, [str(file)])
        resolve(graph, settings)
    kept = [Kept((*UVICORN, str(port)), environment), Kept(_APPLY, environment)]
    sender = [threading.Thread(target=_send, args=(f"http://127.0.0.1:{port}", key, n)) for n in range(_SENDERS)]
    try:
        for one in sender:
            one.start()
        with closing(open_journal(settings)) as journal:
            _until(lambda: journal.backlog().accepted)
            for kill in range(_KILLS):
                time.sleep(chance.uniform(0.2, 1.5))
                if kill % 3 < 2:
                    kept[kill % 3].kill()
                elif (pid := engine_status(settings).pid) is not None:
                    os.kill(pid, signal.SIGKILL)
            for one in sender:
                one.join()
            _until(lambda: not journal.backlog().events)
            backlog = journal.backlog()
    finally:
        for process in kept:
            process.close()
    try:
        assert (backlog.accepted, dict(backlog.dead_letters)) == (_BATCHES * _BATCH, {})
        with open_graph(settings) as graph:
            assert FactStore(graph, settings).counts().touchpoints == _BATCHES * _BATCH
            LiveResolver(graph, settings).resolve_changes()
            assert resolve(graph, settings).changes == {}
    finally:
        stop_engine(settings)


def _until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
