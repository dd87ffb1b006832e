"""The things the identity graph is about, as frozen values passed between stages.

Loaders and normalisers make them, facts store them, links and clusters read them. Bulk work passes the same things as
Arrow tables (`identity_graph.tables`); these classes are their one-at-a-time form. Nothing here reads a clock, a
file or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from identity_graph.namespaces import identifier_key

__all__ = [
    "ChangeKind", "Decision", "GoldenValue", "Identifier", "Reject", "SourceRecord", "Touchpoint", "Verdict",
    "record_key",
]  # fmt: skip


def record_key(source: str, record_id: str) -> str:
    """Build the key of a SourceRecord; a source name holds no colon, so the key can be read back."""
    return f"{source}:{record_id}"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A canonical value that points at someone, and its namespace."""

    namespace: str
    value: str

    @property
    def key(self) -> str:
        return identifier_key(self.namespace, self.value)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One row of one source, with canonical attributes and the raw row as it came (JSON)."""

    source: str
    record_id: str
    attributes: Mapping[str, str]
    identifiers: tuple[Identifier, ...] = ()
    raw: str = "{}"
    observed_at: datetime | None = None

    @property
    def key(self) -> str:
        return record_key(self.source, self.record_id)


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One interaction on one channel, by one record."""

    key: str
    source: str
    record_key: str
    type: str
    channel: str
    at: datetime | None
    properties: str = "{}"
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or value that could not be read: kept, listed and replayed.

    Attributes:
        source: source name; empty when it is not known yet.
        file: path as the user gave it.
        line: 1-based line (text files) or row (Parquet) where the row starts.
        column: the column concerned, or None when the whole row is unreadable.
        value: the text that could not be read (undecodable bytes as backslash escapes).
        reason: stable reason code, such as `unreadable_date`, `missing_id`, `ragged_row`, `wrong_encoding`.
        raw: the whole row as JSON (an object column -> text), or the raw line as a JSON string.
        kept_record: the row was loaded without this value, so only the value waits.
    """

    source: str
    file: str
    line: int
    column: str | None
    value: str
    reason: str
    raw: str
    kept_record: bool


class Verdict(StrEnum):
    """A steward's word on two records."""

    MUST = "must"
    CANNOT = "cannot"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Decision:
    """A steward's verdict on two records; undone by another decision, never deleted."""

    id: str
    verdict: Verdict
    left: str
    right: str
    author: str
    reason: str
    at: datetime
    undone_by: str | None = None


class ChangeKind(StrEnum):
    """What happened: to a customer (the first five), to an identifier, or to a steward's decision."""

    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"
    SPLIT = "split"
    RETIRED = "retired"
    QUARANTINED = "quarantined"
    BLOCKED = "blocked"
    RELEASED = "released"
    DECIDED = "decided"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class GoldenValue:
    """The surviving value of one attribute, with its provenance.

    Attributes:
        value: the canonical value that won.
        record_key: the record it came from.
        rule: which rule let it win (`most_frequent`, `most_recent`, `most_complete`, `only_value`,
            `agrees_with_full_name`).
        lost: (value, record key) of the others, best first, each value once.
    """

    value: str
    record_key: str
    rule: str
    lost: tuple[tuple[str, str], ...] = field(default=())
