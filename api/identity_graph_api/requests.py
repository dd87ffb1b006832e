"""Wraps every request: an id, one log line, the metrics, and an answer when something unexpected breaks.

Requests come in and pass on; the X-Request-Id header goes out with every response. Log lines name the route's
template, never the address itself, because addresses hold personal data.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
import time
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from identity_graph_api.errors import problem_response
from identity_graph_api.metrics import Metrics

__all__ = ["RequestMiddleware"]

_log = logging.getLogger("identity_graph_api")
_GOOD_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


_PROCESS = secrets.token_hex(10)
_numbers = itertools.count()
"""Ids that the service makes are unlike those of any other process, and cost nothing."""


class RequestMiddleware:
    """The outermost layer around the routes."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and look at what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = _request_id(scope)
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request_id.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001
            # The edge of the process: whatever broke, the caller gets the documented body and the log gets the place.
            # The message of the error stays out of the log, because it may quote personal data.
            _log.error("%s in request %s\n%s", type(error).__name__, request_id, _places(error))
            if status == 0:
                response = problem_response(
                    request_id, 500, "internal_error", "Something unexpected went wrong.",
                    next_step="Report it with the request_id; the log of the service has the place.",
                )  # fmt: skip
                await response(scope, receive, send_with_id)
        finally:
            self._finish(scope, status, time.perf_counter() - started)

    def _finish(self, scope: Scope, status: int, seconds: float) -> None:
        template = getattr(scope.get("route"), "path", "unmatched")
        self._metrics.count_request(scope["method"], template, status, seconds)
        # A line per event would cost as much as taking it; the metrics count them.
        level = logging.DEBUG if scope.get("frequent") and status == 200 else logging.INFO
        _log.log(
            level, "%s %s %d %.1f ms request %s", scope["method"], template, status, seconds * 1000, scope["request_id"]
        )  # fmt: skip


def _request_id(scope: Scope) -> str:
    """Take the caller's id when it is a plain word, so that logs of several services can be joined; else make one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GOOD_ID.fullmatch(value):
            return str(value.decode())
    return f"{_PROCESS}{next(_numbers):010x}"


def _places(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__))
