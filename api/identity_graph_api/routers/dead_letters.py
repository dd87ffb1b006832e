"""Events that could not be understood: `/v1/dead-letters`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from identity_graph.customers.paging import decode_cursor, encode_cursor
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.dead_letters import DeadLetterModel, ReplayedModel, ReplayRequest
from identity_graph_api.routers.parameters import Cursor, Limit
from identity_graph_api.services import ServicesDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/dead-letters", tags=["events"])


@router.get("", summary="Events that could not be understood")
def dead_letters(
    services: ServicesDependency,
    source: Annotated[str | None, Query(description="Only of this source.", examples=["site"])] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageModel[DeadLetterModel]:
    """List the events that were set aside, oldest first, with the reason."""
    after = int(decode_cursor(cursor, int)[0]) if cursor else 0
    found = services.journal.dead_letters(source, after, limit + 1)
    return PageModel(
        items=[DeadLetterModel.of(letter) for letter in found[:limit]],
        next_cursor=encode_cursor(found[limit - 1].number) if len(found) > limit else None,
    )


@router.post("/replay", summary="Let dead letters wait again")
def replay(request: ReplayRequest, services: ServicesDependency) -> ReplayedModel:
    """Turn dead letters into waiting events again: do it when the cause is gone. What fails again comes back."""
    return ReplayedModel(replayed=services.journal.replay(request.ids, request.source))
