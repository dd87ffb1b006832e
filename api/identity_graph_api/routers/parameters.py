"""Parameters that many endpoints share, with their descriptions and examples."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from identity_graph.customers.paging import MAX_PAGE

__all__ = ["Cursor", "CustomerId", "Limit"]

CustomerId = Annotated[
    str, Path(description="A customer id; a retired one stands for its successor.", examples=["c-01hzx3"])
]
Cursor = Annotated[
    str | None,
    Query(description="next_cursor of the page before; absent for the first page.", examples=["WyJjcm06NDIiXQ"]),
]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Items per page.", examples=[50])]
