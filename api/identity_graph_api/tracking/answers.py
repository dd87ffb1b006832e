"""The answers that SDKs understand: exactly 200 with `success`, or a top-level `code` and `message`.

Plain values come in, answers ready to be sent go out. Never a redirect: SDKs take one for success. Browsers of any
origin may read them, because pages of any origin send events; the write key says whose they are.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import Send

__all__ = ["Answer", "accepted", "failed", "image", "preflight", "settings_answer"]

RETRY_SECONDS = 10
"""How long senders wait when the backlog is full; SDKs do not count such waits as failures."""

_IMAGE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_PREFLIGHT_SECONDS = "900"
_SUCCESS = b'{"success": true}'


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `headers` are those beside type and length."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    type: str = "application/json"

    async def send(self, send: Send) -> None:
        """Send it."""
        headers = [(b"content-type", self.type.encode()), (b"content-length", str(len(self.body)).encode())]
        headers += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def accepted(refused: Sequence[Mapping[str, Any]], origin: str) -> Answer:
    """Say that a request is on disk; which of its items were set aside stands beside it."""
    if not refused:
        return Answer(200, _SUCCESS, _cors(origin))
    return _json(200, {"success": True, "refused": list(refused)}, _cors(origin))


def failed(status: int, code: str, message: str, origin: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Say what is wrong with a request."""
    found = {**_cors(origin), **(headers or {})}
    if status in (429, 503):
        found |= {"Retry-After": str(RETRY_SECONDS), "X-RateLimit-Reset": str(RETRY_SECONDS)}
    return _json(status, {"success": False, "code": code, "message": message}, found)


def image(origin: str) -> Answer:
    """Return the transparent image of one pixel, which is what a mail or page shows whatever became of the event."""
    headers = {**_cors(origin), "Cache-Control": "no-store, max-age=0"}
    return Answer(200, _IMAGE, headers, "image/gif")


def preflight(origin: str, asked_headers: str, method: str) -> Answer:
    """Let a browser send."""
    headers = {
        **_cors(origin or "*"),
        "Access-Control-Allow-Methods": f"{method}, OPTIONS",
        "Access-Control-Allow-Headers": asked_headers or "*",
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }
    return Answer(200, b"", headers, "text/plain")


def settings_answer(write_key: str, host: str, plain: bool, origin: str) -> Answer:
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


def _json(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
    return Answer(status, json.dumps(body).encode(), headers)
