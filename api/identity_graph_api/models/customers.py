"""Bodies about customers and their parts."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from identity_graph_api.models.base import Question, View

__all__ = [
    "CustomerModel",
    "EdgeModel",
    "HeldIdentifierModel",
    "LineageEntryModel",
    "LookupRequest",
    "MemberRecordModel",
    "MembershipModel",
    "NeighbourhoodModel",
    "NodeModel",
    "ProfileModel",
    "RecordModel",
    "TouchpointModel",
]


class HeldIdentifierModel(View):
    """An identifier and the records that hold it."""

    key: str = Field(description="Namespace and value.", examples=["email:jane.doe@mail.test"])
    namespace: str = Field(description="Kind of identifier.", examples=["email"])
    value: str = Field(description="Canonical value.", examples=["jane.doe@mail.test"])
    status: str = Field(
        description="active, blocked or quarantined; only active ones join records.", examples=["active"]
    )
    first_seen: str | None = Field(
        description="When it was first seen with one of the records.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    last_seen: str | None = Field(
        description="When it was last seen with one of the records.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    record_keys: list[str] = Field(description="The records that hold it.", examples=[["crm:42", "shop:7"]])


class CustomerModel(View):
    """A customer with golden values."""

    id: str = Field(description="Customer id; it keeps its meaning.", examples=["c-01hzx3"])
    status: str = Field(description="active or retired.", examples=["active"])
    record_count: int = Field(description="Records that resolve to it.", examples=[3])
    certainty: float | None = Field(
        description="Probability that all its records are one person, 0 to 1.", examples=[0.97]
    )
    created_at: str | None = Field(description="When the id was given out.", examples=["2026-03-01T09:30:00.000000Z"])
    updated_at: str | None = Field(description="When it last changed.", examples=["2026-03-01T09:30:00.000000Z"])
    attributes: dict[str, str] = Field(
        description="Golden value of each attribute.",
        examples=[{"given_name": "Jane", "family_name": "Doe", "birth_date": "1980-01-31"}],
    )
    provenance: dict[str, Any] = Field(
        description="Attribute to where its golden value came from and what it beat.",
        examples=[{"family_name": {"record_key": "crm:42", "rule": "most_frequent", "lost": [["Do", "shop:7"]]}}],
    )


class MemberRecordModel(View):
    """A record of a profile, in short."""

    key: str = Field(description="Record key, source:record_id.", examples=["crm:42"])
    source: str = Field(description="Where it came from.", examples=["crm"])
    observed_at: str | None = Field(
        description="When the source says it was true.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    since: str | None = Field(
        description="Since when it resolves to the customer.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    cause: str | None = Field(description="What brought it there.", examples=["run 3"])


class ProfileModel(View):
    """The person behind an id or identifier."""

    requested_id: str = Field(
        description="The customer id, or the key of the identifier, that was asked for.", examples=["c-01hzx3"]
    )
    redirected: bool = Field(
        description="The id asked for is retired, and this customer answers for it.", examples=[False]
    )
    customer: CustomerModel = Field(description="The customer.")
    records: list[MemberRecordModel] = Field(description="Its records, by key; at most 200.")
    identifiers: list[HeldIdentifierModel] = Field(description="Its identifiers, by key.")
    other_ids: list[str] = Field(
        description="Further customers that hold the identifier asked for, the closest first.", examples=[["c-01hzx9"]]
    )
    cut: bool = Field(description="There are more records or identifiers; the pages have all.", examples=[False])


class LookupRequest(Question):
    """An identifier to look a customer up by."""

    namespace: str = Field(description="Kind of identifier.", examples=["email"])
    value: str = Field(description="The identifier as people write it.", examples=["Jane.Doe@Mail.test "])


class MembershipModel(View):
    """The time in which a record resolved to a customer."""

    customer_id: str = Field(description="The customer.", examples=["c-01hzx3"])
    since: str | None = Field(description="From when.", examples=["2026-03-01T09:30:00.000000Z"])
    until: str | None = Field(description="Until when; null while it holds.", examples=[None])
    cause: str | None = Field(description="What brought it there.", examples=["run 3"])


class RecordModel(View):
    """One record as it is stored."""

    key: str = Field(description="Record key, source:record_id.", examples=["crm:42"])
    source: str = Field(description="Where it came from.", examples=["crm"])
    record_id: str = Field(description="Its id in the source.", examples=["42"])
    seq: int | None = Field(description="Order of arrival.", examples=[1042])
    observed_at: str | None = Field(
        description="When the source says it was true.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    deleted: bool = Field(description="The source no longer has it.", examples=[False])
    attributes: dict[str, str] = Field(
        description="Canonical attributes.", examples=[{"given_name": "Jane", "family_name": "Doe"}]
    )
    raw: Any = Field(description="The row as it came.", examples=[{"First": "JANE", "Last": "doe"}])
    since: str | None = Field(
        description="Since when it resolves to the customer asked for.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    cause: str | None = Field(description="What brought it to the customer asked for.", examples=["run 3"])
    identifiers: list[HeldIdentifierModel] = Field(description="Its identifiers; filled when one record is asked for.")
    memberships: list[MembershipModel] = Field(
        description="Every customer it resolved to, oldest first; filled when one record is asked for."
    )
    earlier_versions: list[dict[str, Any]] = Field(
        description="What the record said before, oldest first; filled when one record is asked for.",
        examples=[
            [
                {
                    "seq": 17,
                    "stored_at": "2026-02-01T09:30:00.000000Z",
                    "replaced_at": "2026-03-01T09:30:00.000000Z",
                    "observed_at": None,
                    "attributes": {"given_name": "J"},
                    "identifiers": ["email:jane.doe@mail.test"],
                    "raw": {"First": "J"},
                }
            ]
        ],
    )


class TouchpointModel(View):
    """One interaction."""

    key: str = Field(description="The sender's id of it.", examples=["order-1001"])
    source: str = Field(description="Where it came from.", examples=["shop"])
    type: str = Field(description="What happened.", examples=["order"])
    channel: str = Field(description="Where it happened.", examples=["web"])
    at: str | None = Field(
        description="When it happened; null when not known.", examples=["2026-03-01T09:30:00.000000Z"]
    )
    properties: Any = Field(description="What the sender said about it.", examples=[{"total": "59.90"}])
    record_key: str = Field(description="The record it was by.", examples=["shop:7"])


class LineageEntryModel(View):
    """One change of a customer."""

    id: str = Field(description="Id of the change.", examples=["3:c-01hzx3:merged"])
    seq: int = Field(description="Position in the change log.", examples=[512])
    kind: str = Field(description="created, updated, merged, split or retired.", examples=["merged"])
    customer_id: str = Field(description="The customer that changed.", examples=["c-01hzx3"])
    at: str | None = Field(description="When.", examples=["2026-03-01T09:30:00.000000Z"])
    run: int | None = Field(description="The resolve that did it.", examples=[3])
    cause: str | None = Field(description="Why.", examples=["run 3"])
    data: Any = Field(description="What exactly changed.", examples=[{"absorbed": ["c-01hzx9"]}])


class NodeModel(View):
    """A customer, record or identifier of a neighbourhood."""

    id: str = Field(description="Unique within the answer.", examples=["record:crm:42"])
    kind: str = Field(description="customer, record or identifier.", examples=["record"])
    key: str = Field(description="Its own id or key.", examples=["crm:42"])
    label: str = Field(description="What to write on it.", examples=["Jane Doe"])
    properties: dict[str, Any] = Field(
        description="Source of a record, status of an identifier.", examples=[{"source": "crm"}]
    )


class EdgeModel(View):
    """A relationship between two nodes of a neighbourhood."""

    source: str = Field(description="Node it starts at.", examples=["record:crm:42"])
    target: str = Field(description="Node it ends at.", examples=["customer:c-01hzx3"])
    kind: str = Field(description="RESOLVES_TO, HAS_IDENTIFIER or MATCHES.", examples=["RESOLVES_TO"])
    properties: dict[str, Any] = Field(
        description="Since when, or how strong.", examples=[{"since": "2026-03-01T09:30:00.000000Z"}]
    )


class NeighbourhoodModel(View):
    """What lies around a customer."""

    nodes: list[NodeModel] = Field(description="In the order they were met.")
    edges: list[EdgeModel] = Field(description="In the order they were met.")
    cut: bool = Field(description="There is more than the limit allowed.", examples=[False])
