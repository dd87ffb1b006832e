"""How fast facts go into the graph, beside a bare driver loop that sends the same nodes and relationships.

An empty engine and a file of generated people come in; records per second of each go out. All write the same batches
into the same engine, in turns, so that a busy machine slows them alike. The loops send rows they find ready-made, in
two ways: `merge` may be sent again, as ours may; `create` may not. Our time includes comparing with what is stored,
hashing, making the rows and the columnar copy, with nothing prepared ahead; `file` is the whole `load` of the file,
which also reads and normalises it, alone.

    python -m benchmarks.load_rate --records 10000 --engine neo4j
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import neo4j
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.dedupe import file_of
from benchmarks.engines import ENGINES, lent
from identity_graph.facts import FactStore
from identity_graph.facts.prepare import prepare
from identity_graph.graph import open_graph
from identity_graph.namespaces import identifier_key
from identity_graph.pipeline.load import load
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.sources import open_sources
from identity_graph.sources.batches import FactBatch, no_touchpoints
from identity_graph.sources.reader import OpenOptions

__all__ = ["LoadRate", "measure"]

BATCH_ROWS = 5_000
WARM_UP_BATCHES = 2

MERGE = {
    "records": "UNWIND $rows AS row MERGE (r:SourceRecord {key: row.key}) SET r += row",
    "identifiers": "UNWIND $rows AS row MERGE (i:Identifier {key: row.key}) "
    "ON CREATE SET i.namespace = row.namespace, i.value = row.value, i.status = 'active'",
    "held": "UNWIND $rows AS row MATCH (r:SourceRecord {key: row.record_key}) MATCH (i:Identifier {key: row.key}) "
    "MERGE (r)-[seen:HAS_IDENTIFIER]->(i) SET seen.first_seen = row.at, seen.last_seen = row.at, seen.count = 1",
}
CREATE = {
    "records": "UNWIND $rows AS row CREATE (r:SourceRecord) SET r = row",
    "identifiers": MERGE["identifiers"],
    "held": "UNWIND $rows AS row MATCH (r:SourceRecord {key: row.record_key}) MATCH (i:Identifier {key: row.key}) "
    "CREATE (r)-[:HAS_IDENTIFIER {first_seen: row.at, last_seen: row.at, count: 1}]->(i)",
}
BARE = {"merge": MERGE, "create": CREATE}
"""Way -> the queries of one transaction, each with its rows."""

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class LoadRate:
    """Records per second of each, on one engine.

    Attributes:
        engine: its name and version.
        nodes_and_relationships: that each of them wrote.
        ours: writing batches one by one.
        bare: way -> rate of that loop.
        ratios: way -> ours over that loop; above 1 is better.
        file: the whole `load` of the file.
        again: writing unchanged batches a second time.
    """

    engine: str
    records: int
    nodes_and_relationships: int
    ours: float
    bare: dict[str, float]
    ratios: dict[str, float]
    file: float
    again: float


@dataclass(slots=True)
class _Contest:
    """Those who write in turns, and the seconds each has spent."""

    store: FactStore
    driver: neo4j.Driver
    database: str | None
    roles: Mapping[str, Role]
    seconds: dict[str, float]
    written: int = 0

    def turn(self, batch: FactBatch, number: int, prefix: str = "") -> None:
        """Let each write the batch under names of its own, beginning with another one each time."""
        names = ("ours", *BARE)
        for name in (*names[number % len(names) :], *names[: number % len(names)]):
            mine = _renamed(batch, prefix + name)
            rows = None if name == "ours" else _ready_made(mine, self.roles, number * BATCH_ROWS)
            started = time.perf_counter()
            if rows is None:
                self.store.write(mine, self.roles)
            else:
                self._send(BARE[name], rows)
            self.seconds[name] += time.perf_counter() - started
            if rows is not None:
                self.written += sum(map(len, rows.values()))

    def _send(self, queries: Mapping[str, str], rows: Rows) -> None:
        """Send one batch in one transaction."""

        def work(transaction: neo4j.ManagedTransaction) -> None:
            for kind, text in queries.items():
                transaction.run(text, rows=rows[kind]).consume()

        with self.driver.session(database=self.database) as session:
            session.execute_write(work)


def measure(settings: Settings, records: int) -> LoadRate:
    """Load the file of this many records in every way into the empty graph that the settings lead to."""
    path = str(file_of(records))

    def batches() -> Iterator[FactBatch]:
        return open_sources([path], options=OpenOptions(batch_rows=BATCH_ROWS)).batches()

    roles = open_sources([path]).attribute_roles()
    with open_graph(settings) as graph:
        store, endpoint = FactStore(graph, settings), graph._endpoint
        auth = (endpoint.user, endpoint.password) if endpoint.password else None
        with neo4j.GraphDatabase.driver(endpoint.uri, auth=auth) as driver:
            contest = _Contest(store, driver, endpoint.database, roles, dict.fromkeys(("ours", *BARE), 0.0))
            for number, batch in enumerate(islice(batches(), WARM_UP_BATCHES)):
                contest.turn(batch, number, "warm-")
            contest.seconds, contest.written = dict.fromkeys(contest.seconds, 0.0), 0
            for number, batch in enumerate(batches()):
                contest.turn(batch, number)
        started = time.perf_counter()
        results = list(store.write_stream((_renamed(batch, "ours") for batch in batches()), roles))
        again = sum(result.unchanged for result in results) / (time.perf_counter() - started)
        started = time.perf_counter()
        loaded = load(graph, settings, [path])
        file = loaded.rows_read / (time.perf_counter() - started)
        engine = graph.capabilities.name
    bare = {way: records / contest.seconds[way] for way in BARE}
    ours = records / contest.seconds["ours"]
    ratios = {way: ours / rate for way, rate in bare.items()}
    return LoadRate(engine, records, contest.written // len(BARE), ours, bare, ratios, file, again)


def _renamed(batch: FactBatch, name: str) -> FactBatch:
    """Give records and identifiers of a batch names of their own, so that nobody finds what another one wrote."""
    table = batch.records
    held = table["identifiers"].combine_chunks()
    flat = held.flatten()
    values = pc.binary_join_element_wise(name, flat.field("value"), ".")
    ends = pc.cumulative_sum(pc.fill_null(pc.list_value_length(held), 0))
    starts = pa.concat_arrays([pa.array([0], ends.type), ends])
    pairs = pa.StructArray.from_arrays([flat.field("namespace"), values], names=["namespace", "value"])
    columns = {
        "key": pc.binary_join_element_wise(name, table["record_id"], ":"),
        "source": pa.array([name] * table.num_rows, table.schema.field("source").type),
        "identifiers": pa.ListArray.from_arrays(starts, pairs),
    }
    for column, found in columns.items():
        place = table.schema.get_field_index(column)
        table = table.set_column(place, column, found.cast(table.schema.field(column).type))
    return FactBatch(table, no_touchpoints(), (), table.num_rows)


def _ready_made(batch: FactBatch, roles: Mapping[str, Role], first_seq: int) -> Rows:
    """Make the rows of a bare loop: the same nodes and relationships that we write."""
    prepared = prepare(batch.records, batch.touchpoints, (), roles)
    records, identifiers, held = [], {}, []
    for seq, (properties, pairs) in enumerate(prepared.plain.values(), start=first_seq):
        records.append({**properties, "seq": seq})
        for namespace, value in pairs:
            key = identifier_key(namespace, value)
            identifiers[key] = {"key": key, "namespace": namespace, "value": value}
            held.append({"record_key": properties["key"], "key": key, "at": properties.get("observed_at")})
    return {"records": records, "identifiers": list(identifiers.values()), "held": held}


def main() -> None:
    """Measure one engine and print a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    arguments = parser.parse_args()
    with lent(arguments.engine) as settings:
        print(json.dumps(asdict(measure(settings, arguments.records))))


if __name__ == "__main__":
    main()
