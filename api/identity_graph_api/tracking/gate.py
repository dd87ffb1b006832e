"""The gate in front of the routes: requests that bring events end here, all others pass.

ASGI requests come in. An answer goes out only when the events are on disk. Whatever goes wrong has the body that SDKs
understand: what is wrong with the request is a 4xx, which they give up; what may pass is 429 or 503, which they retry.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any, Protocol
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from identity_graph.errors import JournalError, JournalFullError
from identity_graph.journal import GroupCommit, WriteKeys
from identity_graph_api.loopback import is_loopback
from identity_graph_api.tracking import answers
from identity_graph_api.tracking.answers import Answer
from identity_graph_api.tracking.bodies import BodyProblem, Disconnected, decode_json, message_of_query, read_body
from identity_graph_api.tracking.collector import Collector, basic_user
from identity_graph_api.tracking.routes import Shape, TrackingRoute, find_route

__all__ = ["Collecting", "TrackingGate"]

_log = logging.getLogger("identity_graph_api")


class Collecting(Protocol):
    """Where the gate finds what the running service has: set when the service starts."""

    commit: GroupCommit


class TrackingGate:
    """Answers the tracking routes.

    Args:
        app: what answers all other paths.
        keys: the write keys.
        event_bytes: largest message, in bytes.
        state: has the journal's `commit` while the service runs.
    """

    def __init__(self, app: ASGIApp, keys: WriteKeys, event_bytes: int, state: Collecting) -> None:
        self._app = app
        self._collector = Collector(keys, event_bytes)
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that brings events, or pass it on."""
        found = find_route(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        route, path_key = found
        scope["route"], scope["frequent"] = route, True
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin", "")
        try:
            answer = await self._answer(route, path_key, scope, headers, receive)
        except Disconnected:
            return
        except BodyProblem as problem:
            answer = answers.failed(problem.status, problem.code, problem.message, origin)
        except JournalError as error:
            answer = answers.failed(429 if isinstance(error, JournalFullError) else 503, error.code, str(error), origin)
        except Exception as error:  # noqa: BLE001 - whatever broke, the sender must keep its events and try again
            places = "".join(traceback.format_tb(error.__traceback__))
            _log.error("%s in request %s\n%s", type(error).__name__, scope.get("request_id", ""), places)
            answer = answers.failed(503, "internal_error", "Something unexpected went wrong; try again.", origin)
        if route.shape is Shape.PIXEL and scope["method"] == "GET":
            answer = answers.image(origin)
        await answer.send(send)

    async def _answer(
        self, route: TrackingRoute, path_key: str, scope: Scope, headers: dict[str, str], receive: Receive
    ) -> Answer:
        origin, method = headers.get("origin", ""), scope["method"]
        if method == "OPTIONS":
            return answers.preflight(origin, headers.get("access-control-request-headers", ""), route.method)
        if method != route.method:
            allowed = {"Allow": f"{route.method}, OPTIONS"}
            return answers.failed(405, "method_not_allowed", f"The path takes {route.method} only.", origin, allowed)
        if route.shape is Shape.SETTINGS:
            self._collector.key_of([path_key])
            host = _host(scope, headers)
            # A page may only be served without TLS on the visitor's own machine; behind a proxy it is there, unseen.
            return answers.settings_answer(
                path_key, host, scope["scheme"] == "http" and is_loopback(_name(host)), origin
            )
        query = scope["query_string"].decode("latin-1")
        body, query_key = await self._body(route, query, headers, receive)
        collected = self._collector.collect(route, body, basic_user(headers.get("authorization", "")), query_key)
        await self._state.commit.append(collected.submission)
        if collected.refused and route.shape is not Shape.BATCH:
            one = collected.refused[0]
            return answers.failed(400, one["code"], one["message"], origin)
        return answers.accepted(collected.refused, origin)

    async def _body(
        self, route: TrackingRoute, query: str, headers: dict[str, str], receive: Receive
    ) -> tuple[Any, str]:
        """Return the decoded body, or for an image the message of its address, and the key that the address names."""
        if route.shape is Shape.PIXEL:
            return message_of_query(query), ""
        body = await read_body(receive, headers.get("content-encoding", "").strip().lower())
        named = parse_qs(query).get("writeKey", [""]) if query else [""]
        return decode_json(body), named[0]


def _host(scope: Scope, headers: dict[str, str]) -> str:
    """Return the name by which the sender reached the service; SDKs add the scheme themselves."""
    server = scope.get("server") or ("localhost", None)
    return headers.get("host") or ":".join(str(part) for part in server if part is not None)


def _name(host: str) -> str:
    """Take the port off a host."""
    return host.rpartition(":")[0].strip("[]") if host.rpartition(":")[2].isdigit() else host
