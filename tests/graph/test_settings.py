"""Which graph is meant, as the environment says it."""

from __future__ import annotations

import pytest

from identity_graph.settings import Settings


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URI", "DATABASE", "PASSWORD", "DEFAULT_REGION", "ENGINE_HEAP"):
        monkeypatch.setenv(f"IDENTITY_GRAPH_{name}", "")
    assert Settings() == Settings(uri=None, database=None, default_region=None, engine_heap=None)
    assert Settings().uri is None
