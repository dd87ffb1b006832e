"""The SDKs that people use already, pointed at a running service: each message arrives once, and none is sent twice."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import open_journal
from identity_graph.settings import Settings
from tests.clients.installed import chromium, node, node_modules, python_with
from tests.tracking.running import running, write_key

_SENDERS = Path(__file__).parent / "senders"
_SENDER_SECONDS = 90

_KINDS_AND_WHO = {
    ("identify", "u1"), ("track", "u1"), ("page", "u1"), ("screen", "u1"), ("group", "u1"), ("alias", "u1"),
    ("track", None),
}  # fmt: skip


def sent_by_python(package: str, version: str, script: str) -> list[str]:
    return [str(python_with(package, version)), str(_SENDERS / script)]


def sent_by_node(script: str) -> list[str]:
    node_modules()
    return [node(), str(_SENDERS / script)]


def _run(command: list[str], url: str, key: str, folder: Path) -> None:
    done = subprocess.run(
        [*command, url, key], cwd=folder, capture_output=True, text=True, timeout=_SENDER_SECONDS, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def _messages(settings: Settings) -> list[dict[str, Any]]:
    """Return what the journal holds, after checking that nothing was sent twice or refused."""
    with closing(open_journal(settings)) as journal:
        backlog = journal.backlog()
        assert (backlog.duplicates, backlog.dead_letters) == (0, {})
        return [json.loads(one.event.body) for one in journal.read(0, 1000)]


def _check(messages: list[dict[str, Any]]) -> None:
    assert len(messages) == len(_KINDS_AND_WHO)
    assert {(one["type"], one.get("userId")) for one in messages} == _KINDS_AND_WHO
    assert len({one["messageId"] for one in messages}) == len(messages)
    by_kind = {(one["type"], one.get("userId")): one for one in messages}
    who = by_kind["identify", "u1"]
    assert {**who.get("traits", {}), **who["context"].get("traits", {})}["email"] == "jane@mail.test"
    assert by_kind["track", None]["properties"]["text"] == "Grüße 🎉"
    assert by_kind["alias", "u1"]["previousId"] == "a0"
    assert not [one for one in messages if "writeKey" in one]


@pytest.mark.parametrize(
    ("package", "version", "script"),
    [
        ("segment-analytics-python", "2.4.0", "segment_python.py"),
        ("segment-analytics-python", "2.3.4", "segment_python.py"),
        ("rudder-sdk-python", "2.1.9", "rudder_python.py"),
    ],
)
def test_python_servers(
    package: str, version: str, script: str, embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path
) -> None:
    command = sent_by_python(package, version, script)
    with running(embedded_settings) as service:
        _run(command, service.url, write_key(embedded_settings), tmp_path)
    _check(_messages(embedded_settings))


@pytest.mark.parametrize("script", ["segment_node.cjs", "rudder_node.cjs"])
def test_node_servers(script: str, embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    command = sent_by_node(script)
    with running(embedded_settings) as service:
        _run(command, service.url, write_key(embedded_settings), node_modules())
    _check(_messages(embedded_settings))


@pytest.mark.parametrize("batching", [False, True], ids=["one by one", "in batches"])
def test_a_page_in_a_browser(
    batching: bool, embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path
) -> None:
    program = chromium()
    scripts = node_modules() / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
    with running(embedded_settings) as service, _site(scripts) as (site, sent):
        asked = {"key": write_key(embedded_settings), "host": service.url, **({"batching": "1"} if batching else {})}
        browser = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--no-first-run", f"--user-data-dir={tmp_path / 'browser'}", f"{site}/?{urlencode(asked)}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert sent.wait(_SENDER_SECONDS), "the page did not say that everything is sent"
        finally:
            browser.terminate()
            browser.wait(30)
    messages = _messages(embedded_settings)
    assert [one["type"] for one in messages] == ["page", "track", "identify", "group", "alias", "screen"]
    assert messages[1]["properties"]["text"] == "Grüße 🎉"
    assert messages[2]["userId"] == "u1" and messages[2]["anonymousId"] == messages[0]["anonymousId"]


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
