"""The least that a service can do with a request: read it and answer 200. What accepting events is measured against."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

__all__ = ["app"]

_ANSWER = b'{"success": true}'


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer any request."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_ANSWER)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _ANSWER})
