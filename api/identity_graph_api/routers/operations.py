"""The service itself: alive, ready, metrics."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Response

from identity_graph.realtime import ask_standing
from identity_graph_api.models.operations import HealthModel, ReadyModel, ResolverModel
from identity_graph_api.services import ServicesDependency

__all__ = ["open_router", "router"]

open_router = APIRouter(tags=["operations"])
router = APIRouter(tags=["operations"])

_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


@open_router.get("/health", summary="The service is alive")
def health() -> HealthModel:
    """Answer without asking anybody; needs no key."""
    return HealthModel(status="ok", version=version("identity-graph"))


@open_router.get("/ready", summary="The graph engine answers")
def ready(services: ServicesDependency) -> ReadyModel:
    """Ask the engine for one number; 503 when it does not answer. Also says how far the resolver is. Needs no key."""
    services.graph.read("graph/ping")
    resolver = ResolverModel.of(ask_standing(services.settings.data_dir))
    return ReadyModel(status="ready", engine=services.graph.capabilities.name, resolver=resolver)


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "identity_graph_engine_up 1.0"}}}},
)
def metrics(services: ServicesDependency) -> Response:
    """Requests by route and status, their latency, the events, and the sizes of the graph (at most 30 seconds old)."""
    return Response(services.metrics.exposition(services.graph, services.journal), media_type=_EXPOSITION)
