"""Profiles for applications: `/v1/profiles`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from identity_graph.customers.paging import Page, decode_cursor, encode_cursor
from identity_graph.profiles import (
    MOST_MEMBERS,
    Asked,
    Question,
    TouchpointFilter,
    touchpoints_of_records,
)
from identity_graph_api.conditional import CONDITIONAL_RESPONSES, conditional
from identity_graph_api.models.base import PageModel
from identity_graph_api.models.customers import TouchpointModel
from identity_graph_api.models.organisations import CustomerOrganisationModel
from identity_graph_api.models.profiles import (
    BatchAnswerModel,
    BatchItemModel,
    BatchRequest,
    DescriptionModel,
    ExternalIdModel,
    IdentifierModel,
    PersonModel,
    PlacementModel,
    TraitsModel,
)
from identity_graph_api.routers.parameters import Cursor, Limit, Moment
from identity_graph_api.services import ServicesDependency
from identity_graph_api.waiting import Waited

__all__ = ["router"]

_T = TypeVar("_T")

router = APIRouter(prefix="/v1/profiles", tags=["profiles"], dependencies=[Waited])


def _asked(
    namespace: Annotated[
        str, Path(description="Kind of identifier, or customer_id for a customer id.", examples=["email"])
    ],
    value: Annotated[
        str, Path(description="The identifier as people write it, URL-encoded.", examples=["jane.doe@mail.test"])
    ],
) -> Asked:
    return Asked(namespace, value)


def _question(
    as_of: Annotated[
        Moment | None,
        Query(
            description="The profile as the graph knew it then; UTC without a zone.", examples=["2026-03-01T00:00:00Z"]
        ),
    ] = None,
    min_certainty: Annotated[
        float, Query(ge=0, le=1, description="Only records at least so certain to belong to it.", examples=[0.9])
    ] = 0.0,
) -> Question:
    return Question(_utc(as_of), min_certainty)


def _filter(
    how: Annotated[Question, Depends(_question)],
    types: Annotated[
        list[str] | None, Query(alias="type", description="Only these types; repeat it.", examples=[["order"]])
    ] = None,
    exclude: Annotated[list[str] | None, Query(description="Not these types; repeat it.", examples=[["page"]])] = None,
    sources: Annotated[
        list[str] | None, Query(alias="source", description="Only of these sources; repeat it.", examples=[["shop"]])
    ] = None,
    channels: Annotated[
        list[str] | None, Query(alias="channel", description="Only on these channels; repeat it.", examples=[["web"]])
    ] = None,
    since: Annotated[
        Moment | None, Query(description="At or after this time.", examples=["2026-03-01T00:00:00Z"])
    ] = None,
    until: Annotated[
        Moment | None, Query(description="At or before this time.", examples=["2026-04-01T00:00:00Z"])
    ] = None,
    order: Annotated[
        Literal["asc", "desc"], Query(description="asc: oldest first; desc: newest first.", examples=["desc"])
    ] = "desc",
) -> TouchpointFilter:
    ends = [moment for moment in (_utc(until), how.as_of) if moment is not None]
    return TouchpointFilter(
        types or (), exclude or (), sources or (), channels or (), _utc(since), min(ends, default=None), order == "asc"
    )


def _utc(moment: datetime | None) -> datetime | None:
    """Take a time without a zone as UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _page(found: Sequence[_T], key: Callable[[_T], str], cursor: str | None, limit: int) -> Page[_T]:
    """Cut a page out of what is sorted by key."""
    after = str(decode_cursor(cursor, str)[0]) if cursor else ""
    rest = [one for one in found if key(one) > after]
    return Page(tuple(rest[:limit]), encode_cursor(key(rest[limit - 1])) if len(rest) > limit else None)


_AskedFor = Annotated[Asked, Depends(_asked)]
_How = Annotated[Question, Depends(_question)]


