"""Matching models: `/v1/models`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from identity_graph.customers.store import CustomerStore
from identity_graph.modelling import describe_model, draw_chart, find_version, kept_models
from identity_graph_api.models.modelling import ModelListModel, ModelModel
from identity_graph_api.services import ServicesDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/models", tags=["models"])

Version = Annotated[str, Path(description="Version of a kept model.", examples=["311a806b66d8f1b2"])]


@router.get("", summary="Every kept model")
def models(services: ServicesDependency) -> ModelListModel:
    """List the matching models kept in the data folder; the one in use is marked."""
    store = CustomerStore(services.graph)
    run = store.last_run()
    kept = kept_models(services.settings, store.models(), "" if run is None else run.model_version)
    return ModelListModel.model_validate({"items": kept})


@router.get("/{version}", summary="One model")
def model(version: Version, services: ServicesDependency) -> ModelModel:
    """Tell what a model holds: roles, prior, comparisons with their levels in bits, sources."""
    return ModelModel.model_validate(describe_model(find_version(services.settings, version)))


@router.get(
    "/{version}/chart.svg",
    summary="The match weights of a model as a picture",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {"example": "<svg/>"}}}},
)
def chart(version: Version, services: ServicesDependency) -> Response:
    """Draw the match weights in bits, as static SVG."""
    return Response(draw_chart(describe_model(find_version(services.settings, version))), media_type="image/svg+xml")
