"""Which paths take events, and what each expects. The table is the documentation's too (docs/events.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ROUTES", "Shape", "TrackingRoute", "find_route"]


class Shape(StrEnum):
    """What a route takes."""

    ONE = "one message"
    BATCH = "a batch"
    PIXEL = "an image with the message in its address"
    SETTINGS = "a question for the settings"


@dataclass(frozen=True, slots=True)
class TrackingRoute:
    """One path.

    Attributes:
        method: the one method beside OPTIONS.
        path: the path, or its template; what the logs and metrics call it.
        shape: what it takes.
        type: what its messages are; None leaves it to each message.
    """

    method: str
    path: str
    shape: Shape
    type: str | None = None


_TYPES = ("identify", "track", "page", "screen", "group", "alias")
_SHORT = {"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias"}

ROUTES: tuple[TrackingRoute, ...] = (
    *(TrackingRoute("POST", f"/v1/{path}", Shape.BATCH) for path in ("batch", "b", "import")),
    *(TrackingRoute("POST", f"/v1/{type}", Shape.ONE, type) for type in (*_TYPES, "merge")),
    *(TrackingRoute("POST", f"/v1/{letter}", Shape.ONE, type) for letter, type in _SHORT.items()),
    *(TrackingRoute("GET", f"/v1/pixel/{type}", Shape.PIXEL, type) for type in _TYPES),
    *(TrackingRoute("GET", f"/pixel/v1/{type}", Shape.PIXEL, type) for type in ("track", "page")),
    TrackingRoute("POST", "/beacon/v1/batch", Shape.BATCH),
    TrackingRoute("GET", "/v1/projects/{write_key}/settings", Shape.SETTINGS),
    TrackingRoute("GET", "/projects/{write_key}/settings", Shape.SETTINGS),
)

_BY_PATH = {route.path: route for route in ROUTES if route.shape is not Shape.SETTINGS}
_SETTINGS = re.compile(r"(/v1)?/projects/([^/]+)/settings")


def find_route(path: str) -> tuple[TrackingRoute, str] | None:
    """Return the route of a path and the write key that the path names (empty without one); None for other paths."""
    path = path.rstrip("/")
    route = _BY_PATH.get(path)
    if route is not None:
        return route, ""
    found = _SETTINGS.fullmatch(path)
    if found is None:
        return None
    template = f"{found[1] or ''}/projects/{{write_key}}/settings"
    return next(one for one in ROUTES if one.path == template), found[2]
