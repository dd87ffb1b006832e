"""The service as a process on a loopback port, as SDKs meet it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from identity_graph.journal import KeyKind, WriteKeys
from identity_graph.settings import Settings

__all__ = ["SERVE", "UVICORN", "Service", "free_port", "running", "write_key"]

_WAIT_SECONDS = 60

UVICORN = ("-m", "uvicorn", "--factory", "identity_graph_api.asgi:create", "--port")
SERVE = ("-c", "from identity_graph.cli import main; main()", "serve", "--port")
"""Arguments of Python that run the service on the port that follows: under any server, and as our command does."""


@dataclass(slots=True)
class Service:
    """A running service."""

    url: str
    process: subprocess.Popen[str]


def write_key(settings: Settings, source: str = "site", kind: KeyKind = KeyKind.PRIVATE) -> str:
    """Make a write key."""
    return WriteKeys.of(settings).make(source, kind, datetime(2026, 1, 1, tzinfo=UTC))[1]


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(
    settings: Settings, port: int | None = None, command: tuple[str, ...] = UVICORN, **environment: str
) -> Iterator[Service]:
    """Run the service over the settings' graph and data folder; stopped at the end of the block, if it still runs."""
    port = port or free_port()
    variables = {**os.environ, "IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir), **environment}
    if settings.uri:
        variables["IDENTITY_GRAPH_URI"] = settings.uri
    process = subprocess.Popen(
        [sys.executable, *command, str(port)], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    service = Service(f"http://127.0.0.1:{port}", process)
    try:
        _wait(service)
        yield service
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(_WAIT_SECONDS)


def _wait(service: Service) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline and service.process.poll() is None:
        try:
            if httpx.get(f"{service.url}/health", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the service did not start (exit status {service.process.poll()})")
