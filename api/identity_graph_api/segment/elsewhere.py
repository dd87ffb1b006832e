"""Paths of a space that do not exist: the error of this face, which its clients can read, and no other body."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException

from identity_graph_api.keys import check_basic_key
from identity_graph_api.segment.errors import SegmentRoute

__all__ = ["router"]

router = APIRouter(
    prefix="/v1/spaces", route_class=SegmentRoute, dependencies=[Depends(check_basic_key)], include_in_schema=False
)


@router.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nowhere(path: str) -> None:
    """Refuse.

    Raises:
        HTTPException: always.
    """
    raise HTTPException(404, "There is no such path, or not with this method.")