@router.post("/lookup", summary="Profile by identifier, the identifier in the body")
def look_up(request: IdentifierModel, how: _How, services: ServicesDependency) -> PersonModel:
    """Find the person behind an identifier; unlike the GET it leaves no identifier in logs of proxies."""
    return PersonModel.model_validate(services.profiles.profile(Asked(request.namespace, request.value), how))


@router.post("/batch", summary="Many profiles at once")
def batch(request: BatchRequest, how: _How, services: ServicesDependency) -> BatchAnswerModel:
    """Find the people behind up to 1,000 identifiers; answers come in order, each found, ambiguous or not found."""
    asked = [Asked(one.namespace, one.value) for one in request.identifiers]
    return BatchAnswerModel(items=[BatchItemModel.of(answer) for answer in services.profiles.profiles(asked, how)])


@router.post("/resolve", summary="Who somebody would be")
def resolve(request: DescriptionModel, services: ServicesDependency) -> PlacementModel:
    """Say which customer a description would join if it arrived as a record, and why; writes nothing."""
    asked = [Asked(one.namespace, one.value) for one in request.identifiers]
    return PlacementModel.model_validate(services.placer.place(asked, request.attributes, request.source))


@router.get(
    "/{namespace}/{value:path}/traits", summary="Traits of a person", response_model=TraitsModel,
    responses=CONDITIONAL_RESPONSES,
)  # fmt: skip
def traits(request: Request, asked: _AskedFor, how: _How, services: ServicesDependency) -> Response:
    """Read the traits alone, each with where it comes from and what it beat."""
    return conditional(request, TraitsModel.model_validate(services.profiles.profile(asked, how)))


@router.get(
    "/{namespace}/{value:path}/external_ids", summary="Identifiers of a person",
    response_model=PageModel[ExternalIdModel], responses=CONDITIONAL_RESPONSES,
)  # fmt: skip
def external_ids(
    request: Request, asked: _AskedFor, how: _How, services: ServicesDependency, cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:  # fmt: skip
    """List the person's identifiers by namespace and value, with when they were seen and by whom."""
    held = services.profiles.profile(asked, how, MOST_MEMBERS).external_ids
    page = _page(held, lambda one: one.key, cursor, limit)
    return conditional(request, PageModel[ExternalIdModel].model_validate(page))


@router.get(
    "/{namespace}/{value:path}/organisations", summary="Organisations of a person",
    response_model=PageModel[CustomerOrganisationModel], responses=CONDITIONAL_RESPONSES,
)  # fmt: skip
def organisations(
    request: Request, asked: _AskedFor, how: _How, services: ServicesDependency, cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:  # fmt: skip
    """List what the person's records are members of, by key, with since when and by which records."""
    found = services.profiles.profile(asked, how, MOST_MEMBERS).organisations
    page = _page(found, lambda one: one.organisation.key, cursor, limit)
    return conditional(request, PageModel[CustomerOrganisationModel].model_validate(page))


@router.get(
    "/{namespace}/{value:path}/touchpoints", summary="What a person did",
    response_model=PageModel[TouchpointModel], responses=CONDITIONAL_RESPONSES,
)  # fmt: skip
def touchpoints(
    request: Request,
    asked: _AskedFor,
    how: _How,
    wanted: Annotated[TouchpointFilter, Depends(_filter)],
    services: ServicesDependency,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List what the person did; what has no time counts as the oldest."""
    profile = services.profiles.profile(asked, how, MOST_MEMBERS)
    page = touchpoints_of_records(services.graph, profile.record_keys, wanted, cursor, limit)
    return conditional(request, PageModel[TouchpointModel].model_validate(page))


@router.get(
    "/{namespace}/{value:path}", summary="Profile by identifier", response_model=PersonModel,
    responses=CONDITIONAL_RESPONSES,
)  # fmt: skip
def profile(request: Request, asked: _AskedFor, how: _How, services: ServicesDependency) -> Response:
    """Find the person behind an identifier, or behind a customer id (namespace customer_id)."""
    return conditional(request, PersonModel.model_validate(services.profiles.profile(asked, how)))
