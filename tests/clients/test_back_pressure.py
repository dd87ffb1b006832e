"""A service whose backlog is full tells a real SDK to wait; the SDK comes back until everything is accepted."""

from __future__ import annotations

import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import httpx

from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import apply_all
from identity_graph.journal import open_journal
from identity_graph.settings import Settings
from tests.clients.installed import python_with
from tests.tracking.running import running, write_key

_SENDER = Path(__file__).parent / "senders" / "segment_many.py"
_WAIT_SECONDS = 120


def test_a_full_backlog_makes_the_sdk_wait_and_nothing_is_lost(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    python, key = python_with("segment-analytics-python", "2.4.0"), write_key(embedded_settings)
    limits = {"IDENTITY_GRAPH_APPLY_EVENTS": "false", "IDENTITY_GRAPH_BACKLOG_EVENTS": "25"}
    command = [str(python), str(_SENDER)]
    with (
        running(embedded_settings, **limits) as service, closing(open_journal(embedded_settings)) as journal,
        subprocess.Popen([*command, service.url, key], stderr=subprocess.PIPE, text=True) as sender,
    ):  # fmt: skip
        deadline = time.monotonic() + _WAIT_SECONDS
        while 'status="429"' not in httpx.get(f"{service.url}/metrics", trust_env=False).text:
            assert time.monotonic() < deadline and sender.poll() is None
            time.sleep(0.1)
        assert journal.backlog().events <= 25
        while sender.poll() is None and time.monotonic() < deadline:
            apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
            time.sleep(0.1)
        apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
        assert sender.communicate()[1] == "" and sender.returncode == 0
        assert journal.backlog().accepted == 60
    assert FactStore(embedded_graph, embedded_settings).counts().touchpoints == 60
