"""Why two are together or not: `/v1/why`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from identity_graph.explain import explain
from identity_graph_api.models.explain import ExplanationModel
from identity_graph_api.services import ServicesDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["explain"])


@router.get("/why", summary="Why two are one customer, or not")
def why(
    left: Annotated[str, Query(description="A record key or customer id.", examples=["crm:42"])],
    right: Annotated[
        str, Query(description="Another; the same customer id asks what holds it together.", examples=["shop:7"])
    ],
    services: ServicesDependency,
) -> ExplanationModel:
    """Explain by the strongest chain of links and its weakest step, or by what keeps the two apart."""
    return ExplanationModel.model_validate(explain(services.graph, left, right, services.rules))
