"""Organisations and who belongs to them: `/v1/organisations`, and those of a customer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from identity_graph.customers.organisations import OrganisationReader
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.organisations import (
    CustomerOrganisationModel,
    OrganisationMemberModel,
    OrganisationModel,
)
from identity_graph_api.routers.parameters import Cursor, CustomerId, Limit
from identity_graph_api.services import GraphDependency

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["organisations"])

_Source = Annotated[str, Path(description="The source whose events name it.", examples=["site"])]
_GroupId = Annotated[str, Path(description="The source's id of it, URL-encoded.", examples=["acme"])]


@router.get("/organisations/{source}/{group_id:path}/members", summary="Customers that belong to an organisation")
def members(
    source: _Source, group_id: _GroupId, graph: GraphDependency, cursor: Cursor = None, limit: Limit = 50
) -> PageModel[OrganisationMemberModel]:
    """List the customers that belong to the organisation, by id."""
    found = OrganisationReader(graph).members(source, group_id, cursor, limit)
    return PageModel[OrganisationMemberModel].model_validate(found)


@router.get("/organisations/{source}/{group_id:path}", summary="An organisation")
def organisation(source: _Source, group_id: _GroupId, graph: GraphDependency) -> OrganisationModel:
    """Show what is known of a company, team or account that events name as a group."""
    return OrganisationModel.model_validate(OrganisationReader(graph).organisation(source, group_id))


@router.get("/customers/{customer_id}/organisations", summary="Organisations of a customer")
def of_customer(
    customer_id: CustomerId, graph: GraphDependency, cursor: Cursor = None, limit: Limit = 50
) -> PageModel[CustomerOrganisationModel]:
    """List the organisations that the customer belongs to, by key."""
    found = OrganisationReader(graph).of_customer(customer_id, cursor, limit)
    return PageModel[CustomerOrganisationModel].model_validate(found)
