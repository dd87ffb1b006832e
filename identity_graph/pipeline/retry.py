"""Replays rejected rows through the present mapping of their source.

The graph and a source come in, counts go out. A replayed row never overwrites a newer version: it is written only
where nothing is stored under its key, or exactly the row it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import pyarrow as pa

from identity_graph.facts import FactStore, StoredReject
from identity_graph.graph.port import Graph
from identity_graph.settings import Settings
from identity_graph.sources import FactBatch, SourceMapping, mapping_from_text, no_touchpoints, replay
from identity_graph.tables import Table

__all__ = ["RetrySummary", "retry_rejected"]

_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class RetrySummary:
    """What a replay did.

    Attributes:
        tried: rejects that were open.
        replayed: rejects that could be read now.
        superseded: rejects whose record has a newer version, so that nothing was written.
        still_rejected: rejects that stay open.
    """

    tried: int = 0
    replayed: int = 0
    superseded: int = 0
    still_rejected: int = 0

    def plus(self, other: RetrySummary) -> RetrySummary:
        """Add two summaries."""
        mine, theirs = asdict(self), asdict(other)
        return RetrySummary(**{name: mine[name] + theirs[name] for name in mine})


def retry_rejected(graph: Graph, settings: Settings, source: str | None = None) -> RetrySummary:
    """Replay the open rejects of one source, or of all.

    Args:
        graph: holds the rejects and takes the facts.
        settings: data folder, and the phone region that a mapping without one gets.
        source: source name; None is all sources.
    """
    store = FactStore(graph, settings)
    summary = RetrySummary()
    for stored in store.sources():
        if source not in (None, stored.name):
            continue
        mapping = mapping_from_text(stored.mapping, stored.name)
        after: str | None = None
        while page := store.rejected(source=stored.name, after=after, limit=_PAGE):
            after = page[-1].key
            summary = summary.plus(_replay_page(store, page, mapping))
    return summary


def _replay_page(store: FactStore, page: Sequence[StoredReject], mapping: SourceMapping) -> RetrySummary:
    batch = replay([one.reject for one in page], mapping, datetime.now(UTC).year)
    still = {(found.file, found.line, found.column) for found in batch.rejects}
    rows_still = {(found.file, found.line) for found in batch.rejects if not found.kept_record}
    done = [
        one
        for one in page
        if (one.reject.file, one.reject.line) not in rows_still
        and (one.reject.file, one.reject.line, one.reject.column) not in still
    ]
    records, superseded = _current(store, batch.records)
    keys = set(records["key"].to_pylist())
    touchpoints = batch.touchpoints.filter(
        pa.array([key in keys for key in batch.touchpoints["record_key"].to_pylist()], pa.bool_())
    )
    if records.num_rows:
        written = FactBatch(records, touchpoints if touchpoints.num_rows else no_touchpoints(), (), batch.rows_read)
        store.write(written, mapping.attribute_roles())
    store.mark_replayed([one.key for one in done])
    return RetrySummary(len(page), len(done), superseded, len(page) - len(done))


def _current(store: FactStore, records: Table) -> tuple[Table, int]:
    """Leave out the records that have a newer version in the graph; returns also how many those are."""
    stored = store.records(records["key"].to_pylist())
    keep = [
        key not in stored or stored[key][0].get("raw") == raw
        for key, raw in zip(records["key"].to_pylist(), records["raw"].to_pylist(), strict=True)
    ]
    return records.filter(pa.array(keep, pa.bool_())), keep.count(False)
