"""How fast a profile is: `CustomerReader.profile_by_identifier` beside one bare driver query for the same data.

A resolved graph and e-mail addresses come in; medians and 95th percentiles go out. Both ask for the same address one
after the other on warm connections, in changing order; answers are compared before the clock counts.

    python -m benchmarks.profile_latency --records 10000
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import neo4j
import numpy as np
import pyarrow.parquet as pq

from benchmarks.dedupe import file_of
from benchmarks.resolve_growth import data_folder, load_and_resolve
from identity_graph.customers.read import CustomerReader
from identity_graph.customers.views import Profile
from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.graph import open_graph
from identity_graph.settings import Settings

__all__ = ["Latency", "measure"]

BARE = """
MATCH (:Identifier {key: $key, status: 'active'})<-[:HAS_IDENTIFIER]-(:SourceRecord)-[held:RESOLVES_TO]->(c:Customer)
WHERE held.to IS NULL
WITH DISTINCT c LIMIT 1
MATCH (c)<-[member:RESOLVES_TO]-(record:SourceRecord)
WHERE member.to IS NULL
OPTIONAL MATCH (record)-[seen:HAS_IDENTIFIER]->(identifier:Identifier)
RETURN properties(c) AS customer, record.key AS record_key, record.source AS source, record.observed_at AS observed_at,
       member.from AS since, member.cause AS cause,
       collect({namespace: identifier.namespace, value: identifier.value, status: identifier.status,
                first_seen: seen.first_seen, last_seen: seen.last_seen}) AS identifiers
"""
WARM_UP = 100


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds per lookup of both, and how many were timed.

    Attributes:
        ours, bare: median and 95th percentile.
        ratio: median of ours over median of the bare query.
    """

    records: int
    lookups: int
    ours: tuple[float, float]
    bare: tuple[float, float]
    ratio: float


def measure(settings: Settings, records: int, lookups: int = 500, seed: int = 1) -> Latency:
    """Time lookups on a data folder that `load_and_resolve` filled with this many records."""
    dice = random.Random(seed)
    emails = sorted({email for email in pq.read_table(file_of(records))["email"].to_pylist() if email})
    dice.shuffle(emails)
    with open_graph(settings) as graph:
        reader = CustomerReader(graph)
        endpoint = graph._endpoint
        with (
            neo4j.GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver,
            driver.session(database=endpoint.database, default_access_mode=neo4j.READ_ACCESS) as session,
        ):

            def bare(email: str) -> list[dict[str, Any]]:
                return session.run(BARE, key=f"email:{email}").data()

            def ours(email: str) -> Profile:
                return reader.profile_by_identifier("email", email)

            known = _known(emails, lookups + WARM_UP, ours, bare)
            for email in known[:WARM_UP]:
                ours(email)
                bare(email)
            times: dict[Callable[[str], Any], list[float]] = {ours: [], bare: []}
            for turn, email in enumerate(known[WARM_UP:]):
                for ask in (ours, bare) if turn % 2 else (bare, ours):
                    started = time.perf_counter()
                    ask(email)
                    times[ask].append(time.perf_counter() - started)
    (our_median, our_tail), (bare_median, bare_tail) = (
        (float(np.percentile(found, 50)) * 1000, float(np.percentile(found, 95)) * 1000) for found in times.values()
    )
    return Latency(
        records, len(times[ours]), (our_median, our_tail), (bare_median, bare_tail), our_median / bare_median
    )


def _known(
    emails: list[str], count: int, ours: Callable[[str], Profile], bare: Callable[[str], list[dict[str, Any]]]
) -> list[str]:
    """Return addresses that stand for one customer, after making sure that both give the same records."""
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
        rows = bare(email)
        if sorted(row["record_key"] for row in rows) != [record.key for record in profile.records]:
            raise AssertionError(f"the two answers for {email} differ")
        known.append(email)
    return known


def main() -> None:
    """Fill a graph and time lookups on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--lookups", type=int, default=500)
    arguments = parser.parse_args()
    with data_folder() as settings:
        load_and_resolve(arguments.records, settings)
        print(json.dumps(asdict(measure(settings, arguments.records, arguments.lookups))))


if __name__ == "__main__":
    main()
