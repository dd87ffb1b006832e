"""Bodies about what could not be read."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from identity_graph.facts.registry import StoredReject
from identity_graph_api.models.base import View

__all__ = ["RejectedRowModel"]


class RejectedRowModel(View):
    """A row or value that could not be read; it is kept and can be replayed."""

    key: str = Field(description="Key of the entry.", examples=["crm/people.csv/17/birth_date"])
    source: str = Field(description="Source name; empty when not known.", examples=["crm"])
    file: str = Field(description="The file as it was given.", examples=["people.csv"])
    line: int | None = Field(description="1-based line or row.", examples=[17])
    column: str | None = Field(
        description="The column; null when the whole row is unreadable.", examples=["birth_date"]
    )
    value: str | None = Field(description="The text that could not be read.", examples=["31.02.1980"])
    reason: str = Field(description="Stable reason code.", examples=["unreadable_date"])
    raw: Any = Field(description="The whole row as it came.", examples=[{"id": "42", "birth_date": "31.02.1980"}])
    kept_record: bool = Field(description="The row was loaded without this value.", examples=[True])
    status: str = Field(description="open or replayed.", examples=["open"])

    @classmethod
    def of(cls, stored: StoredReject) -> RejectedRowModel:
        """Read a stored reject."""
        found = stored.reject
        names = ("source", "file", "line", "column", "value", "reason", "kept_record")
        fields = {name: getattr(found, name) for name in names}
        return cls(key=stored.key, status=stored.status, raw=json.loads(found.raw), **fields)
