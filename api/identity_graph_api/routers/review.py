"""Pairs that a steward should look at: `/v1/review`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from identity_graph.review import Band, Placement, current_band, suggested_pairs, uncertain_pairs
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.review import ReviewPairModel, SuggestedPairModel
from identity_graph_api.routers.parameters import Cursor
from identity_graph_api.services import GraphDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["review"])


@router.get("/review", summary="Uncertain pairs, most uncertain first")
def review(
    graph: GraphDependency,
    low: Annotated[
        float | None,
        Query(
            ge=-1000, le=1000, description="Smallest match weight in bits; default near the threshold.", examples=[-5.0]
        ),
    ] = None,
    high: Annotated[
        float | None,
        Query(
            ge=-1000, le=1000, description="Largest match weight in bits; default near the threshold.", examples=[5.0]
        ),
    ] = None,
    placement: Annotated[
        Placement, Query(description="Pairs in one customer now, in two, or any.", examples=["apart"])
    ] = Placement.ANY,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Items per page.", examples=[20])] = 20,
) -> PageModel[ReviewPairModel]:
    """List scored pairs nobody decided on, those nearest to the threshold first."""
    band = _band(current_band(graph), low, high)
    return PageModel[ReviewPairModel].model_validate(uncertain_pairs(graph, band, placement, cursor, limit))


@router.get("/review/suggestions", summary="Customers that only public keys would join")
def suggested(
    graph: GraphDependency,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Items per page.", examples=[20])] = 20,
) -> PageModel[SuggestedPairModel]:
    """List pairs of known customers that only public records would join, the surest first; decide on their records."""
    return PageModel[SuggestedPairModel].model_validate(suggested_pairs(graph, cursor, limit))


def _band(near: Band, low: float | None, high: float | None) -> Band:
    """Narrow or widen the default band; the most uncertain weight stays inside it."""
    lowest = near.low if low is None else low
    highest = near.high if high is None else high
    return Band(lowest, highest, min(max(near.centre, lowest), highest))
