"""The change feed: `/v1/changes`, in pages and as a stream.

The only endpoints beside those for events that are async: a client that waits must not hold a thread.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from identity_graph.feed import BATCH_MEDIA_TYPE, EVENT_TYPES, LONGEST_PAGE, NOW, CloudEvent, check_types, only
from identity_graph_api.errors import Problem
from identity_graph_api.models.changes import CloudEventModel
from identity_graph_api.services import Streams, StreamsDependency
from identity_graph_api.streaming import HEARTBEAT_SECONDS, EventStream, Message, Waking

__all__ = ["router"]

router = APIRouter(prefix="/v1/changes", tags=["change feed"])

LONGEST_POLL_SECONDS = 60.0
_AT_ONCE = 200

_GONE: dict[int | str, dict[str, Any]] = {
    410: {"model": Problem, "description": "The change feed no longer goes back to the cursor: begin anew."}
}

FeedCursor = Annotated[
    str | None,
    Query(description="Only what came after it: a `cursor` told before, or `now`.", examples=["WzQyXQ", NOW]),
]
Types = Annotated[
    list[str] | None,
    Query(alias="type", description=f"Only these types; repeat it: {', '.join(EVENT_TYPES.values())}.",
          examples=[["customer.merged"]]),
]  # fmt: skip


@router.get(
    "",
    summary="What happened to customers, oldest first",
    response_model=list[CloudEventModel],
    response_class=Response,
    responses=_GONE | {
        200: {
            "description": "A batch of CloudEvents; `Next-Cursor` and `Link` (rel=next) say where to continue.",
            "content": {BATCH_MEDIA_TYPE: {"schema": {
                "type": "array", "items": {"$ref": "#/components/schemas/CloudEventModel"},
            }}},
        }
    },
)  # fmt: skip
async def changes(
    request: Request,
    streams: StreamsDependency,
    cursor: FeedCursor = None,
    types: Types = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="Events at most.", examples=[100])] = 100,
    wait: Annotated[
        float,
        Query(ge=0, le=LONGEST_POLL_SECONDS, description="Seconds to wait when there is nothing yet.", examples=[30]),
    ] = 0,
) -> Response:
    """Read the change feed; without a cursor from its beginning. There is always a next cursor, also at the end."""
    wanted = types or []
    deadline = time.monotonic() + wait
    waking = Waking()
    with streams.changes.listen(waking) if wait else nullcontext():
        position = await run_in_threadpool(streams.feed.position, cursor)
        page = await run_in_threadpool(streams.feed.page, position, limit, wanted)
        while not page.events and not streams.stopping.begun and (left := deadline - time.monotonic()) > 0:
            # Woken at once when the server stops, so that it need not wait for us.
            if await streams.woken(waking, left):
                page = await run_in_threadpool(streams.feed.page, page.seq, limit, wanted)
    query = urlencode({"cursor": page.cursor, "limit": limit, **({"type": wanted} if wanted else {})}, doseq=True)
    headers = {"Next-Cursor": page.cursor, "Link": f'<{request.url.path}?{query}>; rel="next"'}
    return JSONResponse([event.as_json() for event in page.events], headers=headers, media_type=BATCH_MEDIA_TYPE)


@router.get(
    "/stream",
    summary="What happens to customers, as it happens",
    response_class=Response,
    responses=_GONE | {200: {
        "description": "Server-sent events: `id` is the cursor, `event` the type, `data` the CloudEvent.",
        "content": {"text/event-stream": {"example": 'id: WzQyXQ\nevent: customer.merged\ndata: {"specversion": ...}'}},
    }},
)  # fmt: skip
async def stream(
    streams: StreamsDependency,
    cursor: FeedCursor = None,
    types: Types = None,
    last_event_id: Annotated[
        str | None,
        Header(description="The last `id` seen; browsers send it when they come back.", examples=["WzQyXQ"]),
    ] = None,
) -> Response:
    """Follow the change feed; without a cursor from here on. `Last-Event-ID` counts more than `cursor`."""
    wanted = types or []
    check_types(wanted)
    position = await run_in_threadpool(streams.feed.position, last_event_id or cursor or NOW)
    return EventStream(lambda: _messages(streams, position, wanted), streams.stopping)


async def _messages(streams: Streams, position: int, types: list[str]) -> AsyncIterator[list[Message]]:
    waking, told = Waking(), time.monotonic()
    with streams.changes.listen(waking):
        while True:
            found = streams.changes.after(position)
            if found is None:
                page = await run_in_threadpool(streams.feed.page, position, _AT_ONCE)
                events, position = list(page.events), page.seq
            else:
                events = [event for _, event in found[:_AT_ONCE]]
                position = events[-1].seq if events else position
            wanted = only(events, types)
            # What is passed over tells the client nothing, so it is no sign of life.
            left = told + HEARTBEAT_SECONDS - time.monotonic()
            if wanted or left <= 0:
                yield [_message(event) for event in wanted]
                told = time.monotonic()
            elif not events:
                await waking.wait(left)


def _message(event: CloudEvent) -> Message:
    return Message(event.type, event.as_json(), event.cursor)
