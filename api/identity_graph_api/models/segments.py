"""Bodies about segments."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from identity_graph_api.models.base import View

__all__ = ["SegmentCountModel", "SegmentListModel", "SegmentMemberModel", "SegmentModel", "SegmentParameterModel"]


class SegmentParameterModel(View):
    """A parameter of a segment."""

    name: str = Field(description="Name, as a query parameter.", examples=["namespace"])
    description: str = Field(description="What it means.", examples=["identifier namespace"])
    default: Any = Field(description="Used when none is given; tells the type too.", examples=["email"])


class SegmentModel(View):
    """A named pattern over customers."""

    name: str = Field(description="Name in paths.", examples=["households"])
    title: str = Field(description="Name for people.", examples=["Households"])
    purpose: str = Field(
        description="Who is in it.", examples=["active customers who share an active identifier with another customer"]
    )
    parameters: list[SegmentParameterModel] = Field(description="What can be set.")


class SegmentListModel(View):
    """Every segment."""

    items: list[SegmentModel] = Field(description="By name.")


class SegmentCountModel(View):
    """How many customers are in a segment."""

    name: str = Field(description="The segment.", examples=["households"])
    total: int = Field(description="Customers in it.", examples=[128])


class SegmentMemberModel(View):
    """A customer in a segment."""

    customer_id: str = Field(description="The customer.", examples=["c-01hzx3"])
    facts: dict[str, Any] = Field(
        description="What matched.", examples=[{"shared": ["jane.doe@mail.test"], "others": ["c-01hzx9"]}]
    )
