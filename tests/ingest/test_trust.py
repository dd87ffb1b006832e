"""What a page sends joins no two known customers: it waits as a suggestion that a steward answers."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import apply_all
from identity_graph.journal import JournalEvent, Submission, open_journal
from identity_graph.model import Verdict
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.review import suggested_pairs
from identity_graph.settings import Settings
from tests.events.messages import at, event
from tests.pipeline.company import holdings

CARD, OTHER_CARD, PAGE = "api:anonymous_id=s1", "api:anonymous_id=s2", "site:anonymous_id=p1"


def _card(number: str) -> dict[str, str]:
    return {"id": number, "type": "loyalty_card", "collection": "users", "encoding": "none"}


def _server(message: JournalEvent) -> JournalEvent:
    return replace(message, source="api")


def _page(message: JournalEvent) -> JournalEvent:
    return replace(message, public=True)


def test_a_public_key_suggests_and_a_steward_joins(graph: BoltGraph, engine_settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,first_name,last_name,email\n1,Jane,Doe,jd@a.test\n2,Bo,Czerny,bo@b.test\n", encoding="utf-8")
    load(graph, engine_settings, [str(file)])
    one, other = _card("7"), _card("8")
    with closing(open_journal(engine_settings)) as journal:
        journal.append([Submission((
            _server(event("m1", "identify", anonymousId="s1", timestamp=at(1), context={"externalIds": [one]})),
            _server(event("m2", "identify", anonymousId="s2", timestamp=at(2), context={"externalIds": [other]})),
            _page(event("m3", "identify", anonymousId="p1", timestamp=at(3), context={"externalIds": [one, other]})),
        ))])  # fmt: skip
    apply_all(graph, engine_settings, threading.Event(), until_empty=True)
    resolve(graph, engine_settings)
    held = holdings(graph)
    assert len({held[CARD], held[OTHER_CARD], held[PAGE]}) == 3  # the page fits both equally
    (told,) = suggested_pairs(graph).items
    assert (told.left.key, told.right.key, told.via_key) == (CARD, OTHER_CARD, PAGE)
    store = FactStore(graph, engine_settings)
    store.add_decision(Verdict.MUST, CARD, OTHER_CARD, "ana", "called", datetime.now(UTC), "d1")
    resolve(graph, engine_settings)
    held = holdings(graph)
    assert held[CARD] == held[PAGE] == held[OTHER_CARD]
    assert suggested_pairs(graph).items == ()
