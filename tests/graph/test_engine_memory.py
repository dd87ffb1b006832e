"""The embedded engine takes as much heap as it is told, else its part of what the machine or container has."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from identity_graph.graph import engine_memory
from identity_graph.graph.engine_memory import heap_of, memory_of_machine
from identity_graph.settings import Settings

_GIB = 2**30


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (f"{16 * _GIB}", "4096m"),
        (f"{16 * _GIB}\n", "4096m"),
        (f"{3 * _GIB}", "2048m"),
        ("max", "8192m"),
        (None, "8192m"),
    ],
)
def test_a_quarter_of_what_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str | None, expected: str
) -> None:
    if limit is not None:
        (tmp_path / "memory.max").write_text(limit, encoding="ascii")
    monkeypatch.setattr(engine_memory, "_LIMITS", (str(tmp_path / "memory.max"),))
    virtual = psutil.virtual_memory()._replace(total=32 * _GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: virtual)
    assert heap_of(Settings(engine_heap=None)) == expected
    assert heap_of(Settings(engine_heap="512m")) == "512m"


def test_this_machine_has_memory() -> None:
    assert 0 < memory_of_machine() <= psutil.virtual_memory().total
