"""The tracking routes in this process.

tracking  asks the app, on loopback; has the write keys `private` (source `server`) and `public` (source `site`), and
          `journal`, a second opening of the same journal
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import KeyKind, SqliteJournal, open_journal
from identity_graph.settings import Settings
from identity_graph_api import create_app
from tests.tracking.running import write_key

with warnings.catch_warnings():
    # Its import warns that another client library may one day be needed; httpx is the one this project pins.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@dataclass(frozen=True, slots=True)
class Tracking:
    """The app, its keys and its journal."""

    client: TestClient
    private: str
    public: str
    journal: SqliteJournal
    settings: Settings


@pytest.fixture
def tracking(embedded_graph: BoltGraph, embedded_settings: Settings) -> Iterator[Tracking]:
    private = write_key(embedded_settings, "server")
    public = write_key(embedded_settings, "site", KeyKind.PUBLIC)
    # The events stay in the journal, where the tests look for them.
    app = create_app(embedded_settings.model_copy(update={"apply_events": False}), embedded_graph)
    with (
        TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client,
        closing(open_journal(embedded_settings)) as journal,
    ):
        yield Tracking(client, private, public, journal, embedded_settings)
