"""What the models of bodies share: answers are read from the library's frozen views, and lists come as pages.

Questions hold no text that no engine can store or look for.
"""

from __future__ import annotations

import re
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["PageModel", "Question", "View"]

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")


class Question(BaseModel):
    """A request body."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_half_characters(cls, found: Any) -> Any:
        """JSON can spell half of a character, such as "\\ud800", which no text in UTF-8 has."""
        if _holds_half_a_character(found):
            raise ValueError("a text holds half of a character (a lone surrogate)")
        return found


class View(BaseModel):
    """A response body that mirrors a view of the library."""

    model_config = ConfigDict(from_attributes=True)


class PageModel(View, Generic[T]):
    """Some items in order, and how to go on."""

    items: list[T] = Field(description="The items of this page, in order.")
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for the next page; null on the last one.", examples=["WyJjcm06NDIiXQ"]
    )


def _holds_half_a_character(found: Any) -> bool:
    if isinstance(found, str):
        return _SURROGATE.search(found) is not None
    if isinstance(found, dict):
        return any(_holds_half_a_character(name) or _holds_half_a_character(value) for name, value in found.items())
    return isinstance(found, list) and any(_holds_half_a_character(one) for one in found)
