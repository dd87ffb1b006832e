"""What only a real connection can send: bodies in pieces or cut off, heads without end, and no HTTP at all."""

from __future__ import annotations

import base64
import gzip
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.tracking.running import SERVE, Service, running, write_key

MESSAGE = {"type": "page", "userId": "u1"}


@dataclass(frozen=True, slots=True)
class Wire:
    """A running service and a key."""

    service: Service
    key: str

    def raw(self, *parts: bytes, leave: bool = False) -> bytes:
        """Send bytes, then leave or listen; returns what comes back until the service hangs up."""
        host, port = self.service.url.removeprefix("http://").split(":")
        answer = b""
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
                if leave:
                    connection.shutdown(socket.SHUT_WR)
                while some := connection.recv(65_536):
                    answer += some
            except OSError:
                pass  # it hung up while we were still sending
        return answer


@pytest.fixture(scope="module")
def wire(_embedded: tuple[Settings, BoltGraph], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    shared, _ = _embedded
    folder = tmp_path_factory.mktemp("wire")
    (folder / "engine").symlink_to(shared.data_dir / "engine", target_is_directory=True)
    settings = shared.model_copy(update={"data_dir": folder})
    with running(settings, command=SERVE, IDENTITY_GRAPH_APPLY_EVENTS="false") as service:
        yield Wire(service, write_key(settings))


@pytest.fixture(autouse=True)
def _still_serves(wire: Wire) -> Iterator[None]:
    yield
    assert httpx.post(
        f"{wire.service.url}/v1/page", json={**MESSAGE, "writeKey": wire.key}, trust_env=False
    ).json() == {"success": True}  # fmt: skip


def test_a_body_may_come_in_pieces_without_a_length(wire: Wire) -> None:
    body = json.dumps({"batch": [MESSAGE] * 3, "writeKey": wire.key}).encode()
    for sent in (body, gzip.compress(body)):
        pieces = (sent[start : start + 7] for start in range(0, len(sent), 7))
        answer = httpx.post(f"{wire.service.url}/v1/batch", content=pieces, trust_env=False)
        assert answer.json() == {"success": True}


def test_ten_megabytes_in_pieces_are_too_large(wire: Wire) -> None:
    pieces = (b" " * 100_000 for _ in range(100))
    answer = httpx.post(f"{wire.service.url}/v1/batch", content=pieces, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_sender_that_goes_away_in_the_middle_of_a_body_disturbs_nobody(wire: Wire) -> None:
    assert (
        wire.raw(b"POST /v1/page HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b'{"type":', leave=True) == b""
    )


def test_a_head_without_end_is_cut_off(wire: Wire) -> None:
    answer = wire.raw(b"POST /v1/page HTTP/1.1\r\nX: ", *[b"a" * 65_536] * 64)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    many = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 100) for number in range(500))
    assert wire.raw(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + many + b"\r\n").startswith(
        b"HTTP/1.1 200 "
    )


@pytest.mark.parametrize(
    ("begin", "part"),
    [(b"0\r\n", b"X: a\r\n" * 10_000), (b"0\r\nX: ", b"a" * 65_536), (b"2;", b"a" * 65_536)],
    ids=["headers", "a header", "an extension"],
)
def test_what_follows_a_body_without_end_is_cut_off(wire: Wire, begin: bytes, part: bytes) -> None:
    host, port = wire.service.url.removeprefix("http://").split(":")
    head = b"POST /v1/page HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection, pytest.raises(ConnectionError):
        connection.sendall(head + begin)
        for _ in range(500):
            connection.sendall(part)


def test_headers_that_follow_a_body_say_nothing_of_the_request(wire: Wire) -> None:
    body = b'{"type":"page","userId":"u1"}'
    key = base64.b64encode(f"{wire.key}:".encode())
    answer = wire.raw(
        b"POST /v1/page HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x\r\n%s\r\n0\r\nAuthorization: Basic %s\r\n\r\n" % (len(body), body, key)
    )
    assert answer.startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    "framing", [b"Content-Length: %d\r\n\r\n%s", b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("pieces", [1, 7], ids=["in one piece", "in pieces"])
def test_a_sender_that_would_rather_speak_http_2_is_heard_in_http_1(wire: Wire, framing: bytes, pieces: int) -> None:
    # As Java's own client does by default.
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
    body = json.dumps({**MESSAGE, "writeKey": wire.key}).encode()
    one = b"POST /v1/page HTTP/1.1\r\nHost: x\r\n" + upgrade + framing % (len(body), body)
    last = b"POST /v1/page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + framing % (len(body), body)
    text = one + one + last
    size = len(text) // pieces + 1
    answer = wire.raw(*(text[start : start + size] for start in range(0, len(text), size)))
    assert answer.count(b"HTTP/1.1 200 OK") == answer.count(b'{"success": true}') == 3, answer
    assert wire.raw(b"GET /health HTTP/1.1\r\nHost: x\r\n" + upgrade + b"\r\n" + last).count(b" 200 OK") == 2


@pytest.mark.parametrize(
    "text", [b"\x16\x03\x01\x00\xff hello", b"GET\r\n\r\n", b"POST /v1/page HTTP/1.1\r\nContent-Length: -5\r\n\r\n"]
)
def test_what_is_no_http_is_said_to_be_none(wire: Wire, text: bytes) -> None:
    assert wire.raw(text).startswith(b"HTTP/1.1 400 ")
