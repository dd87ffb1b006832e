"""Turns every failure into one error body: application/problem+json (RFC 9457) with code, ids and next step.

Exceptions come in, responses go out. `STATUS` is the only table from errors of the library to HTTP; errors of the
framework (no such path, wrong method, unreadable request) get the same body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from identity_graph.errors import (
    AuthenticationError,
    ChangesGoneError,
    ConflictError,
    EngineBusyError,
    EngineConflictError,
    EngineError,
    EngineMessageTooLongError,
    EngineStorageError,
    EngineUnavailableError,
    IdentityGraphError,
    InvalidMappingError,
    InvalidSettingError,
    JournalError,
    JournalFullError,
    JournalStorageError,
    ModelError,
    NotAppliedError,
    NotFoundError,
    ResolverLoadingError,
    SourceError,
    SourceNotFoundError,
)

__all__ = ["MEDIA_TYPE", "PROBLEM_RESPONSES", "STATUS", "Problem", "install_error_handlers", "problem_response",
           "status_of"]  # fmt: skip

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[IdentityGraphError], int] = {
    InvalidSettingError: 422,
    SourceError: 422,
    SourceNotFoundError: 404,
    InvalidMappingError: 422,
    NotFoundError: 404,
    ChangesGoneError: 410,
    ConflictError: 409,
    ModelError: 409,
    AuthenticationError: 401,
    NotAppliedError: 503,
    ResolverLoadingError: 503,
    JournalError: 500,
    JournalFullError: 429,
    JournalStorageError: 503,
    EngineError: 500,
    EngineUnavailableError: 503,
    EngineConflictError: 503,
    EngineBusyError: 503,
    EngineMessageTooLongError: 413,
    EngineStorageError: 507,
    IdentityGraphError: 500,
}
"""HTTP status of each error; a class that is not listed has that of its nearest parent."""

_RETRY_SECONDS = 1
_FRAMEWORK_CODES = {404: "no_such_path", 405: "method_not_allowed", 413: "too_large"}
_USUAL_STEPS = {
    "not_found": "Check the id or key.",
    "conflict": "Read what is stored, and decide again.",
    "engine_unavailable": "Try again in a moment.",
    "engine_conflict": "Try again in a moment.",
}
_REPORT = "Report it with the request_id; the log of the service has the place."
_FRAMEWORK_STEPS = {
    404: "See /docs for the paths there are.",
    405: "Use a method named in the Allow header.",
}


class Problem(BaseModel):
    """The body of every error."""

    type: str = Field(
        description="Names the kind of problem; the same as code.", examples=["urn:identity-graph:error:not_found"]
    )
    title: str = Field(description="The HTTP status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What happened, and to what.", examples=["There is no customer 'c42'."])
    code: str = Field(description="Stable code to act on.", examples=["not_found"])
    ids: list[str] = Field(
        description="The customers, records, identifiers or parameters concerned.", examples=[["c42"]]
    )
    next_step: str = Field(
        description="What can be done about it; empty when nothing can.",
        examples=["Look it up by an identifier, or search by attributes."],
    )
    request_id: str = Field(
        description="The same as the X-Request-Id header; quote it when reporting.",
        examples=["5b0e3bb6f2a94c0f9d2f3c1d7a1e8f40"],
    )


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No API key, or one that is not known."},
    404: {"model": Problem, "description": "The thing asked for is not stored."},
    409: {"model": Problem, "description": "The request contradicts what is stored."},
    422: {"model": Problem, "description": "The request cannot be understood."},
    503: {"model": Problem, "description": "The graph engine does not answer; try again."},
}
"""The errors that any endpoint may answer with, for the documentation."""


def status_of(error: IdentityGraphError) -> int:
    """Return the HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem_response(
    request_id: str,
    status: int,
    code: str,
    detail: str,
    ids: Sequence[str] = (),
    next_step: str = "",
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Make the response of one error."""
    body = Problem(
        type=f"urn:identity-graph:error:{code}", title=HTTPStatus(status).phrase, status=status, detail=detail,
        code=code, ids=list(ids), next_step=next_step, request_id=request_id,
    )  # fmt: skip
    return JSONResponse(body.model_dump(), status, dict(headers or {}), MEDIA_TYPE)


def install_error_handlers(app: FastAPI) -> None:
    """Let the application answer every error with the one body; RequestMiddleware answers what nobody expected."""
    app.add_exception_handler(IdentityGraphError, _library_error)
    app.add_exception_handler(RequestValidationError, _unreadable_request)
    app.add_exception_handler(HTTPException, _framework_error)
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        """Describe the API, errors with their own media type, which the framework takes for plain JSON."""
        if app.openapi_schema is None:
            for path in describe()["paths"].values():
                for operation in path.values():
                    for status, response in operation["responses"].items():
                        if int(status) >= 400:
                            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        return describe()

    app.openapi = openapi  # type: ignore[method-assign]


def _library_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, IdentityGraphError)
    headers = {}
    if isinstance(error, AuthenticationError):
        headers["WWW-Authenticate"] = "Bearer"
    if error.retryable:
        headers["Retry-After"] = str(_RETRY_SECONDS)
    next_step = error.next_step or _USUAL_STEPS.get(error.code, _REPORT)
    return problem_response(
        _request_id(request), status_of(error), error.code, error.message, error.ids, next_step, headers
    )


def _unreadable_request(request: Request, error: Exception) -> JSONResponse:
    """Name the fields that cannot be read; their values are left out, because they may be personal."""
    assert isinstance(error, RequestValidationError)
    problems = [(_place(item["loc"]), str(item["msg"])) for item in error.errors()]
    detail = "; ".join(f"{place}: {message}" for place, message in problems[:5])
    return problem_response(
        _request_id(request), 422, "invalid_request", f"The request cannot be understood: {detail}.",
        [place for place, _ in problems], "See /docs for the parameters and their ranges.",
    )  # fmt: skip


def _framework_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    if status == 400:
        # A body that is no UTF-8, or nested too deep, is to the caller what a body that is no JSON is.
        return problem_response(
            _request_id(request), 422, "invalid_request", "The request cannot be understood: its body is no JSON.",
            next_step="See /docs for the parameters and their ranges.",
        )  # fmt: skip
    detail = {
        404: "There is nothing at this path.",
        405: f"The path does not take {request.method}.",
    }.get(status, str(error.detail))
    return problem_response(
        _request_id(request), status, _FRAMEWORK_CODES.get(status, f"http_{status}"), detail,
        next_step=_FRAMEWORK_STEPS.get(status, "See /docs."), headers=error.headers,
    )  # fmt: skip


def _place(location: Sequence[Any]) -> str:
    """Name a place of the request; a character position in a broken body is not one."""
    return ".".join(str(part) for part in location if isinstance(part, str)) or "request"


def _request_id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))
