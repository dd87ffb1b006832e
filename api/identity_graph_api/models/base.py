"""What response models share: they are read from the library's frozen views, and lists come as pages."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["PageModel", "View"]

T = TypeVar("T")


class View(BaseModel):
    """A response body that mirrors a view of the library."""

    model_config = ConfigDict(from_attributes=True)


class PageModel(View, Generic[T]):
    """Some items in order, and how to go on."""

    items: list[T] = Field(description="The items of this page, in order.")
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for the next page; null on the last one.", examples=["WyJjcm06NDIiXQ"]
    )
