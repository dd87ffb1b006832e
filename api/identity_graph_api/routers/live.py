"""The live view: the page `/live` with its script and style, and the stream of frames it follows.

The page holds no data and needs no key, so that a person can open it; the stream needs one where keys are configured.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from identity_graph_api.services import Streams, StreamsDependency
from identity_graph_api.streaming import HEARTBEAT_SECONDS, EventStream, Message, Waking

__all__ = ["open_router", "router"]

open_router = APIRouter(prefix="/live", include_in_schema=False)
router = APIRouter(prefix="/v1/live", tags=["live view"])

_HISTORY = 50
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def _file(name: str, media_type: str) -> Response:
    return Response(files("identity_graph_api").joinpath("pages", name).read_bytes(), 200, _HEADERS, media_type)


@open_router.get("")
def page() -> Response:
    """Return the page."""
    return _file("live.html", "text/html")


@open_router.get("/live.js")
def script() -> Response:
    """Return its script."""
    return _file("live.js", "text/javascript")


@open_router.get("/live.css")
def style() -> Response:
    """Return its style."""
    return _file("live.css", "text/css")


@router.get(
    "/stream",
    summary="What happens to events and customers, as it happens",
    response_class=Response,
    responses={200: {
        "description": "Server-sent events named `frame`: events with whom they resolved to, changes, and the state.",
        "content": {"text/event-stream": {"example": 'event: frame\ndata: {"at": ..., "events": [], "changes": [], '
                                          '"state": {"waiting": 0, ...}, "passed_over": 0}'}},
    }},
)  # fmt: skip
async def stream(streams: StreamsDependency) -> Response:
    """Follow the live view: first the last fifty events and changes, then what is new, twice a second at most."""
    return EventStream(lambda: _messages(streams), streams.stopping)


async def _messages(streams: Streams) -> AsyncIterator[list[Message]]:
    waking = Waking()
    with streams.frames.listen(waking):
        while (number := streams.frames.newest) is None:
            if not await waking.wait(HEARTBEAT_SECONDS):
                yield []
        # Events of the next frames may be in it already: who reads knows them by their numbers.
        yield [Message("frame", (await run_in_threadpool(streams.look_back, _HISTORY)).as_json())]
        while True:
            found = streams.frames.after(number)
            if found is None:
                number = streams.frames.newest or number  # too far behind: on with what is new
            elif found:
                number = found[-1][0]
                yield [Message("frame", frame.as_json()) for _, frame in found]
            elif not await waking.wait(HEARTBEAT_SECONDS):
                yield []
