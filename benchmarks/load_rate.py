"""How fast facts go into the graph, beside a bare driver loop that sends the same nodes and relationships.

Both load the same seeded records into the same engine, in turns, batch by batch, so that a busy machine slows both.
The loop sends rows it finds ready-made; our time includes comparing with what is stored, hashing, the columnar copy
and making the rows.

    python benchmarks/load_rate.py [--records 100000] [--uri bolt://...]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pyarrow as pa

from identity_graph.facts import FactStore
from identity_graph.facts.prepare import prepare
from identity_graph.graph import open_graph, stop_engine
from identity_graph.namespaces import identifier_key
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.sources.batches import FactBatch, no_touchpoints
from identity_graph.tables import RECORD_SCHEMA

ROLES = {"given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME}
ATTRIBUTES = ("given_name", "family_name", "birth_date", "city", "postcode", "email", "phone")
BATCH_ROWS = 5_000

RECORDS = "UNWIND $rows AS row MERGE (record:SourceRecord {key: row.key}) SET record += row"
IDENTIFIERS = "UNWIND $rows AS row MERGE (identifier:Identifier {key: row.key}) SET identifier += row"
TIES = """
UNWIND $rows AS row
MATCH (record:SourceRecord {key: row.record_key})
MATCH (identifier:Identifier {key: row.key})
MERGE (record)-[seen:HAS_IDENTIFIER]->(identifier)
SET seen += row.properties
"""


def people(source: str, count: int, seed: int) -> Iterator[FactBatch]:
    """Make batches of records with two or three identifiers each, some of them shared."""
    dice = random.Random(seed)
    schema = pa.schema([*RECORD_SCHEMA, *(pa.field(name, pa.string()) for name in ATTRIBUTES)])
    for start in range(0, count, BATCH_ROWS):
        rows = []
        for number in range(start, min(start + BATCH_ROWS, count)):
            email, phone = f"{source}{dice.randrange(count)}@mail.test", f"+33{dice.randrange(count):09d}"
            values = ("Jane", f"Family{dice.randrange(9999)}", f"19{dice.randrange(40, 99)}-01-02", "Paris",
                      f"75{dice.randrange(100):03d}", email, phone)  # fmt: skip
            attributes = dict(zip(ATTRIBUTES, values, strict=True))
            held = [("email", email), ("phone", f"{phone}{source}")]
            if number % 2:
                held.append(("loyalty_card", f"{source}{number}"))
            rows.append({
                "key": f"{source}:{number}", "source": source, "record_id": str(number), "raw": json.dumps(attributes),
                "grows": False, "identifiers": [{"namespace": name, "value": value} for name, value in held],
                **attributes,
            })  # fmt: skip
        yield FactBatch(pa.Table.from_pylist(rows, schema=schema), no_touchpoints(), (), len(rows))


def ready_made(
    batch: FactBatch, first_seq: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Make the rows of the bare loop: the same nodes and relationships that we write."""
    prepared = prepare(batch.records, batch.touchpoints, (), ROLES)
    records, identifiers, ties = [], {}, []
    for seq, (properties, held) in enumerate(prepared.plain.values(), start=first_seq):
        records.append({**properties, "seq": seq})
        for namespace, value in held:
            key = identifier_key(namespace, value)
            identifiers[key] = {"key": key, "namespace": namespace, "value": value, "status": "active"}
            ties.append({"record_key": properties["key"], "key": key, "properties": {"count": 1}})
    return records, list(identifiers.values()), ties


def bare(driver: neo4j.Driver, database: str | None, rows: tuple[list[dict[str, Any]], ...]) -> None:
    """Send one batch in one transaction."""

    def work(transaction: neo4j.ManagedTransaction) -> None:
        for query, some in zip((RECORDS, IDENTIFIERS, TIES), rows, strict=True):
            transaction.run(query, rows=some).consume()

    with driver.session(database=database) as session:
        session.execute_write(work)


def main() -> None:
    """Load both ways and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--uri")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), uri=arguments.uri, engine_idle_seconds=60)
        with open_graph(settings) as graph:
            store = FactStore(graph, settings)
            endpoint = graph._endpoint
            with neo4j.GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver:
                # Both warm the engine before the clock counts.
                for warming in range(2):
                    for number, batch in enumerate(people(f"warm{warming}", 2 * BATCH_ROWS, warming)):
                        if warming:
                            bare(driver, endpoint.database, ready_made(batch, 10**9 + number * BATCH_ROWS))
                        else:
                            store.write(batch, ROLES)
                ours = theirs = 0.0
                theirs_ready = (
                    ready_made(batch, 2 * 10**9 + number * BATCH_ROWS)
                    for number, batch in enumerate(people("bare", arguments.records, 3))
                )
                batches = list(people("ours", arguments.records, 2))
                started = time.perf_counter()
                for batch, rows in zip(batches, theirs_ready, strict=True):
                    resumed = time.perf_counter()
                    store.write(batch, ROLES)
                    between = time.perf_counter()
                    bare(driver, endpoint.database, rows)
                    ours, theirs = ours + between - resumed, theirs + time.perf_counter() - between
                seconds = time.perf_counter() - started
                print(f"{graph.capabilities.name}: {arguments.records} records, {seconds:.0f} s in all")
                print(f"ours        {arguments.records / ours:8.0f} records/s")
                print(f"bare loop   {arguments.records / theirs:8.0f} records/s")
                print(f"ours / bare {theirs / ours:8.2f}")
                resumed = time.perf_counter()
                unchanged = sum(result.unchanged for result in store.write_stream(batches, ROLES))
                print(f"again       {unchanged / (time.perf_counter() - resumed):8.0f} records/s, all unchanged")
        if arguments.uri is None:
            stop_engine(settings)


if __name__ == "__main__":
    main()
