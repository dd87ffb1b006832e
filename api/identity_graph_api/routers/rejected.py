"""What could not be read: `/v1/rejected`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from identity_graph.customers.paging import decode_cursor, encode_cursor
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.rejected import RejectedRowModel
from identity_graph_api.routers.parameters import Cursor, Limit
from identity_graph_api.services import FactsDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["rejected"])


@router.get("/rejected", summary="Rows and values that could not be read")
def rejected(
    facts: FactsDependency,
    source: Annotated[str | None, Query(description="Only of this source.", examples=["crm"])] = None,
    status: Annotated[
        Literal["open", "replayed", "all"], Query(description="Waiting, read after all, or both.", examples=["open"])
    ] = "open",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageModel[RejectedRowModel]:
    """List what could not be read, with file, line, column, value and reason."""
    after = str(decode_cursor(cursor, str)[0]) if cursor else None
    wanted = None if status == "all" else status
    found = facts.rejected(source, wanted, after, limit + 1)
    return PageModel(
        items=[RejectedRowModel.of(entry) for entry in found[:limit]],
        next_cursor=encode_cursor(found[limit - 1].key) if len(found) > limit else None,
    )
