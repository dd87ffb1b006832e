"""The life of the embedded engine: shared, found again, recovered after a kill, stopped when nobody needs it."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from identity_graph.errors import EngineBusyError, EngineStorageError
from identity_graph.graph import engine_status, open_graph, stop_engine
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings

_CLIENT = """
import sys
from identity_graph.graph import open_graph
from identity_graph.settings import Settings

writer = sys.argv[1]
with open_graph(Settings()) as graph:
    print("open", flush=True)
    for number in range(int(sys.argv[2])):
        graph.write("facts/create_changes", rows=[{"id": f"{writer}-{number}", "properties": {"seq": number}}])
        print(f"{writer}-{number}", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def own(settings: Settings) -> Iterator[Settings]:
    """Settings of an engine of this test's own, stopped at the end."""
    yield settings
    stop_engine(settings)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a fresh engine that runs, for all that only look at it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("standing") / "data", engine_heap="512m")
    with open_graph(settings):
        yield settings
    stop_engine(settings)


def _client(settings: Settings, writer: str, writes: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir),
        "IDENTITY_GRAPH_ENGINE_HEAP": settings.engine_heap or "",
        "IDENTITY_GRAPH_ENGINE_IDLE_SECONDS": str(settings.engine_idle_seconds),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _CLIENT, writer, str(writes)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def _changes(graph: BoltGraph) -> set[str]:
    with graph._session("READ") as session:
        return {record["id"] for record in session.run("MATCH (change:Change) RETURN change.id AS id")}


def _wait_until_stopped(settings: Settings, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while engine_status(settings).running:
        assert time.monotonic() < deadline, "the engine did not stop"
        time.sleep(0.2)


def test_two_processes_that_start_at_once_share_one_server(own: Settings) -> None:
    clients = [_client(own, name, 5) for name in ("a", "b")]
    try:
        for client in clients:
            assert client.stdout is not None
            assert client.stdout.readline().strip() == "open"
        assert engine_status(own).clients == 2
        for client in clients:
            assert client.communicate()[1] == ""
        with open_graph(own) as graph:
            assert len(_changes(graph)) == 10
    finally:
        for client in clients:
            client.kill()
            client.communicate()


def test_a_killed_server_loses_nothing_acknowledged_and_its_clients_go_on(own: Settings) -> None:
    with open_graph(own) as graph:
        first = engine_status(own).pid
        clients = [_client(own, name, 60) for name in ("a", "b", "c")]
        try:
            for client in clients:
                assert client.stdout is not None
                for _ in range(10):
                    client.stdout.readline()
            assert first is not None
            os.kill(first, signal.SIGKILL)
            with ThreadPoolExecutor(3) as pool:
                ended = list(pool.map(lambda client: client.communicate(), clients))
        finally:
            for client in clients:
                client.kill()
        assert [errors for _, errors in ended] == ["", "", ""]
        assert graph.read("graph/ping") == [{"answer": 1}]
        assert _changes(graph) == {f"{name}-{number}" for name in "abc" for number in range(60)}
        assert engine_status(own).pid not in (None, first)


def test_a_client_after_a_kill_starts_the_engine_anew_with_its_data(own: Settings) -> None:
    with open_graph(own) as graph:
        graph.write("facts/create_changes", rows=[{"id": "kept", "properties": {}}])
    pid = engine_status(own).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with open_graph(own) as graph:
        assert _changes(graph) == {"kept"}


def test_it_stops_by_itself_without_a_client_even_when_the_client_was_killed(own: Settings) -> None:
    brief = own.model_copy(update={"engine_idle_seconds": 1.0})
    client = _client(brief, "a", 1)
    try:
        assert client.stdout is not None
        client.stdout.readline()
        assert engine_status(brief).clients == 1
    finally:
        client.kill()
        client.communicate()
    _wait_until_stopped(brief, 60)
    assert not list((brief.data_dir / "engine" / "clients").iterdir())


def test_it_goes_on_while_a_client_lives_and_says_so(own: Settings) -> None:
    brief = own.model_copy(update={"engine_idle_seconds": 0.5})
    with open_graph(brief) as graph:
        pid = engine_status(brief).pid
        time.sleep(2)
        assert graph.read("graph/ping")
        assert engine_status(brief).pid == pid


def test_it_is_stopped_on_request_and_stopping_again_is_nothing(own: Settings) -> None:
    open_graph(own).close()
    assert stop_engine(own)
    assert not stop_engine(own)
    assert not engine_status(own).running


def test_only_the_owner_can_read_the_data_and_the_password_which_is_no_argument(standing: Settings) -> None:
    file = standing.data_dir / "engine" / "password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(standing.data_dir.stat().st_mode) == 0o700
    status = engine_status(standing)
    assert file.read_text() not in Path(f"/proc/{status.pid}/cmdline").read_text()


def test_it_listens_on_loopback_on_one_port_only(standing: Settings) -> None:
    import psutil

    status = engine_status(standing)
    assert status.pid is not None
    listening = [each for each in psutil.Process(status.pid).net_connections() if each.status == "LISTEN"]
    assert {each.laddr.ip.removeprefix("::ffff:") for each in listening} == {"127.0.0.1"}
    assert [f"bolt://127.0.0.1:{each.laddr.port}" for each in listening] == [status.address]


def test_a_taken_port_is_named(own: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(EngineBusyError, match=f"Port {port}") as caught:
            open_graph(own.model_copy(update={"engine_port": port}))
    assert "IDENTITY_GRAPH_ENGINE_PORT" in caught.value.next_step


def test_a_folder_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineStorageError, match="cannot be written"):
        open_graph(settings.model_copy(update={"data_dir": tmp_path / "file" / "data"}))


def test_a_full_disk_is_named(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a folder of limited size can only be mounted by root")
    try:
        (folder / "filler").write_bytes(b"0" * 12_000)
        with pytest.raises(EngineStorageError, match="full") as caught:
            open_graph(settings.model_copy(update={"data_dir": folder}))
        assert "Free space" in caught.value.next_step
    finally:
        subprocess.run(["umount", str(folder)], check=True)
