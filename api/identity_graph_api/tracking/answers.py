"""The answers that SDKs understand: exactly 200 with `success`, or a top-level `code` and `message`.

Plain values come in, responses go out. Never a redirect: SDKs take one for success. Browsers of any origin may read
them, because pages of any origin send events; the write key says whose they are.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

__all__ = ["accepted", "failed", "image", "preflight", "settings_answer"]

RETRY_SECONDS = 10
"""How long senders wait when the backlog is full; SDKs do not count such waits as failures."""

_IMAGE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_PREFLIGHT_SECONDS = "900"


def accepted(refused: Sequence[Mapping[str, Any]], origin: str) -> Response:
    """Say that a request is on disk; which of its items were set aside stands beside it."""
    body: dict[str, Any] = {"success": True}
    if refused:
        body["refused"] = list(refused)
    return _json(200, body, _cors(origin))


def failed(status: int, code: str, message: str, origin: str, headers: Mapping[str, str] | None = None) -> Response:
    """Say what is wrong with a request."""
    found = {**_cors(origin), **(headers or {})}
    if status in (429, 503):
        found |= {"Retry-After": str(RETRY_SECONDS), "X-RateLimit-Reset": str(RETRY_SECONDS)}
    return _json(status, {"success": False, "code": code, "message": message}, found)


def image(origin: str) -> Response:
    """Return the transparent image of one pixel, which is what a mail or page shows whatever became of the event."""
    headers = {**_cors(origin), "Cache-Control": "no-store, max-age=0"}
    return Response(_IMAGE, 200, headers, "image/gif")


def preflight(origin: str, asked_headers: str, method: str) -> Response:
    """Let a browser send."""
    headers = {
        **_cors(origin or "*"),
        "Access-Control-Allow-Methods": f"{method}, OPTIONS",
        "Access-Control-Allow-Headers": asked_headers or "*",
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }
    return Response(b"", 200, headers)


def settings_answer(write_key: str, host: str, plain: bool, origin: str) -> Response:
    """Tell a browser or app SDK where to send: here, and nothing to anybody else, its own metrics included.

    Args:
        write_key: the key that asks.
        host: name of this service, with its port.
        plain: say that it is reached without TLS, which SDKs otherwise take for granted.
        origin: of the page; empty without one.
    """
    always = {"__default": {"enabled": True}}
    here = {"apiKey": write_key, "apiHost": f"{host}/v1"}
    body = {
        "integrations": {"Segment.io": {**here, "protocol": "http"} if plain else here},
        "plan": {"track": always, "identify": always, "group": always},
        "metrics": {"sampleRate": 0},
    }
    return _json(200, body, _cors(origin))


def _cors(origin: str) -> dict[str, str]:
    if not origin:
        return {}
    found = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    if origin != "*":
        found["Access-Control-Allow-Credentials"] = "true"
    return found


def _json(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(body).encode(), status, dict(headers), "application/json")
