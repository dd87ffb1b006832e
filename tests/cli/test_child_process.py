"""A child is started again when it ends by itself, hears what is sent to it, and is gone after it was told to end."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import psutil

from identity_graph.cli.child_process import ChildProcess

_WAIT_SECONDS = 30


def _written(path: Path, lines: int) -> list[str]:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not path.exists() or len(path.read_text().splitlines()) < lines:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return path.read_text().splitlines()


def test_a_child_that_ends_is_started_again_and_hears_what_is_sent(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    program = f"import sys; line = sys.stdin.readline(); line and open({str(heard)!r}, 'a').write(line)"
    with closing(ChildProcess(program, "listener")) as child:
        first = child.pid
        child.send(b"one\n")
        assert _written(heard, 1) == ["one"]
        deadline = time.monotonic() + _WAIT_SECONDS
        while child.pid == first:
            child.send(b"lost\n")  # nobody is there, and nobody is troubled by that
            assert time.monotonic() < deadline
            time.sleep(0.05)
        child.send(b"two\n")
        assert "two" in _written(heard, 2)


def test_a_child_that_does_not_end_when_it_is_told_to_is_killed() -> None:
    child = ChildProcess("import time; time.sleep(600)", "sleeper", stop_seconds=0.2)
    process = psutil.Process(child.pid)
    child.close()
    assert not process.is_running()
