"""Single records: `/v1/records`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from identity_graph_api.models.customers import RecordModel
from identity_graph_api.services import ReaderDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/records", tags=["records"])


@router.get("/{key:path}", summary="One record")
def record(
    key: Annotated[str, Path(description="Record key, source:record_id, URL-encoded.", examples=["crm:42"])],
    reader: ReaderDependency,
) -> RecordModel:
    """Show a record as it is stored, with its identifiers, earlier versions and every customer it resolved to."""
    return RecordModel.model_validate(reader.record(key))
