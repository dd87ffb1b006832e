"""The service as a process: started by a web server from the environment, asked over a socket, stopped by a signal."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import httpx

from identity_graph.graph import Graph
from identity_graph.settings import Settings
from tests.customers.seed import fill

_WAIT_SECONDS = 60


def test_the_server_answers_and_stops_cleanly_without_personal_data_in_its_log(
    graph: Graph, engine_settings: Settings
) -> None:
    fill(graph)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "IDENTITY_GRAPH_DATA_DIR": str(engine_settings.data_dir)}
    if engine_settings.uri:
        environment["IDENTITY_GRAPH_URI"] = engine_settings.uri
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "identity_graph_api.asgi:create", "--port", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_WAIT_SECONDS, trust_env=False) as client:
            _wait(client, server)
            answer = client.get("/v1/customers/by/email/jane@mail.test")
            assert answer.json()["customer"]["id"] == "c1"
            assert client.get("/ready").json()["engine"] == graph.capabilities.name
    finally:
        server.send_signal(signal.SIGTERM)
        log, _ = server.communicate(timeout=_WAIT_SECONDS)
    assert "stopped" in log and "Traceback" not in log
    assert "GET /v1/customers/by/{namespace}/{value:path} 200" in log
    assert "jane" not in log
    assert graph.read("graph/ping"), "the engine of others stays up"


def _wait(client: httpx.Client, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start (exit status {server.poll()})")
