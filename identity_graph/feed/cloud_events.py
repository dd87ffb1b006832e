"""One entry of the lineage as a CloudEvent 1.0.

A row of the graph comes in, a CloudEvent goes out: the same entry is the same event, however often it is read. `id`
and `source` together name it, so a receiver that got it twice can tell.

Source: CloudEvents 1.0.2, "Context Attributes" and "JSON Event Format" (cloudevents.io).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from identity_graph.customers.paging import encode_cursor
from identity_graph.graph.port import Row
from identity_graph.model import ChangeKind

__all__ = ["BATCH_MEDIA_TYPE", "EVENT_TYPES", "CloudEvent", "cloud_event"]

BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"

EVENT_TYPES: Mapping[ChangeKind, str] = {
    ChangeKind.CREATED: "customer.created",
    ChangeKind.UPDATED: "customer.updated",
    ChangeKind.MERGED: "customer.merged",
    ChangeKind.SPLIT: "customer.split",
    ChangeKind.RETIRED: "customer.retired",
    ChangeKind.QUARANTINED: "identifier.quarantined",
    ChangeKind.BLOCKED: "identifier.blocked",
    ChangeKind.RELEASED: "identifier.released",
    ChangeKind.DECIDED: "decision.recorded",
    ChangeKind.UNDONE: "decision.undone",
}
"""What each kind of change is called in the feed."""


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event of the feed.

    Attributes:
        id: the same for the same event of the same source.
        source: the graph it comes from, as a URI.
        type: one of EVENT_TYPES.
        subject: the customer, the identifier (its key) or the decision it happened to.
        time: when, ISO-8601 UTC.
        data: what happened; see docs/feed.md.
        seq: its place in the feed.
    """

    id: str
    source: str
    type: str
    subject: str
    time: str | None
    data: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0

    @property
    def cursor(self) -> str:
        """The place right after this event, to continue from."""
        return encode_cursor(self.seq)

    def as_json(self) -> dict[str, Any]:
        """Return the event in the JSON format; `cursor` is an extension attribute of ours."""
        return {
            "specversion": "1.0", "id": self.id, "source": self.source, "type": self.type, "subject": self.subject,
            "time": self.time, "datacontenttype": "application/json", "cursor": self.cursor, "data": dict(self.data),
        }  # fmt: skip


def cloud_event(row: Row, source: str) -> CloudEvent:
    """Tell an entry of the lineage.

    Args:
        row: of `feed/changes_between`.
        source: URI of the graph.
    """
    said: dict[str, Any] = json.loads(row["data"] or "{}")
    if "into" in said:
        said["into"] = [{"customer_id": one["id"], "records": one["records"]} for one in said["into"]]
    if "edges" in said:
        said["reason"] = _reason(said["edges"])
    data = {"at": row["at"], "run": row["run"], "cause": row["cause"], **said}
    return CloudEvent(
        row["id"], source, EVENT_TYPES[ChangeKind(row["kind"])], row["subject"] or row["customer_id"] or "",
        row["at"], data, row["seq"],
    )  # fmt: skip


def _reason(edges: Sequence[Mapping[str, Any]]) -> str:
    """Say in a few words what joined a merge: its strongest links, each once."""
    reasons = []
    for edge in edges:
        if edge["decision_id"]:
            reasons.append(f"a steward decided it ({edge['decision_id']})")
        elif edge["identifier"]:
            reasons.append(f"they share {edge['identifier']}")
        else:
            reasons.append(f"{edge['left']} and {edge['right']} match by {edge['weight']:.1f} bits")
    return "; ".join(dict.fromkeys(reasons))
