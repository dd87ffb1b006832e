"""Bodies about organisations and who belongs to them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from identity_graph_api.models.base import View
from identity_graph_api.models.customers import CustomerModel

__all__ = ["CustomerOrganisationModel", "OrganisationMemberModel", "OrganisationModel"]


class OrganisationModel(View):
    """A company, team or account as its source knows it."""

    key: str = Field(description="Source and the source's id of it.", examples=["site:acme"])
    source: str = Field(description="The source whose events name it.", examples=["site"])
    group_id: str = Field(description="The source's id of it.", examples=["acme"])
    traits: dict[str, Any] = Field(
        description="What the source says of it.", examples=[{"name": "Acme", "employees": 320}]
    )


class _Seen(View):
    first_seen: str | None = Field(description="When that was first said.", examples=["2026-03-01T09:30:00.000000Z"])
    last_seen: str | None = Field(description="When it was last said.", examples=["2026-03-01T09:30:00.000000Z"])
    count: int = Field(description="Events that said so.", examples=[4])
    record_keys: list[str] = Field(description="The customer's records that belong to it.", examples=[["site:7"]])


class CustomerOrganisationModel(_Seen):
    """An organisation that a customer belongs to."""

    organisation: OrganisationModel = Field(description="The organisation.")


class OrganisationMemberModel(_Seen):
    """A customer that belongs to an organisation."""

    customer: CustomerModel = Field(description="The customer.")
