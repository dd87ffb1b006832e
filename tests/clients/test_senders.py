"""The SDKs that people use already, pointed at a running service: each message becomes a fact; none is sent twice."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import KeyKind, open_journal
from identity_graph.settings import Settings
from tests.clients.installed import chromium, node, node_modules, python_with
from tests.conftest import clear
from tests.tracking.running import running, write_key

_SENDERS = Path(__file__).parent / "senders"
_SENDER_SECONDS = 90

_KINDS_AND_WHO = {
    ("identify", "user_id=u1"), ("Order Completed", "user_id=u1"), ("page", "user_id=u1"), ("screen", "user_id=u1"),
    ("group", "user_id=u1"), ("alias", "user_id=u1"), ("Late", "anonymous_id=a2"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A running service and the graph behind it."""

    url: str
    settings: Settings
    graph: BoltGraph


@pytest.fixture(scope="module")
def place(_embedded: tuple[Settings, BoltGraph], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run one service for all SDKs; each has a source of its own."""
    shared, graph = _embedded
    clear(graph)
    folder = tmp_path_factory.mktemp("service")
    (folder / "engine").symlink_to(shared.data_dir / "engine", target_is_directory=True)
    settings = shared.model_copy(update={"data_dir": folder})
    with running(settings) as service:
        yield Place(service.url, settings, graph)


def _run(command: list[str], place: Place, source: str, folder: Path) -> None:
    key = write_key(place.settings, source)
    done = subprocess.run(
        [*command, place.url, key], cwd=folder, capture_output=True, text=True, timeout=_SENDER_SECONDS, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def _touchpoints(place: Place, source: str, count: int) -> list[dict[str, Any]]:
    """Return what became of a source's events once so many did, in order of time; none came twice or was refused."""
    deadline = time.monotonic() + _SENDER_SECONDS
    with closing(open_journal(place.settings)) as journal:
        # An event is in the graph before it is marked applied, so both are waited for.
        while time.monotonic() < deadline:
            found = _stored_touchpoints(place, source)
            backlog = journal.backlog()
            if len(found) >= count and backlog.events == 0:
                break
            time.sleep(0.1)
    assert (backlog.events, backlog.duplicates, backlog.dead_letters) == (0, 0, {})
    return found


def _stored_touchpoints(place: Place, source: str) -> list[dict[str, Any]]:
    with place.graph._session("READ") as session:
        rows = session.run(
            "MATCH (point:Touchpoint)-[:BY]->(record:SourceRecord) WHERE point.source = $source "
            "RETURN point.type AS type, record.record_id AS by, point.properties AS properties, point.at AS at "
            "ORDER BY at", source=source,
        ).data()  # fmt: skip
    return [{**row, "properties": json.loads(row["properties"])} for row in rows]


def _check_facts(place: Place, source: str) -> None:
    found = _touchpoints(place, source, len(_KINDS_AND_WHO))
    assert len(found) == len(_KINDS_AND_WHO)
    assert {(one["type"], one["by"]) for one in found} == _KINDS_AND_WHO
    late = next(one for one in found if one["type"] == "Late")
    assert late["properties"]["properties"]["text"] == "Grüße 🎉"
    keys = [f"{source}:user_id=u1", f"{source}:anonymous_id=a1"]
    records = FactStore(place.graph, place.settings).records(keys)
    assert records[keys[0]][0]["email"] == "jane@mail.test" and records[keys[0]][0]["given_name"] == "Jane"
    assert {("user_id", "u1"), ("email", "jane@mail.test"), ("previous_id", "a0")} <= set(records[keys[0]][1])
    assert {("user_id", "u1"), ("anonymous_id", "a1")} <= set(records[keys[1]][1])


@pytest.mark.parametrize(
    ("package", "version", "script"),
    [
        ("segment-analytics-python", "2.4.0", "segment_python.py"),
        ("segment-analytics-python", "2.3.4", "segment_python.py"),
        ("rudder-sdk-python", "2.1.9", "rudder_python.py"),
    ],
)
def test_python_servers(package: str, version: str, script: str, place: Place, tmp_path: Path) -> None:
    source = f"{package}-{version}"
    _run([str(python_with(package, version)), str(_SENDERS / script)], place, source, tmp_path)
    _check_facts(place, source)


@pytest.mark.parametrize("script", ["segment_node.cjs", "rudder_node.cjs"])
def test_node_servers(script: str, place: Place) -> None:
    _run([node(), str(_SENDERS / script)], place, script, node_modules())
    _check_facts(place, script)


@pytest.mark.parametrize("batching", [False, True], ids=["one by one", "in batches"])
def test_a_page_in_a_browser(batching: bool, place: Place, tmp_path: Path) -> None:
    program = chromium()
    scripts = node_modules() / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
    source = "page-in-batches" if batching else "page"
    key = write_key(place.settings, source, KeyKind.PUBLIC)
    with _site(scripts) as (site, sent):
        asked = {"key": key, "host": place.url, **({"batching": "1"} if batching else {})}
        browser = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--no-first-run", f"--user-data-dir={tmp_path / 'browser'}", f"{site}/?{urlencode(asked)}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert sent.wait(_SENDER_SECONDS), "the page did not say that everything is sent"
            found = _touchpoints(place, source, 6)  # what waits for its batch is sent while the page stays open
        finally:
            browser.terminate()
            browser.wait(30)
    assert {one["type"] for one in found} == {"page", "Order Completed", "identify", "group", "alias", "screen"}
    assert len(found) == 6
    by = {one["type"]: one["by"] for one in found}
    assert by["page"].startswith("anonymous_id=") and by["page"] == by["Order Completed"]
    assert by["identify"] == "user_id=u1"
    visitor = FactStore(place.graph, place.settings).records([f"{source}:{by['page']}"])[f"{source}:{by['page']}"]
    assert ("user_id", "u1") in visitor[1], "the visitor is tied to the user it became"


@contextmanager
def _site(scripts: Path) -> Iterator[tuple[str, threading.Event]]:
    """Serve the page and the SDK's scripts from an origin of their own; the event is set when the page is done."""
    sent = threading.Event()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = _SENDERS / "page.html" if path == "/" else scripts / path.removeprefix("/umd/")
            found = file.read_bytes() if file.is_file() else b""
            self._answer(200 if found else 404, found, "text/html" if path == "/" else "text/javascript")

        def do_POST(self) -> None:
            sent.set()
            self._answer(200, b"", "text/plain")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
