"""Other processes ask the resolver over its socket: answers in any number, none where nobody can give one."""

from __future__ import annotations

import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from identity_graph.facts.prepare import RecordRow
from identity_graph.realtime import PlacedCustomer, Preview, Standing, StandingState, ask_preview, ask_standing
from identity_graph.realtime.answering import Answering
from identity_graph.realtime.asking import socket_path

_READY = Standing.now(StandingState.READY)


def _answered(record: RecordRow) -> Preview:
    if record[0]["key"] == "?:bad":
        raise ValueError("jane@mail.test")
    return Preview(str(record[0]["key"]), (PlacedCustomer("c1", True, 1.5, "crm:1", ("they share x",)),))


def _give(answering: Answering, rung: threading.Event, stop: threading.Event) -> None:
    while not stop.is_set():
        rung.wait(1)
        rung.clear()
        answering.give(_answered)


@pytest.mark.parametrize("deep", [False, True], ids=["in the data folder", "elsewhere, the path being too long"])
def test_each_question_has_its_own_answer(tmp_path: Path, deep: bool, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / ("deep" * 20) / "data" if deep else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    rung, stop = threading.Event(), threading.Event()
    with Answering(folder, lambda: _READY, rung.set) as answering:
        path = socket_path(folder)
        assert (path.parent == folder.resolve(), stat.S_IMODE(path.stat().st_mode)) == (not deep, 0o600)
        giving = threading.Thread(target=_give, args=(answering, rung, stop))
        giving.start()
        keys = ["?:bad", *(f"?:{number}" for number in range(20))]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda key: ask_preview(folder, ({"key": key}, (("email", "a@b.c"),))), keys))
        stop.set()
        rung.set()
        giving.join()
        assert found == [None, *(_answered(({"key": key}, ())) for key in keys[1:])]
    assert "jane@mail.test" not in caplog.text
    assert not path.exists()


def test_nobody_is_asked_where_nobody_resolves_or_is_ready(tmp_path: Path) -> None:
    record: RecordRow = ({"key": "?:1"}, ())
    assert ask_standing(tmp_path).state is StandingState.NONE
    assert ask_preview(tmp_path, record) is None
    socket_path(tmp_path).touch()  # left by one that was killed
    assert ask_standing(tmp_path).state is StandingState.NONE
    loading = Standing.now(StandingState.IDLE).then(StandingState.LOADING, "the records")
    with Answering(tmp_path, lambda: loading, lambda: None):
        assert ask_standing(tmp_path).text().startswith("the resolver loads: the records (1 of 3)")
        assert ask_preview(tmp_path, record) is None


def test_who_does_not_answer_in_time_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("identity_graph.realtime.asking._STANDING_SECONDS", 0.1)
    monkeypatch.setattr("identity_graph.realtime.asking._PREVIEW_SECONDS", 0.1)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(socket_path(tmp_path)))
        silent.listen()
        assert ask_standing(tmp_path).state is StandingState.BUSY
        assert ask_preview(tmp_path, ({"key": "?:1"}, ())) is None


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b'{"ask": "preview"}', b'{"ask": "preview", "held": 3, "said": 1}'])
def test_what_is_no_question_has_no_answer(tmp_path: Path, said: bytes) -> None:
    with (
        Answering(tmp_path, lambda: _READY, lambda: None),
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection,
    ):
        connection.connect(str(socket_path(tmp_path)))
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b"null"
        assert ask_standing(tmp_path).state is StandingState.READY
