"""The paths of Segment's Profile API over profiles and organisations: `/v1/spaces/{space}/collections/...`.

There is one graph, so any name of a space is good. Bodies and errors are those of the other side, so these paths stand
in docs/profiles.md and not in the OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from identity_graph.customers.organisations import OrganisationReader
from identity_graph.customers.paging import decode_cursor, encode_cursor
from identity_graph.errors import InvalidSettingError
from identity_graph.profiles import (
    CUSTOMER_ID,
    MOST_MEMBERS,
    Asked,
    ProfileView,
    TouchpointFilter,
    touchpoints_of_records,
)
from identity_graph_api.keys import check_basic_key
from identity_graph_api.segment import shapes
from identity_graph_api.segment.errors import SegmentRoute
from identity_graph_api.services import Services, ServicesDependency

__all__ = ["asked_for", "router", "words"]

router = APIRouter(
    prefix="/v1/spaces/{space}/collections/users/profiles/{external_id:path}",
    route_class=SegmentRoute,
    dependencies=[Depends(check_basic_key)],
    include_in_schema=False,
)

_FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_OWN_NAMES = {"segment_id": CUSTOMER_ID}


class _Deletion(BaseModel):
    """The body of a request to delete identifiers."""

    delete_external_ids: list[dict[Literal["id", "type"], str]] = Field(min_length=1)


@router.get("/traits")
def traits(
    external_id: str,
    request: Request,
    services: ServicesDependency,
    include: str = "",
    of_class: Annotated[Literal["audience", "computed_trait"] | None, Query(alias="class")] = None,
    verbose: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 10,
    following: Annotated[str, Query(alias="next")] = "",
) -> dict[str, Any]:
    """Read traits by name; there are no audiences and computed traits yet, so those are none."""
    found = _profile(services, external_id).traits
    named = {} if of_class else shapes.chosen(found, words(include)) if include else found
    rest = [name for name in sorted(named) if name >= following]
    shown = {name: shapes.trait(named[name], verbose) for name in rest[:limit]}
    return {"traits": shown, "cursor": shapes.page(_url(request), limit, rest[limit] if len(rest) > limit else None)}


@router.get("/external_ids")
def external_ids(
    external_id: str,
    request: Request,
    services: ServicesDependency,
    include: str = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    following: Annotated[str, Query(alias="next")] = "",
) -> dict[str, Any]:
    """List the identifiers of a user, by type and value."""
    wanted = words(include)
    after = str(decode_cursor(following, str)[0]) if following else ""
    held = _profile(services, external_id, MOST_MEMBERS).external_ids
    rest = [one for one in held if one.key > after and (not wanted or one.namespace in wanted)]
    more = encode_cursor(rest[limit - 1].key) if len(rest) > limit else None
    data = [shapes.external_id(one) for one in rest[:limit]]
    return {"data": data, "cursor": shapes.page(_url(request), limit, more)}


def _wanted(
    include: str = "",
    exclude: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    sort: Literal["asc", "desc"] = "desc",
) -> TouchpointFilter:
    try:
        until = None if end is None else _utc(end) - timedelta(microseconds=1)
    except OverflowError as error:
        raise InvalidSettingError("There is nothing before the first day of the calendar.", ids=["end"]) from error
    since = None if start is None else _utc(start)
    return TouchpointFilter(words(include), words(exclude), since=since, until=until, oldest_first=sort == "asc")


@router.get("/events")
def events(
    external_id: str,
    request: Request,
    services: ServicesDependency,
    wanted: Annotated[TouchpointFilter, Depends(_wanted)],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    following: Annotated[str, Query(alias="next")] = "",
) -> dict[str, Any]:
    """List what a user did, all of it: there is no limit of two weeks."""
    profile = _profile(services, external_id, MOST_MEMBERS)
    page = touchpoints_of_records(services.graph, profile.record_keys, wanted, following or None, limit)
    keys = [point.key for point in page.items]
    observed: dict[str, list[tuple[str, str]]] = {}
    for row in services.graph.read("profiles/observed", keys=keys) if keys else ():
        observed.setdefault(row["key"], []).append((row["namespace"], row["value"]))
    data = [shapes.event(point, observed.get(point.key, ()), profile.id) for point in page.items]
    return {"data": data, "cursor": shapes.page(_url(request), limit, page.next_cursor)}


@router.get("/metadata")
def metadata(external_id: str, services: ServicesDependency) -> dict[str, Any]:
    """Say when a user came, changed, and was first and last heard of."""
    profile = _profile(services, external_id, MOST_MEMBERS)
    ends = {}
    for name, oldest_first in (("first", True), ("last", False)):
        wanted = TouchpointFilter(since=_FIRST_MOMENT, oldest_first=oldest_first)
        points = touchpoints_of_records(services.graph, profile.record_keys, wanted, limit=1).items
        ends[f"{name}_message_id"] = shapes.message_id(points[0]) if points else None
        ends[f"{name}_source_id"] = points[0].source if points else None
    return {
        "metadata": {"created_at": profile.created_at, "updated_at": profile.updated_at, "expires_at": None, **ends}
    }


@router.get("/links")
def links(
    external_id: str, services: ServicesDependency, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, Any]:
    """List the accounts that a user belongs to."""
    profile = _profile(services, external_id)
    found = OrganisationReader(services.graph).of_customer(profile.id, limit=limit)
    return {"data": [shapes.link_to_account(one) for one in found.items]}


@router.post("/external_ids/delete")
def delete_external_ids(external_id: str, deletion: _Deletion, services: ServicesDependency) -> dict[str, Any]:
    """Refuse: an identifier is a fact that a source sent, and facts are not deleted.

    Raises:
        InvalidSettingError: always, for a user that is there.
    """
    _profile(services, external_id)
    raise InvalidSettingError(
        "Identifiers are facts that sources sent, and are not deleted.",
        ids=[one.get("type", "") for one in deletion.delete_external_ids],
        next_step="Correct it at its source, or take records apart by a steward's decision: POST /v1/decisions.",
    )


def asked_for(external_id: str) -> Asked:
    """Read `type:value`.

    Raises:
        InvalidSettingError: there is no type.
    """
    namespace, colon, value = external_id.partition(":")
    if not colon or not namespace or not value:
        raise InvalidSettingError(
            "An external id is its type, a colon and its value.", next_step="Ask for example for email:a@b.c."
        )
    return Asked(_OWN_NAMES.get(namespace, namespace), value)


def words(text: str) -> Sequence[str]:
    """Read a list that is separated by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _profile(services: Services, external_id: str, most_records: int = 200) -> ProfileView:
    return services.profiles.profile(asked_for(external_id), None, most_records)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _url(request: Request) -> str:
    return str(request.url.path)
