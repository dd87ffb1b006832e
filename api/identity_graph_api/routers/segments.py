"""Named segments and their members: `/v1/segments`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from identity_graph.segments import count_members, find_segment, list_segments, page_members
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.segments import (
    SegmentCountModel,
    SegmentListModel,
    SegmentMemberModel,
    SegmentModel,
)
from identity_graph_api.routers.parameters import Cursor, Limit
from identity_graph_api.services import GraphDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/segments", tags=["segments"])

Name = Annotated[str, Path(description="Name of the segment.", examples=["households"])]


@router.get("", summary="Every segment")
def segments() -> SegmentListModel:
    """List the segments there are, with their parameters and defaults."""
    return SegmentListModel(items=[SegmentModel.model_validate(segment) for segment in list_segments()])


@router.get("/{name}", summary="One segment")
def segment(name: Name) -> SegmentModel:
    """Describe a segment."""
    return SegmentModel.model_validate(find_segment(name))


@router.get("/{name}/count", summary="How many customers are in a segment")
def count(name: Name, request: Request, graph: GraphDependency) -> SegmentCountModel:
    """Count the customers in a segment; its own parameters are query parameters."""
    return SegmentCountModel(name=name, total=count_members(graph, name, dict(request.query_params)))


@router.get("/{name}/members", summary="Who is in a segment")
def members(
    name: Name, request: Request, graph: GraphDependency, cursor: Cursor = None, limit: Limit = 50
) -> PageModel[SegmentMemberModel]:
    """List the customers in a segment, by id, with the facts that matched; its own parameters are query parameters."""
    given = {key: value for key, value in request.query_params.items() if key not in ("cursor", "limit")}
    return PageModel[SegmentMemberModel].model_validate(page_members(graph, name, given, cursor, limit))
