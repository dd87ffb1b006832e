"""Stewards' decisions: `/v1/decisions`."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from identity_graph_api.models.review import DecisionListModel, DecisionModel, DecisionRequest, UndoRequest
from identity_graph_api.services import FactsDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])


@router.post("", status_code=201, summary="Decide on two records")
def decide(request: DecisionRequest, facts: FactsDependency) -> DecisionModel:
    """Store a verdict on two records; the next resolve keeps to it. Sent twice with one id it is stored once."""
    decision = facts.add_decision(
        request.verdict, request.left, request.right, request.author, request.reason, datetime.now(UTC),
        request.id or uuid.uuid4().hex,
    )  # fmt: skip
    return DecisionModel.model_validate(decision)


@router.post("/{decision_id}/undo", summary="Take a decision back")
def undo(
    decision_id: Annotated[str, Path(description="Id of the decision.", examples=["d-7f3a"])],
    request: UndoRequest,
    facts: FactsDependency,
) -> DecisionModel:
    """Take a decision back; it stays stored with who undid it, and the next resolve no longer keeps to it."""
    return DecisionModel.model_validate(
        facts.undo_decision(decision_id, request.author, request.reason, datetime.now(UTC))
    )


@router.get("", summary="Decisions, oldest first")
def decisions(
    facts: FactsDependency,
    in_force: Annotated[
        bool, Query(description="Only those that were not undone; false for all.", examples=[True])
    ] = True,
) -> DecisionListModel:
    """List what stewards decided; people make decisions one by one, so all come at once."""
    return DecisionListModel(items=[DecisionModel.model_validate(found) for found in facts.decisions(in_force)])
