"""One e-mail address on ever more visitors, as a broken page or an attack sends them: what one more event costs.

An engine, a graph's size and a number of events come in; per tenth of them the rate at which they are applied and
resolved, the processor time, what a lone event takes until it is resolved, and what profiles take, go out. Each event
is an identify call with a new anonymous id and the address of a known user. Then everything is resolved at once, which
must find nothing to change.

    python -m benchmarks.hub 100000 --engine embedded
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass

from benchmarks.engines import ENGINES
from benchmarks.live import Working, engine_seconds, working
from benchmarks.live_events import LiveEvent, Population
from benchmarks.live_graph import lent_graph
from identity_graph.customers.read import CustomerReader
from identity_graph.errors import IdentityGraphError
from identity_graph.graph import open_graph
from identity_graph.pipeline.resolve import resolve

__all__ = ["Tenth", "measure"]

_AT_ONCE = 5_000
"""Events that wait at most: far more at once would be resolved with all records."""
_LONE = 5
_ADDRESS = "everybody@hub.test"


@dataclass(frozen=True, slots=True)
class Tenth:
    """What a part of the events took.

    Attributes:
        visitors: visitors on the address at its end.
        rate: events a second, applied and resolved.
        cpu: processor seconds of applier and resolver for a thousand events.
        engine_cpu: the same of the embedded engine; 0 for another.
        lone: milliseconds until one more event is resolved, the median of five.
        by_user: milliseconds of the profile of the user whose address it is.
        by_address: milliseconds of the profile by the address, or of the refusal.
        records: records of that user.
    """

    visitors: int
    rate: float
    cpu: float
    engine_cpu: float
    lone: float
    by_user: float
    by_address: float
    records: int


def measure(engine: str, events: int, records: int = 10_000) -> tuple[list[Tenth], float, dict[str, int]]:
    """Send events onto one address; returns the tenths, the seconds of a resolve of all, and what that changed."""
    population = Population(records)
    found = []
    with lent_graph(engine, records) as settings, open_graph(settings) as graph:
        with working(graph, settings) as worked:
            worked.send([population.on_address(_ADDRESS, userId="user-0")])
            sent = 0
            while sent < events:
                part = events // 10
                cpu = worked.cpu(), engine_seconds(settings)
                started = time.perf_counter()
                for start in range(0, part, _AT_ONCE):
                    some = range(sent + start, sent + min(part, start + _AT_ONCE))
                    worked.send([population.on_address(_ADDRESS, anonymousId=f"hub-{number}") for number in some])
                    worked.wait()
                seconds = time.perf_counter() - started
                sent += part
                ours, theirs = worked.cpu() - cpu[0], engine_seconds(settings) - cpu[1]
                ones = [population.on_address(_ADDRESS, anonymousId=f"lone-{sent}-{one}") for one in range(_LONE)]
                lone = sorted(_lone(worked, one) for one in ones)
                reader = CustomerReader(graph)
                by_user, of_user = _profile(reader, "user_id", "user-0")
                by_address, _ = _profile(reader, "email", _ADDRESS)
                found.append(
                    Tenth(
                        sent, round(part / seconds, 1), round(1000 * ours / part, 2), round(1000 * theirs / part, 2),
                        round(lone[_LONE // 2], 1), by_user, by_address, of_user,
                    )
                )  # fmt: skip
                print(json.dumps(asdict(found[-1])), flush=True)
        started = time.perf_counter()
        done = resolve(graph, settings)
        return found, round(time.perf_counter() - started, 1), dict(done.changes)


def _lone(worked: Working, event: LiveEvent) -> float:
    started = time.perf_counter()
    worked.send([event])
    worked.wait(0.005)
    return 1000 * (time.perf_counter() - started)


def _profile(reader: CustomerReader, namespace: str, value: str) -> tuple[float, int]:
    """Return the milliseconds of one profile, and its records; 0 where it is refused."""
    started = time.perf_counter()
    try:
        count = reader.profile_by_identifier(namespace, value).customer.record_count
    except IdentityGraphError:
        count = 0
    return round(1000 * (time.perf_counter() - started), 1), count


def main() -> None:
    """Measure and print a JSON line per tenth, and one of the resolve at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=int)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    parser.add_argument("--records", type=int, default=10_000)
    arguments = parser.parse_args()
    _, seconds, changes = measure(arguments.engine, arguments.events, arguments.records)
    print(json.dumps({"resolve_seconds": seconds, "changes": changes}))


if __name__ == "__main__":
    main()
