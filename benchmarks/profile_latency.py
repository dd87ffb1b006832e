"""How fast a profile is: `CustomerReader.profile_by_identifier` beside one bare driver query for the same data.

A resolved graph and e-mail addresses come in; medians and 95th percentiles go out. The bare query is written in the
three ways a competent user might. All ask for the same address one after the other, each on a warm connection of its
own, in changing order; answers are compared before the clock counts.

    python -m benchmarks.profile_latency --records 10000 --engine neo4j
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import neo4j
import numpy as np
import pyarrow.parquet as pq

from benchmarks.dedupe import file_of
from benchmarks.engines import ENGINES, lent
from benchmarks.resolve_growth import load_and_resolve
from identity_graph.customers.read import CustomerReader
from identity_graph.customers.views import Profile
from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.graph import open_graph
from identity_graph.graph.bolt import Endpoint
from identity_graph.settings import Settings

__all__ = ["Latency", "measure"]

_FIND = """
MATCH (:Identifier {key: $key, status: 'active'})<-[:HAS_IDENTIFIER]-(:SourceRecord)-[held:RESOLVES_TO]->(c:Customer)
WHERE held.to IS NULL
WITH DISTINCT c LIMIT 1
"""
_RECORD = "{key: r.key, source: r.source, observed_at: r.observed_at, since: m.from, cause: m.cause}"
_IDENTIFIER = """{namespace: i.namespace, value: i.value, status: i.status, first_seen: s.first_seen,
                  last_seen: s.last_seen, record_key: r.key}"""
BARE = {
    "comprehensions": f"""{_FIND}
        RETURN properties(c) AS customer,
               [(c)<-[m:RESOLVES_TO]-(r:SourceRecord) WHERE m.to IS NULL | {_RECORD}] AS records,
               [(c)<-[m:RESOLVES_TO]-(r:SourceRecord)-[s:HAS_IDENTIFIER]->(i:Identifier) WHERE m.to IS NULL
                | {_IDENTIFIER}] AS identifiers""",
    "subqueries": f"""{_FIND}
        RETURN properties(c) AS customer,
               COLLECT {{ MATCH (c)<-[m:RESOLVES_TO]-(r:SourceRecord) WHERE m.to IS NULL RETURN {_RECORD} }} AS records,
               COLLECT {{ MATCH (c)<-[m:RESOLVES_TO]-(r:SourceRecord)-[s:HAS_IDENTIFIER]->(i:Identifier)
                          WHERE m.to IS NULL RETURN {_IDENTIFIER} }} AS identifiers""",
    "matches": f"""{_FIND}
        MATCH (c)<-[m:RESOLVES_TO]-(r:SourceRecord)
        WHERE m.to IS NULL
        OPTIONAL MATCH (r)-[s:HAS_IDENTIFIER]->(i:Identifier)
        WITH c, m, r, collect({_IDENTIFIER}) AS held
        RETURN properties(c) AS customer, collect({_RECORD}) AS records, collect(held) AS identifiers""",
}
"""The bare query, in three ways."""

WARM_UP = 200

Ask = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds per lookup of both, and how many were timed.

    Attributes:
        engine: its name and version.
        ours: median and 95th percentile.
        all_bare: way of the bare query -> median and 95th percentile.
    """

    engine: str
    records: int
    lookups: int
    ours: tuple[float, float]
    all_bare: dict[str, tuple[float, float]]


def measure(settings: Settings, records: int, lookups: int = 1000, seed: int = 1) -> Latency:
    """Time lookups on a data folder that `load_and_resolve` filled with this many records."""
    dice = random.Random(seed)
    emails = sorted({email for email in pq.read_table(file_of(records))["email"].to_pylist() if email})
    dice.shuffle(emails)
    with open_graph(settings) as graph, ExitStack() as stack:
        reader = CustomerReader(graph)
        bare = {way: stack.enter_context(_asking(graph._endpoint, text)) for way, text in BARE.items()}

        def ours(email: str) -> Profile:
            return reader.profile_by_identifier("email", email)

        known = _known(emails, lookups + WARM_UP, ours, bare)
        times = _timed({"ours": ours, **bare}, known, dice)
        engine = graph.capabilities.name
    costs = {name: (float(np.percentile(found, 50)), float(np.percentile(found, 95))) for name, found in times.items()}
    return Latency(engine, records, len(times["ours"]), costs.pop("ours"), costs)


@contextmanager
def _asking(endpoint: Endpoint, text: str) -> Iterator[Ask]:
    """Lend a bare query with a driver and session of its own."""
    auth = (endpoint.user, endpoint.password) if endpoint.password else None
    with (
        neo4j.GraphDatabase.driver(endpoint.uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database=endpoint.database, default_access_mode=neo4j.READ_ACCESS) as session,
    ):
        yield lambda email: session.run(text, key=f"email:{email}").data()


def _timed(asks: Mapping[str, Ask], emails: list[str], dice: random.Random) -> dict[str, list[float]]:
    """Ask for each address in every way, in changing order; return milliseconds, those of the warm-up left out."""
    times: dict[str, list[float]] = {name: [] for name in asks}
    names = list(asks)
    for turn, email in enumerate(emails):
        dice.shuffle(names)
        for name in names:
            started = time.perf_counter()
            asks[name](email)
            if turn >= WARM_UP:
                times[name].append((time.perf_counter() - started) * 1000)
    return times


def _known(emails: list[str], count: int, ours: Callable[[str], Profile], bare: Mapping[str, Ask]) -> list[str]:
    """Return addresses that stand for one customer, after making sure that all ways give the same records."""
    known: list[str] = []
    for email in emails:
        if len(known) == count:
            break
        try:
            profile = ours(email)
        except (NotFoundError, ConflictError):  # mistyped beyond reading, or shared by too many
            continue
        if profile.other_ids or profile.cut:
            continue
        for way, ask in bare.items():
            (row,) = ask(email)
            if sorted(record["key"] for record in row["records"]) != [record.key for record in profile.records]:
                raise AssertionError(f"the answers for {email} differ: {way}")
        known.append(email)
    return known


def main() -> None:
    """Fill a graph and time lookups on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--lookups", type=int, default=1000)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    arguments = parser.parse_args()
    with lent(arguments.engine) as settings:
        load_and_resolve(arguments.records, settings)
        print(json.dumps(asdict(measure(settings, arguments.records, arguments.lookups))))


if __name__ == "__main__":
    main()
