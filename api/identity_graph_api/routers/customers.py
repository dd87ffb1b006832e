"""Profiles of customers and their parts: `/v1/customers`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from identity_graph.customers.neighbourhood import DEEPEST, read_neighbourhood
from identity_graph.customers.paging import MAX_PAGE
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.customers import (
    HeldIdentifierModel,
    LineageEntryModel,
    LookupRequest,
    NeighbourhoodModel,
    ProfileModel,
    RecordModel,
    TouchpointModel,
)
from identity_graph_api.routers.parameters import Cursor, CustomerId, Limit
from identity_graph_api.services import GraphDependency, ReaderDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1/customers", tags=["customers"])


@router.post("/lookup", summary="Profile by identifier, the identifier in the body")
def look_up(request: LookupRequest, reader: ReaderDependency) -> ProfileModel:
    """Find the customer behind an identifier; unlike the GET it leaves no identifier in logs of proxies."""
    return ProfileModel.model_validate(reader.profile_by_identifier(request.namespace, request.value))


@router.get("/by/{namespace}/{value:path}", summary="Profile by identifier")
def by_identifier(
    namespace: Annotated[str, Path(description="Kind of identifier.", examples=["email"])],
    value: Annotated[
        str, Path(description="The identifier as people write it, URL-encoded.", examples=["jane.doe@mail.test"])
    ],
    reader: ReaderDependency,
) -> ProfileModel:
    """Find the customer behind an identifier."""
    return ProfileModel.model_validate(reader.profile_by_identifier(namespace, value))


@router.get("/{customer_id}", summary="Profile by id")
def profile(customer_id: CustomerId, reader: ReaderDependency) -> ProfileModel:
    """Find the customer an id stands for now."""
    return ProfileModel.model_validate(reader.profile(customer_id))


@router.get("/{customer_id}/records", summary="Records of a customer")
def records(
    customer_id: CustomerId, reader: ReaderDependency, cursor: Cursor = None, limit: Limit = 50
) -> PageModel[RecordModel]:
    """List the records that resolve to the customer, by key."""
    return PageModel[RecordModel].model_validate(reader.records(customer_id, cursor, limit))


@router.get("/{customer_id}/identifiers", summary="Identifiers of a customer")
def identifiers(
    customer_id: CustomerId, reader: ReaderDependency, cursor: Cursor = None, limit: Limit = 50
) -> PageModel[HeldIdentifierModel]:
    """List the customer's identifiers, by key."""
    return PageModel[HeldIdentifierModel].model_validate(reader.identifiers(customer_id, cursor, limit))


@router.get("/{customer_id}/touchpoints", summary="Touchpoints of a customer, newest first")
def touchpoints(
    customer_id: CustomerId,
    reader: ReaderDependency,
    types: Annotated[
        list[str] | None, Query(alias="type", description="Only these types; repeat it.", examples=[["order", "call"]])
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PageModel[TouchpointModel]:
    """List what the customer did, newest first; what has no time comes last."""
    return PageModel[TouchpointModel].model_validate(reader.touchpoints(customer_id, types or (), cursor, limit))


@router.get("/{customer_id}/lineage", summary="What happened to a customer")
def lineage(
    customer_id: CustomerId, reader: ReaderDependency, cursor: Cursor = None, limit: Limit = 50
) -> PageModel[LineageEntryModel]:
    """List what happened to the id, and to those that stand for it now, oldest first."""
    return PageModel[LineageEntryModel].model_validate(reader.lineage(customer_id, cursor, limit))


@router.get("/{customer_id}/graph", summary="What lies around a customer")
def graph(
    customer_id: CustomerId,
    reader: ReaderDependency,
    graph: GraphDependency,
    depth: Annotated[
        int,
        Query(ge=1, le=DEEPEST, description="1: records; 2: and identifiers; 3: and who shares them.", examples=[2]),
    ] = 2,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Nodes at most.", examples=[200])] = 200,
) -> NeighbourhoodModel:
    """Draw what lies around the customer; blocked and quarantined identifiers are shown but never followed."""
    found = read_neighbourhood(graph, reader.current_id(customer_id), depth, limit)
    return NeighbourhoodModel.model_validate(found)
