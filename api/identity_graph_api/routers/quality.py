"""What the last run is worth: `/v1/quality`."""

from __future__ import annotations

from fastapi import APIRouter

from identity_graph.customers.store import CustomerStore
from identity_graph_api.models.quality import QualityModel
from identity_graph_api.services import ServicesDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/quality", tags=["quality"])


@router.get("", summary="What the last run is worth")
def quality(services: ServicesDependency) -> QualityModel:
    """Tell precision and recall, estimated without labels, the clusters to look at first and what carried nothing."""
    return QualityModel.model_validate(CustomerStore(services.graph).last_quality())
