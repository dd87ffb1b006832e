"""Bodies of the change feed."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from identity_graph_api.models.base import View

__all__ = ["CloudEventModel"]


class CloudEventModel(View):
    """One event of the change feed, as CloudEvents 1.0 has it."""

    specversion: str = Field(description="Version of CloudEvents.", examples=["1.0"])
    id: str = Field(description="With `source` the name of the event.", examples=["7.2:c-4f2a:merged"])
    source: str = Field(description="The graph it comes from.", examples=["urn:identity-graph:5b0e3bb6"])
    type: str = Field(description="What happened.", examples=["customer.merged"])
    subject: str = Field(description="The customer it happened to.", examples=["c-4f2a"])
    time: str | None = Field(description="When (ISO-8601 UTC).", examples=["2026-11-24T18:20:11.402913Z"])
    datacontenttype: str = Field(description="How `data` is written.", examples=["application/json"])
    cursor: str = Field(description="The place right after this event.", examples=["WzQyXQ"])
    data: dict[str, Any] = Field(
        description="What happened in detail; each type has its own fields (docs/feed.md).",
        examples=[{"survivor": "c-4f2a", "absorbed": [{"id": "c-9d11", "records": ["crm:7"]}]}],
    )
