"""Parameters that many endpoints share, with their descriptions and examples."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BeforeValidator

from identity_graph.customers.paging import MAX_PAGE

__all__ = ["Cursor", "CustomerId", "Limit", "Moment"]

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")


def _as_written(moment: object) -> object:
    """Refuse a bare number: it would be read as seconds since 1970, and a year is meant."""
    if isinstance(moment, str) and _NUMBER.fullmatch(moment):
        raise ValueError("write a time like 2026-03-01T00:00:00Z, or a day like 2026-03-01")
    return moment


CustomerId = Annotated[
    str, Path(description="A customer id; a retired one stands for its successor.", examples=["c-01hzx3"])
]
Cursor = Annotated[
    str | None,
    Query(description="next_cursor of the page before; absent for the first page.", examples=["WyJjcm06NDIiXQ"]),
]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Items per page.", examples=[50])]
Moment = Annotated[datetime, BeforeValidator(_as_written)]
