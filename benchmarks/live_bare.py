"""The facts of events written by the bare driver, with nothing else to do: what applying and resolving is measured by.

Events and a graph come in; events a second go out. The rows are made beforehand, in the batches of the applier. Every
query may be sent again, as ours may; nothing is compared with what is stored.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import neo4j

from benchmarks.live_events import SOURCE
from identity_graph.events import event_facts
from identity_graph.facts import FactStore
from identity_graph.facts.prepare import prepare
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest.applier import BATCH_EVENTS
from identity_graph.ingest.event_sources import EventSources
from identity_graph.journal import JournalEvent
from identity_graph.namespaces import identifier_key
from identity_graph.normalise import NormaliseContext
from identity_graph.settings import Settings

__all__ = ["bare_rate"]

_QUERIES = {
    "records": "UNWIND $rows AS row MERGE (r:SourceRecord {key: row.key}) SET r += row",
    "held": "UNWIND $rows AS row MATCH (r:SourceRecord {key: row.record_key}) MERGE (i:Identifier {key: row.key}) "
    "ON CREATE SET i.namespace = row.namespace, i.value = row.value, i.status = 'active' "
    "MERGE (r)-[seen:HAS_IDENTIFIER]->(i) SET seen.last_seen = row.at, seen.count = coalesce(seen.count, 0) + 1",
    "touchpoints": "UNWIND $rows AS row MATCH (r:SourceRecord {key: row.record_key}) "
    "MERGE (t:Touchpoint {key: row.properties.key}) SET t += row.properties MERGE (t)-[:BY]->(r) "
    "WITH t, row UNWIND row.identifiers AS observed MATCH (i:Identifier {key: observed.key}) "
    "MERGE (t)-[:OBSERVED]->(i)",
}


def bare_rate(graph: BoltGraph, settings: Settings, events: Sequence[JournalEvent]) -> float:
    """Write the facts of events; returns events a second.

    Args:
        graph: where they go; a driver of its own writes them.
        settings: of the graph.
        events: new ones.
    """
    sources, context = EventSources(FactStore(graph, settings)), NormaliseContext()
    batches = []
    for start in range(0, len(events), BATCH_EVENTS):
        facts = event_facts(events[start : start + BATCH_EVENTS], context, sources.custom)
        sources.learn(facts, {SOURCE: False}, datetime.now(UTC))
        found = prepare(facts.batch.records, facts.batch.touchpoints, (), sources.roles)
        held = [
            {"record_key": key, "key": identifier_key(*pair), "namespace": pair[0], "value": pair[1],
             "at": properties.get("observed_at")}
            for key, (properties, pairs) in found.growing.items() for pair in pairs
        ]  # fmt: skip
        records: list[dict[str, Any]] = [properties for properties, _ in found.growing.values()]
        stored = ("record_key", "properties", "identifiers")
        touchpoints = [{name: row[name] for name in stored} for row in found.touchpoints]
        batches.append({"records": records, "held": held, "touchpoints": touchpoints})
    endpoint = graph._endpoint
    auth = (endpoint.user, endpoint.password) if endpoint.password else None
    with neo4j.GraphDatabase.driver(endpoint.uri, auth=auth) as driver:
        started = time.perf_counter()
        for rows in batches:
            with driver.session(database=endpoint.database) as session, session.begin_transaction() as transaction:
                for kind, text in _QUERIES.items():
                    transaction.run(text, rows=rows[kind]).consume()
                transaction.commit()
        return len(events) / (time.perf_counter() - started)
