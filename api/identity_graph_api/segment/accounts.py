"""The accounts of Segment's Profile API over organisations: `/v1/spaces/{space}/collections/accounts/...`.

An account is asked for by `group_id:...`. Its id is that of one source; where several sources use the id, the first
that knows it by name answers.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from identity_graph.customers.organisations import OrganisationReader, OrganisationView
from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.profiles import CUSTOMER_ID, Asked
from identity_graph_api.keys import check_basic_key
from identity_graph_api.segment import shapes
from identity_graph_api.segment.errors import SegmentRoute
from identity_graph_api.segment.routes import asked_for, words
from identity_graph_api.services import Services, ServicesDependency

__all__ = ["router"]

router = APIRouter(
    prefix="/v1/spaces/{space}/collections/accounts/profiles/{external_id:path}",
    route_class=SegmentRoute,
    dependencies=[Depends(check_basic_key)],
    include_in_schema=False,
)


@router.get("/traits")
def traits(
    external_id: str,
    request: Request,
    services: ServicesDependency,
    include: str = "",
    verbose: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 10,
    following: Annotated[str, Query(alias="next")] = "",
) -> dict[str, Any]:
    """Read what is known of an account."""
    found = _account(services, external_id)
    wanted = words(include)
    rest = [name for name in sorted(found.traits) if name >= following and (not wanted or name in wanted)]
    shown = {
        name: {"value": found.traits[name], "source_id": found.source, "updated_at": found.trait_times.get(name)}
        if verbose
        else found.traits[name]
        for name in rest[:limit]
    }
    more = rest[limit] if len(rest) > limit else None
    return {"traits": shown, "cursor": shapes.page(str(request.url.path), limit, more)}


@router.get("/external_ids")
def external_ids(external_id: str, request: Request, services: ServicesDependency) -> dict[str, Any]:
    """List the identifiers of an account: its group id."""
    data = [shapes.account_id(_account(services, external_id))]
    return {"data": data, "cursor": shapes.page(str(request.url.path), 25, None)}


@router.get("/metadata")
def metadata(external_id: str, services: ServicesDependency) -> dict[str, Any]:
    """Say when an account was first named, and last changed or was named; messages are not kept by account."""
    found = _account(services, external_id)
    first, last = OrganisationReader(services.graph).seen(found.key)
    times = [*found.trait_times.values(), *(moment for moment in (first, last) if moment)]
    ends = dict.fromkeys(("expires_at", "first_message_id", "last_message_id"))
    sources = dict.fromkeys(("first_source_id", "last_source_id"), found.source)
    created, updated = min(times, default=None), max(times, default=None)
    return {"metadata": {"created_at": created, "updated_at": updated, **ends, **sources}}


@router.get("/events")
def events(external_id: str, services: ServicesDependency) -> dict[str, Any]:
    """Refuse: events are kept by user.

    Raises:
        InvalidSettingError: always, for an account that is there.
    """
    _account(services, external_id)
    raise InvalidSettingError(
        "Events are kept by user, not by account.", ids=["events"], next_step="Ask for those of its users: .../links."
    )


@router.get("/links")
def links(
    external_id: str, services: ServicesDependency, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, Any]:
    """List the users that belong to an account, each with all identifiers."""
    found = _account(services, external_id)
    members = OrganisationReader(services.graph).members(found.source, found.group_id, limit=limit)
    answers = services.profiles.profiles([Asked(CUSTOMER_ID, one.customer.id) for one in members.items])
    held = (answer.profile.external_ids for answer in answers if answer.profile is not None)
    return {"data": [shapes.link_to_user(ids) for ids in held]}


def _account(services: Services, external_id: str) -> OrganisationView:
    asked = asked_for(external_id)
    if asked.namespace != "group_id":
        raise InvalidSettingError("An account is asked for by group_id.", ids=[asked.namespace])
    reader = OrganisationReader(services.graph)
    for source in services.facts.sources():
        try:
            return reader.organisation(source.name, asked.value)
        except NotFoundError:
            continue
    raise NotFoundError(f"There is no account {asked.value!r}.", ids=[asked.value])
