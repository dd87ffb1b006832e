"""Search by attributes: `/v1/customers/search`."""

from __future__ import annotations

from fastapi import APIRouter

from identity_graph.search import search_customers
from identity_graph_api.models.search import SearchAnswerModel, SearchRequest
from identity_graph_api.services import ServicesDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/customers", tags=["customers"])


@router.post("/search", summary="Customers by what is known of them")
def search(request: SearchRequest, services: ServicesDependency) -> SearchAnswerModel:
    """Find customers by name, birth date, address or identifiers, with typing errors forgiven, best first."""
    answer = search_customers(
        services.graph, request.attributes, request.limit, request.minimum_score, services.settings.default_region
    )
    return SearchAnswerModel.model_validate(answer)
