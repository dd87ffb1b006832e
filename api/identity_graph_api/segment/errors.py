"""Errors as clients of Segment's Profile API expect them: nested under `error`, with a header `Request-Id`.

Routes of this face use `SegmentRoute`, which turns whatever fails inside into that body; all other routes keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from identity_graph.errors import (
    AuthenticationError,
    ConflictError,
    IdentityGraphError,
    InvalidSettingError,
    NotFoundError,
)
from identity_graph_api.errors import status_of

__all__ = ["SegmentRoute"]

_NOT_FOUND = "Profile was not found."


class SegmentRoute(APIRoute):
    """A route whose errors are nested and whose answers carry a Request-Id."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler of the framework."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except (IdentityGraphError, RequestValidationError, HTTPException) as error:
                response = _failed(error)
            response.headers["Request-Id"] = str(request.scope.get("request_id", ""))
            response.headers["Cache-Control"] = "private, no-cache"
            return response

        return answer


def _failed(error: Exception) -> JSONResponse:
    headers = {"Retry-After": "1"} if isinstance(error, IdentityGraphError) and error.retryable else {}
    if isinstance(error, NotFoundError | ConflictError):
        return _body(404, "not_found", _NOT_FOUND)
    if isinstance(error, AuthenticationError) or (isinstance(error, HTTPException) and error.status_code == 401):
        return _body(401, "authentication_error", str(getattr(error, "message", "The Access Token is not readable.")),
                     {"WWW-Authenticate": "Basic"})  # fmt: skip
    if isinstance(error, RequestValidationError):
        # Without the values, which may be personal.
        places = [".".join(str(part) for part in item["loc"] if isinstance(part, str)) for item in error.errors()]
        return _body(400, "validation_error", f"These parameters cannot be read: {', '.join(places)}.")
    if isinstance(error, InvalidSettingError):
        return _body(400, "invalid_request_error", str(error))
    if isinstance(error, IdentityGraphError):
        return _body(status_of(error), error.code, str(error), headers)
    assert isinstance(error, HTTPException)
    code = "not_found" if error.status_code == 404 else "invalid_request_error"
    return _body(error.status_code, code, str(error.detail))


def _body(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)
